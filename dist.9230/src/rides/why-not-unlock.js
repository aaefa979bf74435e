// May this rider take this scooter now, at this price? Null means yes; otherwise the first reason
// that stands in the way. Licence and money have rules of their own (why-not-ride, why-not-credit).
import { LOW_RANGE_KM } from '../fleet/range.js';
export function whyNotUnlock(facts) {
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

//# sourceMappingURL=why-not-unlock.js.map
