// A piece of work on one scooter: swap its battery, or look why it no longer tells its range.
import type { Scooter } from '../fleet/scooter.js';
import type { ScooterStep } from '../fleet/scooter-state.js';
import type { CommandId, CrewId, ScooterId, TaskId } from '../platform/ids.js';
import type { TaskState } from './task-state.js';

export type TaskKind = 'swap' | 'inspect';
/** What the scooter answered when the crew asked it to open the battery bay. */
export type BayAnswer = 'asked' | 'open' | 'refused' | 'silent';
/** What telemetry showed: for a swap the two packs, for an inspection that the range is told again. */
export type Proof =
  | {
      readonly kind: 'swap';
      readonly serialBefore: string;
      /** Packs that were in for a moment, when one visit changed more than one. */
      readonly between: readonly string[];
      readonly serialAfter: string;
      readonly chargeGained: number;
    }
  | { readonly kind: 'range'; readonly rangeKm: number };

export interface Task {
  readonly id: TaskId;
  readonly kind: TaskKind;
  readonly scooterId: ScooterId;
  readonly state: TaskState;
  readonly crewId: CrewId | null;
  readonly openedAt: Date;
  readonly dueAt: Date;
  readonly openedRangeKm: number | null;
  /** Where the scooter stood when the task was opened or given out; never a place of a running ride. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly arrivedAt: Date | null;
  readonly resolvedAt: Date | null;
  readonly verifiedAt: Date | null;
  readonly commandId: CommandId | null;
  readonly bay: BayAnswer | null;
  readonly serialOut: string | null;
  readonly serialIn: string | null;
  readonly proof: Proof | null;
  readonly note: string | null;
}

/**
 * The step that gives a scooter back to riders once nobody works on it, or null when there is nothing to
 * give back: it is theirs already, or it still lacks what the task was for.
 */
export function stepBack(scooter: Pick<Scooter, 'state' | 'needsSwap' | 'rangeUnknown'>): ScooterStep | null {
  const { state, needsSwap, rangeUnknown } = scooter;
  if (state === 'maintenance') return 'return';
  if (state === 'low' && !needsSwap && !rangeUnknown) return 'recover';
  return null;
}
