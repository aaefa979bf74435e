// May the ride end here and now? The published checks, in their published order: the first that
// fails speaks. Photo and corral come with later capabilities.
/** A fix older than this says where the scooter was, not where it is. */ export const FRESH_FIX_SECONDS = 60;
/** A fix vaguer than this cannot tell one side of a street from the other. */ export const WORST_ACCURACY_M = 100;
/** `judgeZone` is asked only when everything before it holds. */ export function whyNotEnd(facts) {
    const { sensors, fix } = facts;
    if (sensors.ignition === 'on') return no('ignition_on');
    if (sensors.stand === 'up') return no('stand_up');
    if (sensors.helmet === 'out') return no('helmet_missing');
    if (sensors.case === 'open') return no('case_open');
    if (!fix || !(fix.ageS <= FRESH_FIX_SECONDS) || !(fix.accuracyM <= WORST_ACCURACY_M)) return no('position_stale');
    const zone = facts.judgeZone(fix);
    if (zone.mayEnd) return null;
    return no(zone.why ?? 'outside_service_area', {
        zoneName: zone.zoneName,
        nearestEnd: zone.nearestEnd
    });
}
const no = (code, details = {})=>({
        code,
        details
    });

//# sourceMappingURL=why-not-end.js.map
