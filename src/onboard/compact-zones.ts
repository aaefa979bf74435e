// The zones as a scooter carries them: in the order in which they speak, each outline as an encoded polyline
// with five decimals (1.1 m at most), and small enough for one message. All 273 zones of Paris take 26 KiB.
import { MAX_ZONES_BYTES, type ZoneSet } from '../telematics/wire.js';
import { byRank, type Point, type Ring, type Zone } from '../zones/zone.js';

/** Topic, packet id and length around the message: with them it still is a packet of 64 KiB, which brokers and modems let pass. */
const FRAME_BYTES = 64;
export const MOST_BYTES = MAX_ZONES_BYTES - FRAME_BYTES;

const DECIMALS = 1e5;
/** A triangle. */
const FEWEST_CORNERS = 3;

export function compactZones(version: number, zones: readonly Zone[]): ZoneSet {
  return {
    version,
    zones: [...zones].sort(byRank).flatMap(({ kind, maxSpeedKmh, geometry }) => {
      const polygons = geometry.coordinates.flatMap(compactPolygon);
      return polygons.length === 0 ? [] : [{ kind, limitKmh: maxSpeedKmh, polygons }];
    }),
  };
}

export interface TooLarge {
  readonly bytes: number;
  readonly mostBytes: number;
}

/** Null when these zones fit, whatever their version will be. The wire's bound of 1,000 zones takes more bytes than there are. */
export function whyNotOnBoard(zones: readonly Zone[]): TooLarge | null {
  const body = JSON.stringify(compactZones(2_147_483_647, zones));
  const bytes = Buffer.byteLength(JSON.stringify({ body, signature: '0'.repeat(128) }));
  return bytes <= MOST_BYTES ? null : { bytes, mostBytes: MOST_BYTES };
}

/** Less than a triangle after rounding is less than a scooter is wide: such a hole is filled, such a polygon left out. */
function compactPolygon(rings: readonly Ring[]): string[][] {
  const [outline, ...holes] = rings.map(cornersOf);
  if (!outline || outline.length < FEWEST_CORNERS) return [];
  return [[outline, ...holes.filter((hole) => hole.length >= FEWEST_CORNERS)].map(encodeLine)];
}

/** Rounded, none twice in a row, and the first one not said again at the end. */
function cornersOf(ring: Ring): Point[] {
  const rounded = ring.map(([x, y]): Point => [Math.round(x * DECIMALS), Math.round(y * DECIMALS)]);
  return rounded.filter(([x, y], i) => {
    const before = i === 0 ? undefined : rounded[i - 1];
    const closes = i === rounded.length - 1 && x === rounded[0]?.[0] && y === rounded[0][1];
    return !closes && (before?.[0] !== x || before[1] !== y);
  });
}

/** Google's encoded polyline algorithm: latitude before longitude, each as the step from the corner before. */
function encodeLine(corners: readonly Point[]): string {
  let [east, north] = [0, 0];
  let text = '';
  for (const [x, y] of corners) {
    text += encodeStep(y - north) + encodeStep(x - east);
    [east, north] = [x, y];
  }
  return text;
}

function encodeStep(step: number): string {
  let rest = step < 0 ? -2 * step - 1 : 2 * step;
  let text = '';
  for (; rest >= 0x20; rest = Math.floor(rest / 0x20)) text += String.fromCharCode((rest % 0x20) + 0x20 + 63);
  return text + String.fromCharCode(rest + 63);
}
