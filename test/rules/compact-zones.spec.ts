// The zones as a scooter carries them: what is said of them, in which order, and whether it fits.
import { describe, expect, it } from '@jest/globals';
import { compactZones, MOST_BYTES, whyNotOnBoard } from '../../src/onboard/compact-zones.js';
import { namedId, type ZoneId } from '../../src/platform/ids.js';
import { ZoneSet } from '../../src/telematics/wire.js';
import type { Ring, Zone } from '../../src/zones/zone.js';
import { parisZones } from '../kit/paris-zones.js';

const zone = (name: string, rings: Ring[], parts: Partial<Zone> = {}): Zone => ({
  id: namedId<ZoneId>(name), kind: 'service', name, priority: null, maxSpeedKmh: null, source: 'test', areaM2: 1000,
  geometry: { type: 'MultiPolygon', coordinates: [rings] }, ...parts,
});
const square = (west: number, south: number, side: number): Ring =>
  [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]];

describe('the compact zones', () => {
  it('write an outline the way the whole world encodes polylines, without its last corner', () => {
    const known: Ring = [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252], [-120.2, 38.5]];
    expect(compactZones(1, [zone('example', [known])]).zones[0]?.polygons).toEqual([['_p~iF~ps|U_ulLnnqC_mqNvxq`@']]);
  });

  it('stand in the order in which they speak: priority first, then the smaller one, then the stricter one', () => {
    const zones = [
      zone('large',    [square(2.3, 48.8, 0.1)],  { kind: 'service',    areaM2: 9e6 }),
      zone('small',    [square(2.3, 48.8, 0.01)], { kind: 'slow',       areaM2: 100, maxSpeedKmh: 20 }),
      zone('as small', [square(2.3, 48.8, 0.01)], { kind: 'no_ride',    areaM2: 100 }),
      zone('loud',     [square(2.3, 48.8, 0.05)], { kind: 'no_parking', areaM2: 8e6, priority: 3 }),
    ];
    for (const order of [zones, zones.toReversed()]) {
      expect(compactZones(7, order).zones.map(({ kind, limitKmh }) => [kind, limitKmh])).toEqual([['no_parking', null], ['no_ride', null], ['slow', 20], ['service', null]]);
    }
  });

  it('keep a hole, and leave out what rounding leaves nothing of', () => {
    const speck = square(2.35, 48.85, 0.000004);
    const [holed] = compactZones(1, [zone('holed', [square(2.3, 48.8, 0.1), square(2.34, 48.84, 0.01), speck])]).zones;
    expect(holed?.polygons[0]).toHaveLength(2);
    expect(compactZones(1, [zone('speck', [speck])]).zones).toEqual([]);
  });

  it('of Paris are what the wire allows and fit in one message', () => {
    const zones = parisZones();
    expect(ZoneSet.safeParse(compactZones(1, zones)).success).toBe(true);
    expect(compactZones(1, zones).zones).toHaveLength(zones.length);
    expect(whyNotOnBoard(zones)).toBeNull();
  });

  it('are refused by their size, and told by how much', () => {
    const round: Ring = Array.from({ length: 4000 }, (_, i) => [2.3 + Math.sin(i) / 20, 48.85 + Math.cos(i) / 20]);
    const corners = [...round, round[0] ?? [0, 0]] as Ring;
    expect(whyNotOnBoard([zone('one', [corners])])).toBeNull();
    const said = whyNotOnBoard([1, 2, 3].map((n) => zone(String(n), [corners])));
    expect(said?.bytes).toBeGreaterThan(MOST_BYTES);
    expect(said?.mostBytes).toBe(MOST_BYTES);
  });

  it('that fit are never more than a unit reserves memory for', () => {
    const least = (i: number): Zone => zone(String(i), [[[2.3, 48.8], [2.30001, 48.8], [2.3, 48.80001], [2.3, 48.8]]], { kind: 'slow', maxSpeedKmh: 6 });
    expect(whyNotOnBoard(Array.from({ length: 1001 }, (_, i) => least(i)))).not.toBeNull();
    expect(whyNotOnBoard(Array.from({ length: 600 }, (_, i) => least(i)))).toBeNull();
  });
});
