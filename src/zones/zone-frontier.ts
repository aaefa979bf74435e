// The line between where something is allowed and where it is not, over all zones at once, so that
// "how far to the nearest place where I may" is one look-up. An outline belongs to it where its two
// sides get different answers.
import type Flatbush from 'flatbush';
import { metersBetween, type Position } from '../platform/geo.js';
import {
  along,
  beside,
  boxesOf,
  distanceTo,
  length,
  shareAlong,
  type Flat,
  type Line,
  type Plane,
} from './flat-lines.js';
import { SIDE_M, type OutlinePiece, type Outlines } from './zone-outlines.js';
import type { ZoneVerdict } from './zone-verdict.js';

/** `inward` points, one metre long, to the side where it is allowed. */
interface Piece extends Line {
  readonly inward: Flat;
}

export interface Nearest {
  /** To the line itself. */
  readonly borderMeters: number;
  /** A step behind the line, asked again and found allowed. */
  readonly position: Position;
  readonly meters: number;
}

/**
 * Behind the line and away from its corners, in metres. In a narrow tip only a small step, well away
 * from the point, is still inside.
 */
const STEPS_M = [
  [1, 1],
  [0.5, 1],
  [SIDE_M, 1],
  [SIDE_M, 4],
  [SIDE_M, 16],
  [SIDE_M, 64],
] as const;

export class ZoneFrontier {
  private readonly plane: Plane;
  private readonly pieces: readonly Piece[];
  private readonly boxes: Flatbush | null;

  /** `allowed` asks about a place itself, for the check of what is handed out. */
  constructor(
    outlines: Outlines,
    permits: (verdict: ZoneVerdict) => boolean,
    private readonly allowed: (place: Position) => boolean,
  ) {
    this.plane = outlines.plane;
    this.pieces = outlines.pieces.flatMap((piece) => frontierPiece(piece, permits));
    this.boxes = boxesOf(this.pieces);
  }

  /** Null when it is allowed nowhere, or the line has no place behind it to stand on. */
  nearest(place: Position): Nearest | null {
    if (!this.boxes || !Number.isFinite(place.latitude) || !Number.isFinite(place.longitude)) return null;
    const here = this.plane.flat(place);
    for (let count = 8; ; count *= 4) {
      const found = this.boxes.neighbors(here[0], here[1], count).flatMap((i) => this.pieces[i] ?? []);
      const last = found.at(-1);
      // No piece beyond the last box can be nearer than that box.
      const sure = found.length < count || !last ? Infinity : boxDistance(last, here);
      const byDistance = found
        .map((piece) => ({ piece, meters: distanceTo(piece, here) }))
        .sort((a, b) => a.meters - b.meters);
      for (const { piece, meters } of byDistance) {
        if (meters > sure) break;
        const position = this.stepBehind(piece, here);
        if (position) return { borderMeters: meters, position, meters: metersBetween(place, position) };
      }
      if (found.length < count) return null;
    }
  }

  /** The nearest place on the allowed side that, rounded as people will see it, is indeed allowed. */
  private stepBehind(piece: Piece, here: Flat): Position | null {
    const whole = length(piece.from, piece.to);
    const nearest = shareAlong(piece, here);
    for (const [step, fromCorner] of STEPS_M) {
      const margin = Math.min(0.5, fromCorner / whole);
      const foot = along(piece, Math.min(1 - margin, Math.max(margin, nearest)));
      const position = rounded(this.plane.place(beside(foot, piece.inward, step)));
      if (this.allowed(position)) return position;
    }
    return null;
  }
}

function frontierPiece(
  { from, to, left, onLeft, onRight }: OutlinePiece,
  permits: (verdict: ZoneVerdict) => boolean,
): Piece[] {
  const leftAllowed = permits(onLeft);
  if (leftAllowed === permits(onRight)) return [];
  return [{ from, to, inward: leftAllowed ? left : [-left[0], -left[1]] }];
}

/** Six decimals are about ten centimetres. */
const rounded = ({ latitude, longitude }: Position): Position => ({
  latitude: Math.round(latitude * 1e6) / 1e6,
  longitude: Math.round(longitude * 1e6) / 1e6,
});

function boxDistance({ from, to }: Line, [east, north]: Flat): number {
  const dx = Math.max(Math.min(from[0], to[0]) - east, 0, east - Math.max(from[0], to[0]));
  const dy = Math.max(Math.min(from[1], to[1]) - north, 0, north - Math.max(from[1], to[1]));
  return Math.hypot(dx, dy);
}
