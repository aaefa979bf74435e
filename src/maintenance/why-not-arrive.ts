// May this crew say it stands at the scooter and take it into its hands? From then on riders do not see it.
import type { RefusalCode } from '../errors.js';
import type { Scooter } from '../fleet/scooter.js';
import type { ScooterState } from '../fleet/scooter-state.js';
import { metersBetween, type Position } from '../platform/geo.js';
import type { Crew } from './crew.js';
import type { Task } from './task.js';

/** Near enough to see the plate, with room for the error of two receivers between tall houses. */
export const ARRIVED_WITHIN_M = 50;

/** A rider has it or is walking to it, or nobody ever will. */
const NOT_OURS: ReadonlySet<ScooterState> = new Set<ScooterState>(['taken', 'reserved', 'retired']);

export interface ArrivalFacts {
  readonly task: Pick<Task, 'kind' | 'crewId' | 'latitude' | 'longitude'>;
  readonly scooter: Pick<Scooter, 'state' | 'latitude' | 'longitude'>;
  readonly crew: Pick<Crew, 'id' | 'onShift' | 'fullPacks'>;
  readonly position: Position;
}

export function whyNotArrive({ task, scooter, crew, position }: ArrivalFacts): RefusalCode | null {
  if (task.crewId !== crew.id) return 'task_unknown';
  if (!crew.onShift) return 'crew_off_shift';
  if (NOT_OURS.has(scooter.state)) return 'scooter_not_available';
  if (task.kind === 'swap' && crew.fullPacks === 0) return 'van_empty';
  const place = placeOf(scooter) ?? placeOf(task);
  // A scooter that lost its own place can only be found by people; then the people are believed.
  if (place !== null && metersBetween(place, position) > ARRIVED_WITHIN_M) return 'too_far_away';
  return null;
}

/** Where it is, when both halves of a place are known. */
export function placeOf(what: Pick<Task, 'latitude' | 'longitude'>): Position | null {
  const { latitude, longitude } = what;
  return latitude === null || longitude === null ? null : { latitude, longitude };
}
