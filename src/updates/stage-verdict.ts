// Whether a stage goes on, may widen or must stop. Modelled on the abort criteria of AWS IoT Jobs: a share of
// failures among those who were asked, counted from the first one on, because a hundredth of a fleet is few.
import type { UpdateState } from './update-state.js';

/** More than this share refused, rolled back or silent: halt. */
export const MOST_FAILED_SHARE = 0.05;
/** At least this share installed and well: the next stage. */
export const LEAST_WELL_SHARE = 0.95;
/** City seconds an installed release must have run, and during which nothing may have failed. */
export const WELL_SECONDS = 3600;
/** City seconds after which a scooter nobody could ask no longer holds up the others. */
export const ABSENT_SECONDS = 24 * 3600;
/** City seconds after the first offer when silence counts as failure. */
export const TIMES_OUT_SECONDS = 24 * 3600;

export type StateCounts = Readonly<Record<UpdateState, number>>;

export interface Progress {
  /** Without those who run something newer already: nobody asks anything of them. */
  readonly counts: StateCounts;
  /** Among the chosen: nobody could ask them for a day. */
  readonly absent: number;
  /** Refused, rolled back or timed out since the rollout was started or resumed. */
  readonly failed: number;
  /** The same before a person resumed it: seen, and forgiven. */
  readonly forgiven: number;
  /** Installed an hour ago or longer. */
  readonly settled: number;
  /** Among the settled: cannot be reached now, and a release that kills the radio looks just so. */
  readonly gone: number;
  readonly lastFailureAt: Date | null;
}

export type StageVerdict = 'wait' | 'widen' | 'halt';

export const askedOf = ({ counts, forgiven }: Pick<Progress, 'counts' | 'forgiven'>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.chosen - forgiven;

export const mustHalt = (progress: Pick<Progress, 'counts' | 'forgiven' | 'failed'>): boolean =>
  progress.failed > 0 && progress.failed > askedOf(progress) * MOST_FAILED_SHARE;

export function stageVerdict(progress: Progress, now: Date): StageVerdict {
  if (mustHalt(progress)) return 'halt';
  const { counts, absent, settled, gone, lastFailureAt } = progress;
  if (lastFailureAt !== null && now.getTime() - lastFailureAt.getTime() < WELL_SECONDS * 1000) return 'wait';
  const members = askedOf(progress) + counts.chosen - absent;
  const well = settled - gone;
  return well > 0 && well >= members * LEAST_WELL_SHARE ? 'widen' : 'wait';
}
