// A city is small enough to be drawn flat: metres east and north, right within 0.5 % over 50 km. Here
// are the plane and the few things one does with lines on it.
import Flatbush from 'flatbush';
import type { Position } from '../platform/geo.js';

export type Flat = readonly [east: number, north: number];
export interface Line {
  readonly from: Flat;
  readonly to: Flat;
}

const METERS_PER_DEGREE = 111_195;

export class Plane {
  private readonly eastPerDegree: number;

  constructor(middleLatitude: number) {
    this.eastPerDegree = METERS_PER_DEGREE * Math.cos((middleLatitude * Math.PI) / 180);
  }

  flat({ latitude, longitude }: Position): Flat {
    return [longitude * this.eastPerDegree, latitude * METERS_PER_DEGREE];
  }

  place([east, north]: Flat): Position {
    return { latitude: north / METERS_PER_DEGREE, longitude: east / this.eastPerDegree };
  }
}

export const length = (a: Flat, b: Flat): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
export const along = ({ from, to }: Line, share: number): Flat => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
];
export const beside = (point: Flat, direction: Flat, meters: number): Flat => [
  point[0] + direction[0] * meters,
  point[1] + direction[1] * meters,
];
export function shareAlong({ from, to }: Line, point: Flat): number {
  const [east, north] = [to[0] - from[0], to[1] - from[1]];
  const share = ((point[0] - from[0]) * east + (point[1] - from[1]) * north) / (east * east + north * north);
  return Math.min(1, Math.max(0, share));
}

export const distanceTo = (line: Line, point: Flat): number => length(point, along(line, shareAlong(line, point)));

export function boxesOf(lines: readonly Line[]): Flatbush | null {
  if (lines.length === 0) return null;
  const boxes = new Flatbush(lines.length);
  for (const line of lines) boxes.add(...boxOf(line, 0));
  boxes.finish();
  return boxes;
}

export const boxOf = ({ from, to }: Line, margin: number): [number, number, number, number] => [
  Math.min(from[0], to[0]) - margin,
  Math.min(from[1], to[1]) - margin,
  Math.max(from[0], to[0]) + margin,
  Math.max(from[1], to[1]) + margin,
];
