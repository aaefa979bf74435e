// May this rider hold this scooter now? Null means yes; otherwise the first reason that stands in the way.
import type { RefusalCode } from '../errors.js';
import type { Scooter } from '../fleet/scooter.js';
import { COOL_DOWN_MINUTES } from './reservation.js';

export interface ReserveFacts {
  readonly scooter: Pick<Scooter, 'state' | 'connected'>;
  readonly serviceOpen: boolean;
  readonly riderHasLiveRide: boolean;
  readonly riderHoldsAnother: boolean;
  /** When this rider's last unused hold on this scooter ended. */
  readonly lastHeldUntil: Date | null;
  readonly now: Date;
}

export function whyNotReserve(facts: ReserveFacts): RefusalCode | null {
  if (!facts.serviceOpen) return 'service_closed';
  if (facts.riderHasLiveRide) return 'rider_already_riding';
  if (facts.riderHoldsAnother) return 'rider_already_reserved';
  if (facts.scooter.state === 'low') return 'scooter_low';
  if (facts.scooter.state !== 'available') return 'scooter_not_available';
  if (!facts.scooter.connected) return 'scooter_offline';
  if (facts.lastHeldUntil && minutesSince(facts.lastHeldUntil, facts.now) < COOL_DOWN_MINUTES) return 'reserved_too_soon';
  return null;
}

const minutesSince = (then: Date, now: Date): number => (now.getTime() - then.getTime()) / 60_000;
