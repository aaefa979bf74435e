// What became of one release on one scooter. Evidence of the scooter wins over our own counting of time, so an
// update that was given up may still turn out to be installed.
import { stateTable, type StateOf, type StepOf } from '../platform/state-table.js';
import type { ScooterEvent } from '../telematics/wire.js';

export const updateState = stateTable({
  chosen:      { offer: 'offered', install: 'installed', refuse: 'refused', roll_back: 'rolled_back' },
  offered:     { download: 'downloaded', install: 'installed', refuse: 'refused', roll_back: 'rolled_back', time_out: 'timed_out' },
  downloaded:  { install: 'installed', refuse: 'refused', roll_back: 'rolled_back', time_out: 'timed_out' },
  // A unit that fell back once would fall back again: only a newer release helps it.
  installed:   { roll_back: 'rolled_back' },
  rolled_back: {},
  refused:     { again: 'chosen', install: 'installed' },
  timed_out:   { again: 'chosen', install: 'installed', roll_back: 'rolled_back', refuse: 'refused' },
});
export type UpdateState = StateOf<typeof updateState.steps>;
export type UpdateStep = StepOf<typeof updateState.steps>;

/** Still to be settled. */
export const OPEN: readonly UpdateState[] = ['chosen', 'offered', 'downloaded'];

export type UpdateSaid = Pick<Extract<ScooterEvent, { kind: 'update' }>, 'step' | 'reason'>;
export type UpdateReason = NonNullable<UpdateSaid['reason']>;

/** Reasons that pass: the offer is made again later. */
const NOT_NOW: ReadonlySet<string> = new Set(['in_ride', 'low_battery', 'not_reached']);

/** The step that a scooter's word amounts to; null when it only says "not now". */
export function stepOf({ step, reason }: UpdateSaid): UpdateStep | null {
  switch (step) {
    case 'downloaded': return 'download';
    case 'installed': return 'install';
    case 'rolled_back': return 'roll_back';
    case 'refused': return reason !== null && NOT_NOW.has(reason) ? null : 'refuse';
  }
}

/** Steps after which somebody must ask whether the whole rollout goes on. */
export const isTrouble = (step: UpdateStep | null): boolean => step === 'refuse' || step === 'roll_back' || step === 'time_out';

/** Real seconds from one offer to the next while nothing is heard; the last one stays. */
const PAUSES_SECONDS = [30, 60, 120, 300, 600, 1800, 3600] as const;

export const pauseSeconds = (attempts: number): number =>
  PAUSES_SECONDS[Math.min(Math.max(attempts, 1), PAUSES_SECONDS.length) - 1] ?? 3600;
/** After "downloaded" the unit waits for its chance by itself. */
export const DOWNLOADED_PAUSE_SECONDS = 3600;
