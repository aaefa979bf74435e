// How far a release has come: first a hundredth of the fleet, then a tenth, then everybody, each step only when the
// one before went well. Too many failures halt it; only a person lets it go on.
import { stateTable, type StateOf, type StepOf } from '../platform/state-table.js';

export const rolloutState = stateTable({
  draft:       { start: 'one_percent', cancel: 'cancelled' },
  one_percent: { widen: 'ten_percent', halt: 'halted', cancel: 'cancelled' },
  ten_percent: { widen: 'everybody', halt: 'halted', cancel: 'cancelled' },
  everybody:   { widen: 'finished', halt: 'halted', cancel: 'cancelled' },
  halted:      { resume_one_percent: 'one_percent', resume_ten_percent: 'ten_percent', resume_everybody: 'everybody', cancel: 'cancelled' },
  // Still offered to whoever comes late, until a person withdraws it.
  finished:    { cancel: 'cancelled' },
  cancelled:   {},
});
export type RolloutState = StateOf<typeof rolloutState.steps>;
export type RolloutStep = StepOf<typeof rolloutState.steps>;

/** How much of the fleet each stage reaches. */
export const STAGE_SHARES = { one_percent: 0.01, ten_percent: 0.1, everybody: 1 } as const;
export type Stage = keyof typeof STAGE_SHARES;
export const STAGES: readonly Stage[] = ['one_percent', 'ten_percent', 'everybody'];

export const isStage = (state: RolloutState): state is Stage => (STAGES as readonly string[]).includes(state);

/** In these a release is offered and its image is handed out; in all others the door of the image is shut. */
export const OFFERED_IN: readonly RolloutState[] = [...STAGES, 'finished'];

export const resumeStep = (stage: Stage): RolloutStep => `resume_${stage}`;
