// Which zone speaks at a place, asked by a unit with little memory and no network: outlines as whole 1e-5
// degrees, and a grid that says which few zones to try. It shares no line with the service's own judge.
import { type ZoneSet, type ZoneState } from '../../src/telematics/wire.js';
import { type Position } from '../body/geo.js';

export interface Verdict {
  readonly zone: ZoneState;
  readonly limitKmh: number | null;
}

export const NO_VERDICT: Verdict = { zone: 'unknown', limitKmh: null };
const OUTSIDE: Verdict = { zone: 'outside', limitKmh: null };

/** Latitude, longitude, latitude, …; in 1e-5 degrees. */
type Line = readonly number[];
interface Box {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}
interface Polygon {
  readonly rings: readonly Line[];
  readonly box: Box;
}
interface Zone {
  readonly verdict: Verdict;
  readonly polygons: readonly Polygon[];
}

const PER_DEGREE = 1e5;
/** Cells along each side of the grid over all zones; 400 m in a city of 25 km. */
const CELLS = 64;
const FEWEST_NUMBERS = 6;

export class ZoneJudge {
  private readonly box: Box;
  /** Zones that may cover a cell, in the order in which they speak. */
  private readonly cells: readonly number[][];

  private constructor(private readonly zones: readonly Zone[]) {
    this.box = around(zones.flatMap(({ polygons }) => polygons.map(({ box }) => box)));
    this.cells = Array.from({ length: CELLS * CELLS }, () => []);
    zones.forEach(({ polygons }, index) => {
      for (const { box } of polygons) this.enter(box, index);
    });
  }

  /** Null when an outline cannot be read. */
  static of({ zones }: ZoneSet): ZoneJudge | null {
    const read: Zone[] = [];
    for (const { kind, limitKmh, polygons } of zones) {
      const shapes = polygons.map(polygonOf);
      if (!shapes.every((shape) => shape !== null)) return null;
      read.push({ verdict: { zone: kind, limitKmh }, polygons: shapes });
    }
    return new ZoneJudge(read);
  }

  at({ latitude, longitude }: Position): Verdict {
    const [north, east] = [latitude * PER_DEGREE, longitude * PER_DEGREE];
    if (!isIn(this.box, north, east)) return OUTSIDE;
    for (const index of this.cells[this.row(north) * CELLS + this.column(east)] ?? []) {
      const zone = this.zones[index];
      if (zone?.polygons.some((polygon) => covers(polygon, north, east)) === true) return zone.verdict;
    }
    return OUTSIDE;
  }

  private enter(box: Box, index: number): void {
    for (let row = this.row(box.south); row <= this.row(box.north); row += 1) {
      for (let column = this.column(box.west); column <= this.column(box.east); column += 1) {
        const cell = this.cells[row * CELLS + column];
        if (cell !== undefined && cell.at(-1) !== index) cell.push(index);
      }
    }
  }

  private row(north: number): number {
    return cellOf(north - this.box.south, this.box.north - this.box.south);
  }

  private column(east: number): number {
    return cellOf(east - this.box.west, this.box.east - this.box.west);
  }
}

const cellOf = (step: number, whole: number): number =>
  whole <= 0 ? 0 : Math.max(0, Math.min(CELLS - 1, Math.floor((step / whole) * CELLS)));

function polygonOf(lines: readonly string[]): Polygon | null {
  const rings = lines.map(readLine);
  if (!rings.every((ring) => ring !== null)) return null;
  return { rings, box: around(rings.flatMap(boxesOfCorners)) };
}

/** The public "encoded polyline" format; null when it is cut off or holds anything else. */
export function readLine(text: string): Line | null {
  const line: number[] = [];
  const last = [0, 0];
  let [value, factor] = [0, 1];
  for (let index = 0; index < text.length; index += 1) {
    const bits = text.charCodeAt(index) - 63;
    if (bits < 0 || bits > 63 || factor > 2 ** 30) return null;
    value += (bits % 32) * factor;
    factor *= 32;
    if (bits >= 32) continue;
    const which = line.length % 2;
    const reached = (last[which] ?? 0) + (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
    if (Math.abs(reached) > (which === 0 ? 90 : 180) * PER_DEGREE) return null;
    last[which] = reached;
    line.push(reached);
    [value, factor] = [0, 1];
  }
  return factor === 1 && line.length % 2 === 0 && line.length >= FEWEST_NUMBERS ? line : null;
}

const boxesOfCorners = (ring: Line): Box[] =>
  ring.flatMap((north, index) => {
    const east = ring[index + 1];
    return index % 2 === 1 || east === undefined ? [] : [{ south: north, north, west: east, east }];
  });

function around(boxes: readonly Box[]): Box {
  let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    south = Math.min(south, box.south);
    west = Math.min(west, box.west);
    north = Math.max(north, box.north);
    east = Math.max(east, box.east);
  }
  return { south, west, north, east };
}

const isIn = (box: Box, north: number, east: number): boolean =>
  north >= box.south && north <= box.north && east >= box.west && east <= box.east;

/** Inside the outline and in no hole: a line to the east crosses all rings together an odd number of times. */
function covers({ rings, box }: Polygon, north: number, east: number): boolean {
  if (!isIn(box, north, east)) return false;
  let inside = false;
  for (const ring of rings) {
    let [beforeNorth = 0, beforeEast = 0] = ring.slice(-2);
    for (let index = 0; index < ring.length; index += 2) {
      const [cornerNorth = 0, cornerEast = 0] = [ring[index], ring[index + 1]];
      if (cornerNorth > north !== beforeNorth > north) {
        const crossing = cornerEast + ((north - cornerNorth) / (beforeNorth - cornerNorth)) * (beforeEast - cornerEast);
        if (east < crossing) inside = !inside;
      }
      [beforeNorth, beforeEast] = [cornerNorth, cornerEast];
    }
  }
  return inside;
}
