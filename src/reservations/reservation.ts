// A scooter held for a rider who is walking to it.
import type { ReservationId, RiderId, ScooterId } from '../platform/ids.js';

/** Free, once, as Cityscoot had it. */
export const RESERVATION_MINUTES = 10;
/** The same rider may hold the same scooter again only after this, so that nobody keeps one for the evening. */
export const COOL_DOWN_MINUTES = 10;

export type ReservationState = 'held' | 'used' | 'cancelled' | 'expired';

export interface Reservation {
  id: ReservationId;
  riderId: RiderId;
  scooterId: ScooterId;
  state: ReservationState;
  createdAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
}
