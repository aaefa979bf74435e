// What time it is in a simulated city. By day it is the real time; at night, or when the city lives
// faster than reality, its day begins at 08:00, or the visitor would find everything closed. A second
// start never goes back behind what the first one showed.
import { Temporal } from 'temporal-polyfill';
import { CITY_ZONE, cityTime } from '../platform/city-time.js';
import type { ClockSetting } from '../platform/clock.js';

const OPENS = '07:00';
/** Half an hour before closing there is nothing left to see. */
const WORTH_VISITING_UNTIL = '22:30';
const DAY_BEGINS = Temporal.PlainTime.from('08:00');

export interface ChosenClock extends ClockSetting {
  /** `real`: the city shows what every clock in Paris shows. */
  readonly kind: 'real' | 'own_day';
}

/** `shown` is the latest instant an earlier start of the same city can have shown. */
export function chooseClock(facts: { now: Date; speed: number; shown: Date | null }): ChosenClock {
  const { now, speed, shown } = facts;
  const goesBack = shown !== null && shown > now;
  if (speed === 1 && !goesBack && isWorthVisiting(now)) return { from: now, since: now, speed, kind: 'real' };
  return { from: morning(now, shown), since: now, speed, kind: 'own_day' };
}

/** 08:00 today; where that has passed in this city, its clock goes on from there or from its next morning. */
function morning(now: Date, shown: Date | null): Date {
  const today = eightOn(now, 0);
  if (shown === null || shown <= today) return today;
  if (isWorthVisiting(shown)) return shown;
  const sameDay = eightOn(shown, 0);
  return sameDay > shown ? sameDay : eightOn(shown, 1);
}

function isWorthVisiting(at: Date): boolean {
  const time = cityTime(at);
  return time >= OPENS && time < WORTH_VISITING_UNTIL;
}

function eightOn(at: Date, daysLater: number): Date {
  const day = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(CITY_ZONE)
    .toPlainDate()
    .add({ days: daysLater });
  return new Date(day.toZonedDateTime({ timeZone: CITY_ZONE, plainTime: DAY_BEGINS }).epochMilliseconds);
}
