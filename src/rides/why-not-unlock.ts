// May this rider take this scooter now, at this price? Null means yes; otherwise the first reason
// that stands in the way. Licence and money have rules of their own (why-not-ride, why-not-credit).
import type { RefusalCode } from '../errors.js';
import { LOW_RANGE_KM } from '../fleet/range.js';
import type { Scooter } from '../fleet/scooter.js';

export interface UnlockFacts {
  readonly scooter: Pick<Scooter, 'state' | 'connected' | 'rangeKm' | 'needsSwap' | 'rangeUnknown'>;
  /** The scooter is held by this rider, and the hold has not run out. */
  readonly heldByRider: boolean;
  readonly riderHoldsAnother: boolean;
  readonly riderHasLiveRide: boolean;
  readonly serviceOpen: boolean;
  readonly acceptedHoldCents: number;
  readonly holdCents: number;
}

export function whyNotUnlock(facts: UnlockFacts): RefusalCode | null {
  const { scooter } = facts;
  if (!facts.serviceOpen) return 'service_closed';
  if (facts.riderHasLiveRide) return 'rider_already_riding';
  if (facts.riderHoldsAnother) return 'rider_already_reserved';
  if (scooter.state === 'low') return 'scooter_low';
  if (scooter.state !== (facts.heldByRider ? 'reserved' : 'available')) return 'scooter_not_available';
  // An unknown range is no range: NaN < 10 would be false and let the rider roll to a halt.
  if (scooter.needsSwap || scooter.rangeUnknown || scooter.rangeKm === null || scooter.rangeKm < LOW_RANGE_KM) return 'scooter_low';
  if (!scooter.connected) return 'scooter_offline';
  // PSD2 art. 75: money may be blocked only to the exact amount the payer agreed to.
  if (facts.acceptedHoldCents !== facts.holdCents) return 'hold_not_accepted';
  return null;
}
