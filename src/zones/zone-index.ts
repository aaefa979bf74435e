// Which zones cover a place? A tree of bounding boxes asks few of them, turf answers for those
// exactly; the answer is in rank order, so the first one speaks.
import { bbox, booleanPointInPolygon } from '@turf/turf';
import Flatbush from 'flatbush';
import type { Position } from '../platform/geo.js';
import { byRank, type Zone } from './zone.js';

export class ZoneIndex {
  /** In rank order. */
  readonly zones: readonly Zone[];
  private readonly boxes: Flatbush | null;

  constructor(zones: readonly Zone[]) {
    this.zones = [...zones].sort(byRank);
    this.boxes = zones.length === 0 ? null : new Flatbush(zones.length);
    for (const { geometry } of this.zones) {
      const [west, south, east, north] = bbox(geometry);
      this.boxes?.add(west, south, east, north);
    }
    this.boxes?.finish();
  }

  covering({ latitude, longitude }: Position): Zone[] {
    const near = this.boxes?.search(longitude, latitude, longitude, latitude) ?? [];
    const covering: Zone[] = [];
    for (const i of near.sort((a, b) => a - b)) {
      const zone = this.zones[i];
      if (zone && booleanPointInPolygon([longitude, latitude], zone.geometry)) covering.push(zone);
    }
    return covering;
  }
}
