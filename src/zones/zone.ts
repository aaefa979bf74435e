// A zone as the rules see it: a shape on the map and what it says about riding, parking and speed.
import type { ZoneId } from '../platform/ids.js';

/**
 * `service`: ride and park. `slow`: the same, with a speed limit. `no_parking`: ride through, do not
 * end. `no_ride`: neither.
 */
export const ZONE_KINDS = ['service', 'no_parking', 'no_ride', 'slow'] as const;
export type ZoneKind = (typeof ZONE_KINDS)[number];

/** GeoJSON order: longitude, latitude. */
export type Point = [longitude: number, latitude: number];
export type Ring = Point[];

/** Always a MultiPolygon, so that nothing has to ask which of the two it is. */
export interface ZoneShape {
  type: 'MultiPolygon';
  coordinates: Ring[][];
}

export interface Zone {
  readonly id: ZoneId;
  readonly kind: ZoneKind;
  readonly name: string;
  /** Null counts as 0. */
  readonly priority: number | null;
  readonly maxSpeedKmh: number | null;
  readonly geometry: ZoneShape;
  readonly areaM2: number;
  readonly source: string;
}

/** A zone somebody would like to publish; its shape has not been judged yet. */
export interface NewZone {
  readonly kind: ZoneKind;
  readonly name: string;
  readonly priority: number | null;
  readonly maxSpeedKmh: number | null;
  readonly geometry: unknown;
  readonly source: string;
}

const STRICTNESS: Record<ZoneKind, number> = { no_ride: 0, no_parking: 1, slow: 2, service: 3 };

/**
 * Which of two zones speaks where both lie: the higher explicit priority, else the smaller one, else
 * the stricter one. Real feeds list the business area first, so the order of a list says nothing.
 */
export function byRank(a: Zone, b: Zone): number {
  const priority = (b.priority ?? 0) - (a.priority ?? 0);
  if (priority !== 0) return priority;
  if (a.areaM2 !== b.areaM2) return a.areaM2 - b.areaM2;
  if (a.kind !== b.kind) return STRICTNESS[a.kind] - STRICTNESS[b.kind];
  return a.id < b.id ? -1 : 1;
}
