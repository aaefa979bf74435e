// What time it is in a simulated city. By day it is the real time. At night its day begins at 08:00,
// or the visitor would find everything closed; when it lives faster than reality, at 07:00, when the
// service opens. A second start never goes back behind what the first one showed.
import { Temporal } from 'temporal-polyfill';
import { CITY_ZONE, cityTime } from '../platform/city-time.js';
import type { ClockSetting } from '../platform/clock.js';

const OPENS = '07:00';
/** Half an hour before closing there is nothing left to see. */
const WORTH_VISITING_UNTIL = '22:30';
/** A visitor at night comes to a city that is awake; a day lived faster is a whole one. */
const DAY_BEGINS = { slow: Temporal.PlainTime.from('08:00'), fast: Temporal.PlainTime.from(OPENS) };

export interface ChosenClock extends ClockSetting {
  /** `real`: the city shows what every clock in Paris shows. */
  readonly kind: 'real' | 'own_day';
}

/** `shown` is the latest instant an earlier start of the same city can have shown. */
export function chooseClock(facts: { now: Date; speed: number; shown: Date | null }): ChosenClock {
  const { now, speed, shown } = facts;
  const goesBack = shown !== null && shown > now;
  if (speed === 1 && !goesBack && isWorthVisiting(now)) return { from: now, since: now, speed, kind: 'real' };
  const begins = speed === 1 ? DAY_BEGINS.slow : DAY_BEGINS.fast;
  return { from: morning(now, shown, begins), since: now, speed, kind: 'own_day' };
}

/** The morning of today; where that has passed in this city, its clock goes on from there or from its next morning. */
function morning(now: Date, shown: Date | null, begins: Temporal.PlainTime): Date {
  const today = morningOf(now, 0, begins);
  if (shown === null || shown <= today) return today;
  if (isWorthVisiting(shown)) return shown;
  const sameDay = morningOf(shown, 0, begins);
  return sameDay > shown ? sameDay : morningOf(shown, 1, begins);
}

function isWorthVisiting(at: Date): boolean {
  const time = cityTime(at);
  return time >= OPENS && time < WORTH_VISITING_UNTIL;
}

function morningOf(at: Date, daysLater: number, plainTime: Temporal.PlainTime): Date {
  const day = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(CITY_ZONE)
    .toPlainDate()
    .add({ days: daysLater });
  return new Date(day.toZonedDateTime({ timeZone: CITY_ZONE, plainTime }).epochMilliseconds);
}
