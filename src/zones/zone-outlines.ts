// The outlines of all zones, cut wherever another one meets them, so that along each piece the answer
// on either side is one and the same. Made once for every version of the zones.
import type Flatbush from 'flatbush';
import type { Position } from '../platform/geo.js';
import {
  along,
  beside,
  boxesOf,
  boxOf,
  distanceTo,
  length,
  Plane,
  shareAlong,
  type Flat,
  type Line,
} from './flat-lines.js';
import type { Zone } from './zone.js';
import type { ZoneVerdict } from './zone-verdict.js';

/** `left` points, one metre long, to its left side. */
export interface OutlinePiece extends Line {
  readonly left: Flat;
  readonly onLeft: ZoneVerdict;
  readonly onRight: ZoneVerdict;
}

export interface Outlines {
  readonly plane: Plane;
  readonly pieces: readonly OutlinePiece[];
}

/** How far beside a piece its two sides are asked; a strip narrower than twice this is nobody's parking place. */
export const SIDE_M = 0.25;
/** Pieces shorter than this come from outlines that follow each other. */
const SHORTEST_M = 0.02;

export function outlinesOf(zones: readonly Zone[], verdictAt: (place: Position) => ZoneVerdict): Outlines {
  const latitudes = zones.flatMap(({ geometry }) => geometry.coordinates.flat(2)).map(([, latitude]) => latitude);
  const plane = new Plane(latitudes.reduce((a, b) => a + b, 0) / Math.max(1, latitudes.length));
  const lines = zones
    .flatMap(({ geometry }) => geometry.coordinates.flat())
    .flatMap((ring) => linesOf(ring.map(([longitude, latitude]) => plane.flat({ latitude, longitude }))));
  const boxes = boxesOf(lines);
  const verdict = (point: Flat): ZoneVerdict => verdictAt(plane.place(point));
  return { plane, pieces: lines.flatMap((line) => piecesOf(line, cutsOf(line, lines, boxes), verdict)) };
}

const linesOf = (points: readonly Flat[]): Line[] =>
  points.slice(1).flatMap((to, i) => {
    const from = points[i];
    return from && length(from, to) > 0 ? [{ from, to }] : [];
  });

function piecesOf(line: Line, cuts: readonly number[], verdict: (point: Flat) => ZoneVerdict): OutlinePiece[] {
  const whole = length(line.from, line.to);
  const left: Flat = [-(line.to[1] - line.from[1]) / whole, (line.to[0] - line.from[0]) / whole];
  return cuts.slice(1).flatMap((end, i) => {
    const start = cuts[i] ?? 0;
    if ((end - start) * whole < SHORTEST_M) return [];
    const middle = along(line, (start + end) / 2);
    const [onLeft, onRight] = [verdict(beside(middle, left, SIDE_M)), verdict(beside(middle, left, -SIDE_M))];
    return [{ from: along(line, start), to: along(line, end), left, onLeft, onRight }];
  });
}

/** Where along the line (0 to 1, in order) another line crosses it or ends on it. */
function cutsOf(line: Line, lines: readonly Line[], boxes: Flatbush | null): number[] {
  const cuts = [0, 1];
  for (const i of boxes?.search(...boxOf(line, SHORTEST_M)) ?? []) {
    const other = lines[i];
    if (!other || other === line) continue;
    const crossing = crossingOf(line, other);
    if (crossing !== null) cuts.push(crossing);
    for (const end of [other.from, other.to]) if (distanceTo(line, end) < SHORTEST_M) cuts.push(shareAlong(line, end));
  }
  return cuts.sort((a, b) => a - b);
}

function crossingOf(line: Line, other: Line): number | null {
  const [ax, ay] = [line.to[0] - line.from[0], line.to[1] - line.from[1]];
  const [bx, by] = [other.to[0] - other.from[0], other.to[1] - other.from[1]];
  const [cx, cy] = [other.from[0] - line.from[0], other.from[1] - line.from[1]];
  const turn = ax * by - ay * bx;
  if (turn === 0) return null;
  const onLine = (cx * by - cy * bx) / turn;
  const onOther = (cx * ay - cy * ax) / turn;
  return onLine > 0 && onLine < 1 && onOther >= 0 && onOther <= 1 ? onLine : null;
}
