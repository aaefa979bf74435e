// Two judges of the same zones, the service's and the scooter's, that share no line: they must agree wherever
// five decimals leave room for it.
import { describe, expect, it } from '@jest/globals';
import Flatbush from 'flatbush';
import { Chance } from '../../firmware-sim/body/chance.js';
import { readLine, ZoneJudge } from '../../firmware-sim/unit/zone-judge.js';
import { compactZones } from '../../src/onboard/compact-zones.js';
import { ZoneSet } from '../../src/telematics/wire.js';
import { boxesOf, boxOf, distanceTo, Plane, type Flat, type Line } from '../../src/zones/flat-lines.js';
import { decide, ZoneMap } from '../../src/zones/zone-decision.js';
import type { Zone } from '../../src/zones/zone.js';
import { parisZones } from '../kit/paris-zones.js';

/** Half of 1e-5 degrees each way, 0.56 m north and less east; an outline moves by no more than its corners. */
const ROUNDING_M = 1.2;
const POINTS = 24_000;
const plane = new Plane(48.86);

const linesOf = (zones: readonly Zone[]): Line[] =>
  zones.flatMap(({ geometry }) => geometry.coordinates.flat()).flatMap((ring) => {
    const points = ring.map(([longitude, latitude]) => plane.flat({ latitude, longitude }));
    return points.slice(1).map((to, i) => ({ from: points[i] ?? to, to }));
  });

const isByBorder = (lines: readonly Line[], boxes: Flatbush | null, [east, north]: Flat): boolean =>
  (boxes?.search(...boxOf({ from: [east, north], to: [east, north] }, ROUNDING_M)) ?? [])
    .some((i) => lines[i] !== undefined && distanceTo(lines[i], [east, north]) <= ROUNDING_M);

describe('the judge on board', () => {
  const zones = parisZones();
  const set = ZoneSet.parse(JSON.parse(JSON.stringify(compactZones(1, zones))));
  const judge = ZoneJudge.of(set);
  if (judge === null) throw new Error('the zones of Paris can be read');

  it('agrees with the service all over Paris, at a metre from any border too', () => {
    const map = new ZoneMap(zones);
    const lines = linesOf(zones);
    const boxes = boxesOf(lines);
    const chance = new Chance(42);
    const heard = new Map<string, number>();
    const differences: object[] = [];
    let asked = 0;
    while (asked < POINTS) {
      // Every second point lies close to some outline: there they could differ.
      const line = lines[Math.floor(chance.next() * lines.length)];
      const somewhere: Flat = line !== undefined && asked % 2 === 0
        ? [line.from[0] + chance.between(-30, 30), line.from[1] + chance.between(-30, 30)]
        : plane.flat({ latitude: chance.between(48.75, 48.95), longitude: chance.between(2.15, 2.5) });
      if (isByBorder(lines, boxes, somewhere)) continue;
      asked += 1;
      const place = plane.place(somewhere);
      const { speaker } = map.verdict(place);
      const mine = judge.at(place);
      const decision = decide(map, { ...place, accuracyM: 0 });
      const theirs = { zone: speaker?.kind ?? 'outside', limitKmh: decision.limitKmh };
      if (mine.zone !== theirs.zone || mine.limitKmh !== theirs.limitKmh || (mine.zone !== 'no_ride') !== decision.mayRide) {
        differences.push({ place, mine, theirs });
      }
      heard.set(mine.zone, (heard.get(mine.zone) ?? 0) + 1);
    }
    expect(differences).toEqual([]);
    for (const kind of ['outside', 'service', 'no_parking', 'no_ride', 'slow']) expect([kind, (heard.get(kind) ?? 0) > 50]).toEqual([kind, true]);
  });

  it('knows a hole in a zone, and a zone of two parts', () => {
    const of = (...polygons: string[][]) => ZoneJudge.of({ version: 1, zones: [{ kind: 'slow', limitKmh: 20, polygons }] });
    const square = (south: number, west: number, side: number): string => {
      const [polygon] = compactZones(1, [{
        id: zones[0]?.id ?? ('' as Zone['id']), kind: 'service', name: '', priority: null, maxSpeedKmh: null, areaM2: 1, source: '',
        geometry: { type: 'MultiPolygon', coordinates: [[[[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]]] },
      }]).zones[0]?.polygons ?? [];
      return polygon?.[0] ?? '';
    };
    const holed = of([square(48.8, 2.3, 0.1), square(48.84, 2.34, 0.02)], [square(48.95, 2.3, 0.01)]);
    expect(holed?.at({ latitude: 48.85, longitude: 2.35 }).zone).toBe('outside');
    expect(holed?.at({ latitude: 48.81, longitude: 2.35 })).toEqual({ zone: 'slow', limitKmh: 20 });
    expect(holed?.at({ latitude: 48.955, longitude: 2.305 }).zone).toBe('slow');
    expect(holed?.at({ latitude: 48.925, longitude: 2.305 }).zone).toBe('outside');
    expect(holed?.at({ latitude: NaN, longitude: 2.35 }).zone).toBe('outside');
  });

  it('says outside everywhere when there are no zones', () => {
    expect(ZoneJudge.of({ version: 1, zones: [] })?.at({ latitude: 48.85, longitude: 2.35 }).zone).toBe('outside');
  });

  it('reads the example every encoder gives', () => {
    expect(readLine('_p~iF~ps|U_ulLnnqC_mqNvxq`@')).toEqual([3850000, -12020000, 4070000, -12095000, 4325200, -12645300]);
  });

  it.each([
    ['nothing',                      ''],
    ['one cut in the middle',        '_p~iF~ps|U_ulLnnqC_mqNvxq`'],
    ['one without its last half',    '_p~iF~ps|U_ulLnnqC_mqN'],
    ['two corners only',             '_p~iF~ps|U_ulLnnqC'],
    ['a letter no encoder writes',   '_p~iF~ps|U_ulLnnqC_mqNvxq !'],
    ['a step out of this world',     '_p~iF~ps|U_ulLnnqC_mqN~~~~~~`@'],
    ['a number that never ends',     '_p~iF~ps|U' + '~'.repeat(50) + '@'],
  ])('takes no outline from %s', (_what, text) => {
    expect(readLine(text)).toBeNull();
    expect(ZoneJudge.of({ version: 1, zones: [{ kind: 'slow', limitKmh: 20, polygons: [[text]] }] })).toBeNull();
  });
});
