// Which zones cover a place? A tree of bounding boxes asks few of them, turf answers for those
// exactly; the answer is in rank order, so the first one speaks.
import { bbox, booleanPointInPolygon } from '@turf/turf';
import Flatbush from 'flatbush';
import { byRank } from './zone.js';
export class ZoneIndex {
    constructor(zones){
        this.zones = [
            ...zones
        ].sort(byRank);
        this.boxes = zones.length === 0 ? null : new Flatbush(zones.length);
        for (const { geometry } of this.zones){
            const [west, south, east, north] = bbox(geometry);
            this.boxes?.add(west, south, east, north);
        }
        this.boxes?.finish();
    }
    covering({ latitude, longitude }) {
        const near = this.boxes?.search(longitude, latitude, longitude, latitude) ?? [];
        const covering = [];
        for (const i of near.sort((a, b)=>a - b)){
            const zone = this.zones[i];
            if (zone && booleanPointInPolygon([
                longitude,
                latitude
            ], zone.geometry)) covering.push(zone);
        }
        return covering;
    }
}

//# sourceMappingURL=zone-index.js.map
