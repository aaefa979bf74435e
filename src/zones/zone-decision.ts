// May I ride here, may I end here, how fast, why not, and where is the nearest place where I may?
// Pure: the zones and a position with its error decide, nothing else. Whether a position is too old
// to judge by is for the ride to say.
import type { Fix, Position } from '../platform/geo.js';
import type { Zone } from './zone.js';
import { ZoneFrontier } from './zone-frontier.js';
import { ZoneIndex } from './zone-index.js';
import { outlinesOf } from './zone-outlines.js';
import { verdictOf, type ZoneVerdict } from './zone-verdict.js';

export interface ZoneDecision {
  readonly mayRide: boolean;
  readonly mayEnd: boolean;
  readonly limitKmh: number | null;
  readonly why: 'outside_service_area' | 'parking_forbidden' | null;
  readonly zoneName: string | null;
  /** Only where ending is not allowed; null too when it is allowed nowhere. Whole metres, straight line. */
  readonly nearestEnd: { readonly position: Position; readonly meters: number } | null;
}

/** A receiver's error counts in the rider's favour up to this; one that claims more proves less. */
export const BORDER_TOLERANCE_M = 15;

/** All zones of one version, made ready once for many questions. */
export class ZoneMap {
  readonly index: ZoneIndex;
  /** Where ending, and where riding, begins to be allowed. */
  readonly toEnd: ZoneFrontier;
  readonly toRide: ZoneFrontier;

  constructor(zones: readonly Zone[]) {
    this.index = new ZoneIndex(zones);
    const outlines = outlinesOf(this.index.zones, (place) => this.verdict(place));
    this.toEnd = new ZoneFrontier(
      outlines,
      ({ mayEnd }) => mayEnd,
      (place) => this.verdict(place).mayEnd,
    );
    this.toRide = new ZoneFrontier(
      outlines,
      ({ mayRide }) => mayRide,
      (place) => this.verdict(place).mayRide,
    );
  }

  verdict(place: Position): ZoneVerdict {
    return verdictOf(this.index.covering(place));
  }
}

export function decide(map: ZoneMap, fix: Pick<Fix, 'latitude' | 'longitude' | 'accuracyM'>): ZoneDecision {
  const here = map.verdict(fix);
  const slack = slackOf(fix.accuracyM);
  const mayRide = here.mayRide || (slack > 0 && (map.toRide.nearest(fix)?.borderMeters ?? Infinity) <= slack);
  const nearest = here.mayEnd ? null : map.toEnd.nearest(fix);
  const mayEnd = here.mayEnd || (slack > 0 && (nearest?.borderMeters ?? Infinity) <= slack);
  return {
    mayRide,
    mayEnd,
    limitKmh: here.speaker?.maxSpeedKmh ?? null,
    why: mayEnd ? null : here.inServiceArea ? 'parking_forbidden' : 'outside_service_area',
    zoneName: here.speaker?.name ?? null,
    nearestEnd: mayEnd || !nearest ? null : { position: nearest.position, meters: Math.round(nearest.meters) },
  };
}

const slackOf = (accuracyM: number): number =>
  Number.isFinite(accuracyM) ? Math.min(BORDER_TOLERANCE_M, Math.max(0, accuracyM)) : 0;
