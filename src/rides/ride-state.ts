// The life of a ride. Silence of the scooter is never an end: it leads to `unsure` or keeps `locking`,
// and only what the scooter itself says, or giving up in the rider's favour, leads on. `died`: it has no current any more.
import { stateTable, type StateOf, type StepOf } from '../platform/state-table.js';

export const rideStates = stateTable({
  authorising: { authorised: 'unlocking', refused: 'failed' },
  unlocking:   { unlocked: 'riding', refused: 'failed', silent: 'unsure' },
  unsure:      { unlocked: 'riding', locked: 'failed', refused: 'failed', give_up: 'failed' },
  riding:      { pause: 'pausing', paused: 'paused', ask_end: 'checking', end_unheard: 'locking', locked: 'ended', died: 'ended' },
  pausing:     { paused: 'paused', refused: 'riding', silent: 'riding', ask_end: 'checking', locked: 'ended', died: 'ended' },
  paused:      { resume: 'resuming', resumed: 'riding', ask_end: 'checking', end_unheard: 'locking', locked: 'ended', died: 'ended' },
  resuming:    { resumed: 'riding', refused: 'paused', silent: 'paused', ask_end: 'checking', locked: 'ended', died: 'ended' },
  checking:    { checks_hold: 'locking', back_to_riding: 'riding', back_to_pause: 'paused', silent: 'locking', locked: 'ended', died: 'ended' },
  locking:     { locked: 'ended', back_to_riding: 'riding', back_to_pause: 'paused', give_up: 'ended', died: 'ended' },
  ended:       {},
  failed:      {},
});

export type RideState = StateOf<typeof rideStates.steps>;
export type RideStep = StepOf<typeof rideStates.steps>;

/** States in which the scooter belongs to this ride; the same words stand in the index `rides_one_per_scooter`. */
export const LIVE_STATES = [
  'authorising', 'unlocking', 'unsure', 'riding', 'pausing', 'paused', 'resuming', 'checking', 'locking',
] as const satisfies RideState[];

/** A rider whose scooter fell silent at the start is free to take another one (`rides_one_per_rider`). */
export const BINDING_STATES = LIVE_STATES.filter((state) => state !== 'unsure');

export const isLive = (state: RideState): boolean => state !== 'ended' && state !== 'failed';
