// The zones as a phone receives them (GeoJSON), and whether a point lies in one.
import type { Place } from './place.js';

/** GeoJSON: longitude first. */
type Point = readonly [longitude: number, latitude: number, ...rest: number[]];
export type Ring = readonly Point[];
type PolygonShape = { readonly type: 'Polygon'; readonly coordinates: readonly Ring[] };
type MultiPolygonShape = { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly Ring[])[] };

export interface ZoneFeature {
  readonly geometry: PolygonShape | MultiPolygonShape;
  readonly properties: { readonly kind: string };
}

export interface ZoneCollection {
  readonly features: readonly ZoneFeature[];
}

/** One outer ring with its holes, and the box around it. */
export interface Shape {
  readonly rings: readonly Ring[];
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

export const shapesOf = (zones: ZoneCollection, kind: string): Shape[] =>
  zones.features
    .filter((feature) => feature.properties.kind === kind)
    .flatMap(({ geometry }) => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates))
    .map(shapeOf);

function shapeOf(rings: readonly Ring[]): Shape {
  const outer = rings[0] ?? [];
  const shape = { rings, west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
  for (const [longitude, latitude] of outer) {
    shape.west = Math.min(shape.west, longitude);
    shape.east = Math.max(shape.east, longitude);
    shape.south = Math.min(shape.south, latitude);
    shape.north = Math.max(shape.north, latitude);
  }
  return shape;
}

/** Where the borders of a shape cross this latitude, from west to east; between each pair lies the inside. */
export function crossings(shape: Shape, latitude: number): number[] {
  const longitudes: number[] = [];
  for (const [a, b] of edges(shape)) {
    if (a[1] > latitude === b[1] > latitude) continue;
    longitudes.push(a[0] + ((latitude - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
  }
  return longitudes.sort((one, other) => one - other);
}

export function* edges(shape: Shape): Generator<[Point, Point]> {
  for (const ring of shape.rings) {
    for (let i = 0; i < ring.length; i++) {
      const a = ring[i];
      const b = ring[(i + 1) % ring.length];
      if (a && b) yield [a, b];
    }
  }
}

export function lies(place: Place, shape: Shape): boolean {
  const { latitude, longitude } = place;
  if (longitude < shape.west || longitude > shape.east || latitude < shape.south || latitude > shape.north)
    return false;
  let inside = false;
  for (const [a, b] of edges(shape)) {
    if (a[1] > latitude === b[1] > latitude) continue;
    if (longitude < a[0] + ((latitude - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) inside = !inside;
  }
  return inside;
}

export const liesInOne = (place: Place, shapes: readonly Shape[]): boolean =>
  shapes.some((shape) => lies(place, shape));
