// What a unit's own wall clock shows, held against ours. No order and no bill ever rests on it (ages are counted by a
// timer nobody can set), but a unit whose clock is wrong takes our commands for old or early and obeys nobody.
import type { Watcher } from './watchers.js';

/** In this order the first that fits is said: what is wrong tells what to mend. */
export type ClockError =
  | 'right'
  /** Never set since its power came: the beginning of Unix time. */
  | 'epoch_1970'
  /** Seconds in 31 or 32 bits have run over, or stand at their end. */
  | 'epoch_2038' | 'epoch_2106'
  /** The receiver counts weeks modulo 1024, 19.6 years. */
  | 'gps_rollover'
  /** A calendar that is set wrong. */
  | 'years'
  /** A time zone or summer time. */
  | 'hours'
  | 'off';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** City time. Promise T3: within a minute is right. */
export const CLOCK_TOLERANCE_SECONDS = 60;
/** Who was wrong is right again only this close, so that one on the brink does not chatter. */
const RIGHT_AGAIN_SECONDS = 30;
/** No clock of a scooter was set before GPS time began. */
const GPS_BEGINS = Date.UTC(1980, 0, 6);
const ROLLOVER = 1024 * 7 * DAY;
const YEAR = 365.2425 * DAY;
/** An epoch that began to run again some while ago still is that epoch. */
const AFTER_AN_EPOCH = 400 * DAY;

const isNear = (value: number, to: number, within: number): boolean => Math.abs(value - to) <= within;
/** Near to a whole number of these, and not to none. */
const isMultiple = (value: number, of: number, within: number): boolean =>
  Math.round(value / of) >= 1 && isNear(value, Math.round(value / of) * of, within);

export function clockError(shownMs: number, skewMs: number, toleranceMs = CLOCK_TOLERANCE_SECONDS * SECOND): ClockError {
  const by = Math.abs(skewMs);
  if (by <= toleranceMs) return 'right';
  if (shownMs < GPS_BEGINS) return 'epoch_1970';
  if (isNear(shownMs, 2 ** 31 * SECOND, AFTER_AN_EPOCH)) return 'epoch_2038';
  if (isNear(shownMs, 2 ** 32 * SECOND, AFTER_AN_EPOCH)) return 'epoch_2106';
  if (isMultiple(by, ROLLOVER, 2 * DAY)) return 'gps_rollover';
  if (isMultiple(by, YEAR, 1.5 * DAY)) return 'years';
  if (by <= 26 * HOUR && isMultiple(by, HOUR, 90 * SECOND)) return 'hours';
  return 'off';
}

/** By how much the clock ran ahead when the message came; the age counted since it was read is added. */
export const skewOf = (clockMs: number, ageMs: number, receivedAt: Date): number => clockMs + ageMs - receivedAt.getTime();

export const watchClock: Watcher = {
  name: 'clock',
  sees({ said, receivedAt }, last) {
    if (said.clockMs === null) return last;
    const tolerance = (last === '' ? CLOCK_TOLERANCE_SECONDS : RIGHT_AGAIN_SECONDS) * SECOND;
    const error = clockError(said.clockMs + said.ageMs, skewOf(said.clockMs, said.ageMs, receivedAt), tolerance);
    return error === 'right' ? '' : error;
  },
  tells(word, { before, said, receivedAt }) {
    if (said.clockMs === null) return null;
    const skewSeconds = Math.round(skewOf(said.clockMs, said.ageMs, receivedAt) / SECOND);
    return { name: 'scooter.clock_judged', event: { scooterId: before.id, clock: word === '' ? 'right' : word, skewSeconds } };
  },
};
