// What the zones that cover one exact place say together, before any tolerance for a receiver's error.
/**
 * The zone of highest rank speaks for all. A ride may leave the service area, which is the union of
 * all service zones, but it ends inside.
 */ export function verdictOf(coveringByRank) {
    const speaker = coveringByRank[0] ?? null;
    const inServiceArea = coveringByRank.some(({ kind })=>kind === 'service');
    const mayRide = speaker?.kind !== 'no_ride';
    return {
        mayRide,
        mayEnd: inServiceArea && mayRide && speaker?.kind !== 'no_parking',
        inServiceArea,
        speaker
    };
}

//# sourceMappingURL=zone-verdict.js.map
