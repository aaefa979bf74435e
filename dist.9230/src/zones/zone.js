// A zone as the rules see it: a shape on the map and what it says about riding, parking and speed.
/**
 * `service`: ride and park. `slow`: the same, with a speed limit. `no_parking`: ride through, do not
 * end. `no_ride`: neither.
 */ export const ZONE_KINDS = [
    'service',
    'no_parking',
    'no_ride',
    'slow'
];
const STRICTNESS = {
    no_ride: 0,
    no_parking: 1,
    slow: 2,
    service: 3
};
/**
 * Which of two zones speaks where both lie: the higher explicit priority, else the smaller one, else
 * the stricter one. Real feeds list the business area first, so the order of a list says nothing.
 */ export function byRank(a, b) {
    const priority = (b.priority ?? 0) - (a.priority ?? 0);
    if (priority !== 0) return priority;
    if (a.areaM2 !== b.areaM2) return a.areaM2 - b.areaM2;
    if (a.kind !== b.kind) return STRICTNESS[a.kind] - STRICTNESS[b.kind];
    return a.id < b.id ? -1 : 1;
}

//# sourceMappingURL=zone.js.map
