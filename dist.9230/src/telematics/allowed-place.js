// Where a place may enter the city at all. During a ride none does: the scooter sends none, and if one
// comes all the same it is dropped here, before anything stores, logs or passes it on.
/** The start of a ride, its end, and the look before the end. */ const PLACE_BELONGS = new Set([
    'unlock',
    'lock',
    'look'
]);
export const placeInAnswer = (answer)=>PLACE_BELONGS.has(answer.command) ? answer.fix : null;
export const withoutPlaceInRide = (telemetry)=>telemetry.inRide && telemetry.fix !== null ? {
        ...telemetry,
        fix: null
    } : telemetry;

//# sourceMappingURL=allowed-place.js.map
