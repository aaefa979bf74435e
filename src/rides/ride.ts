// A ride as the rules see it: who, which scooter, at which price, and how far it has come.
import type { RefusalCode } from '../errors.js';
import type { CommandId, RideId, RiderId, ScooterId } from '../platform/ids.js';
import type { FareLine } from '../pricing/fare.js';
import type { Tariff } from '../pricing/tariff.js';
import type { RideState } from './ride-state.js';

/** Why the last wish could not be granted; the ride goes on. */
export interface RideRefusal {
  readonly code: RefusalCode;
  readonly details: Record<string, unknown>;
}

/** A hand at the scooter itself, its last word, or the silence of an empty pack. */
export type EndedBy = 'button' | 'bluetooth' | 'keypad' | 'power_lost' | 'silence';

export interface Ride {
  id: RideId;
  riderId: RiderId;
  scooterId: ScooterId;
  state: RideState;
  /** Frozen at the request: what the rider saw is what the ride costs. */
  tariff: Tariff;
  zoneVersion: number;
  /** The command whose answer moves the ride on; null when none is awaited. */
  commandId: CommandId | null;
  requestedAt: Date;
  /** The scooter's own unlock. */
  startedAt: Date | null;
  endAskedAt: Date | null;
  /** Where the bill stops (`billed-until.ts`). */
  endedAt: Date | null;
  /** What ended it, when it was not the answer to a lock we had ordered. */
  endedBy: EndedBy | null;
  /** Why a checked end would have been refused where it was left: a lock closed without a network is closed all the same. */
  endedDespite: RefusalCode | null;
  endTries: number;
  pausedBeforeEnd: boolean;
  refusal: RideRefusal | null;
  failure: RefusalCode | null;
  fareCents: number | null;
  fareLines: readonly FareLine[] | null;
  startOdometerM: number | null;
  distanceM: number | null;
  startLatitude: number | null;
  startLongitude: number | null;
  endLatitude: number | null;
  endLongitude: number | null;
}
