// May I ride here, may I end here, how fast, why not, and where is the nearest place where I may?
// Pure: the zones and a position with its error decide, nothing else. Whether a position is too old
// to judge by is for the ride to say.
import { ZoneFrontier } from './zone-frontier.js';
import { ZoneIndex } from './zone-index.js';
import { verdictOf } from './zone-verdict.js';
/** A receiver's error counts in the rider's favour up to this; one that claims more proves less. */ export const BORDER_TOLERANCE_M = 15;
/** All zones of one version, made ready once for many questions. */ export class ZoneMap {
    constructor(zones){
        /** Where ending, or riding, begins to be allowed. Made when first needed or by `warm`. */ this.endFrontier = null;
        this.rideFrontier = null;
        this.index = new ZoneIndex(zones);
    }
    /** Does the slow part before the first rider waits for it. */ warm() {
        this.toEnd();
        this.toRide();
        return this;
    }
    verdict(place) {
        return verdictOf(this.index.covering(place));
    }
    toEnd() {
        return this.endFrontier ??= new ZoneFrontier(this.index.zones, (place)=>this.verdict(place).mayEnd);
    }
    toRide() {
        return this.rideFrontier ??= new ZoneFrontier(this.index.zones, (place)=>this.verdict(place).mayRide);
    }
}
export function decide(map, fix) {
    const here = map.verdict(fix);
    const slack = slackOf(fix.accuracyM);
    const mayRide = here.mayRide || slack > 0 && (map.toRide().nearest(fix)?.borderMeters ?? Infinity) <= slack;
    const nearest = here.mayEnd ? null : map.toEnd().nearest(fix);
    const mayEnd = here.mayEnd || slack > 0 && (nearest?.borderMeters ?? Infinity) <= slack;
    return {
        mayRide,
        mayEnd,
        limitKmh: here.speaker?.maxSpeedKmh ?? null,
        why: mayEnd ? null : here.inServiceArea ? 'parking_forbidden' : 'outside_service_area',
        zoneName: here.speaker?.name ?? null,
        nearestEnd: mayEnd || !nearest ? null : {
            position: nearest.position,
            meters: Math.ceil(nearest.meters)
        }
    };
}
const slackOf = (accuracyM)=>Number.isFinite(accuracyM) ? Math.min(BORDER_TOLERANCE_M, Math.max(0, accuracyM)) : 0;

//# sourceMappingURL=zone-decision.js.map
