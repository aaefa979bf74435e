// From fixes that tremble to one state that does not: a change counts when two good fixes agree on it, both well
// past the border. And what follows from a state: how fast one may go there. It never says stop.
import { type Fix } from '../../src/telematics/wire.js';
import { placeBeside } from '../body/geo.js';
import { SLOWEST_LIMIT_KMH } from '../body/movement.js';
import { NO_VERDICT, type Verdict, type ZoneJudge } from './zone-judge.js';

export interface Watch {
  /** The state that holds, and was told. */
  readonly state: Verdict;
  /** Seen once; the next fix decides. */
  readonly doubt: Verdict | null;
  /** Whether a fix has confirmed the state since the ride began or the zones changed. */
  readonly settled: boolean;
  readonly lookedAtMs: number;
  /** The last fix that was good enough. */
  readonly sawAtMs: number;
}

/** A receiver gives a new place once a second; two looks at the same one would be one look. */
const LOOK_EVERY_MS = 1_000;
const MOST_ERROR_M = 25;
const MOST_AGE_S = 5;
/** After a minute without a place we do not know where we are. A tunnel is shorter; an underground car park is not. */
const LOST_AFTER_MS = 60_000;
/** So far past the border a change must be, to either side; a few times the usual error of a receiver. */
const DEPTH_M = 4;
const AROUND: readonly (readonly [eastM: number, northM: number])[] = [0, 45, 90, 135, 180, 225, 270, 315]
  .map((degrees) => (degrees * Math.PI) / 180)
  .map((angle) => [DEPTH_M * Math.sin(angle), DEPTH_M * Math.cos(angle)]);

/** One should not ride here at all, but nobody is thrown off: a brisk run, until one is out. */
const NO_RIDE_KMH = 10;

export const beginWatch = (state: Verdict, nowMs: number): Watch => ({
  state,
  doubt: null,
  settled: false,
  lookedAtMs: -Infinity,
  sawAtMs: nowMs,
});

export const isTimeToLook = (watch: Watch, nowMs: number): boolean => nowMs - watch.lookedAtMs >= LOOK_EVERY_MS;

export function look(watch: Watch, judge: ZoneJudge, fix: Fix, nowMs: number): Watch {
  const looked = { ...watch, lookedAtMs: nowMs };
  if (!isGood(fix)) {
    return nowMs - watch.sawAtMs < LOST_AFTER_MS ? looked : { ...looked, state: NO_VERDICT, doubt: null, settled: false };
  }
  const seen = judge.at(fix);
  const saw = { ...looked, sawAtMs: nowMs };
  if (isSame(seen, watch.state)) return { ...saw, doubt: null, settled: true };
  if (isNear(watch.state, judge, fix)) return { ...saw, doubt: null };
  if (watch.doubt === null || !isSame(seen, watch.doubt)) return { ...saw, doubt: seen };
  return { ...saw, state: seen, doubt: null, settled: true };
}

/** What the motor may do in this state, in km/h; null: what it can. */
export function limitOf({ zone, limitKmh }: Verdict): number | null {
  const limit = zone === 'no_ride' ? Math.min(limitKmh ?? NO_RIDE_KMH, NO_RIDE_KMH) : limitKmh;
  return limit === null ? null : Math.max(limit, SLOWEST_LIMIT_KMH);
}

export const isSame = (a: Verdict, b: Verdict): boolean => a.zone === b.zone && a.limitKmh === b.limitKmh;

const isGood = ({ accuracyM, ageS }: Fix): boolean => accuracyM <= MOST_ERROR_M && ageS <= MOST_AGE_S;

/** Whether the state that holds still begins a few metres from here. */
const isNear = (state: Verdict, judge: ZoneJudge, fix: Fix): boolean =>
  AROUND.some(([eastM, northM]) => isSame(judge.at(placeBeside(fix, eastM, northM)), state));
