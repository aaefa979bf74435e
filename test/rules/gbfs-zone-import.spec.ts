import { describe, expect, it } from '@jest/globals';
import { importGbfsZones } from '../../src/zones/gbfs-zone-import.js';
import { cityZones } from '../../src/zones/city-zones.js';
import { judgeZones } from '../../src/zones/new-zones.js';
import { operatorFeed, parisBoundaries } from '../kit/paris-zones.js';

const geometry = {
  type: 'Polygon',
  coordinates: [
    [
      [2.34, 48.86],
      [2.35, 48.86],
      [2.35, 48.87],
      [2.34, 48.86],
    ],
  ],
};
const allowed = { ride_start_allowed: true, ride_end_allowed: true, ride_through_allowed: true };
const feature = (rules: unknown, more: object = {}) => ({
  type: 'Feature',
  properties: { name: [{ text: 'Zone 1', language: 'fr' }], rules },
  geometry,
  ...more,
});

describe('the zones of another operator', () => {
  it('are all taken when they are whole: 272 of the 272 real ones', () => {
    const { taken, refused } = importGbfsZones(operatorFeed().data.geofencing_zones.features, 'gbfs');
    const count = (kind: string) => taken.filter((zone) => zone.kind === kind).length;
    expect(refused).toEqual([]);
    expect({
      all: taken.length,
      service: count('service'),
      slow: count('slow'),
      no_ride: count('no_ride'),
      no_parking: count('no_parking'),
    }).toEqual({ all: 272, service: 1, slow: 227, no_ride: 41, no_parking: 3 });
  });

  it('make a city together with its joined communes', () => {
    const { taken } = cityZones(parisBoundaries(), operatorFeed());
    expect(taken[0]).toMatchObject({
      kind: 'service',
      name: 'Paris + Neuilly-sur-Seine',
      geometry: { type: 'Polygon' },
    });
    expect(taken).toHaveLength(273);
    expect(judgeZones(taken).flaws).toEqual([]);
  });

  it.each<[string, unknown[], object]>([
    ['everything allowed', [allowed], { kind: 'service', maxSpeedKmh: null }],
    ['a limit', [{ ...allowed, maximum_speed_kph: 20 }], { kind: 'slow', maxSpeedKmh: 20 }],
    [
      'the least of two limits',
      [
        { ...allowed, maximum_speed_kph: 6 },
        { ...allowed, maximum_speed_kph: 2 },
      ],
      { kind: 'slow', maxSpeedKmh: 2 },
    ],
    ['a limit above what a moped does', [{ ...allowed, maximum_speed_kph: 80 }], { kind: 'slow', maxSpeedKmh: 45 }],
    ['no end', [{ ...allowed, ride_end_allowed: false }], { kind: 'no_parking', maxSpeedKmh: null }],
    [
      'no end and a limit',
      [{ ...allowed, ride_end_allowed: false, maximum_speed_kph: 5 }],
      { kind: 'no_parking', maxSpeedKmh: null },
    ],
    ['no way through', [{ ...allowed, ride_through_allowed: false }], { kind: 'no_ride', maxSpeedKmh: null }],
    ['one of two rules forbids', [allowed, { ...allowed, ride_end_allowed: false }], { kind: 'no_parking' }],
  ])('become ours by their rules: %s', (_what, rules, expected) => {
    expect(importGbfsZones([feature(rules)], 'gbfs').taken).toMatchObject([
      { name: 'Zone 1', priority: null, source: 'gbfs#0', ...expected },
    ]);
  });

  it('are judged one by one: the broken ones are named with their reason, the rest is taken', () => {
    const features = [
      feature([allowed]),
      feature([allowed], { geometry: null }),
      feature([]),
      feature(undefined),
      null,
      'zone',
      feature([{ ...allowed, ride_end_allowed: 'yes' }]),
      feature([allowed], {
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [48.86, 2.34],
              [48.86, 2.35],
              [48.87, 2.35],
              [48.86, 2.34],
            ],
          ],
        },
      }),
      feature([allowed], { geometry: { type: 'Point', coordinates: [2.3, 48.8] } }),
      feature([allowed], { properties: null }),
      feature([{ ...allowed, maximum_speed_kph: 10 }]),
    ];
    const { taken, refused } = importGbfsZones(features, 'gbfs');
    expect(taken.map(({ source }) => source)).toEqual(['gbfs#0', 'gbfs#10']);
    expect(refused.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'missing'],
      [2, 'rules_unreadable'],
      [3, 'rules_unreadable'],
      [4, 'not_a_feature'],
      [5, 'not_a_feature'],
      [6, 'rules_unreadable'],
      [7, 'swapped_coordinates'],
      [8, 'not_a_polygon'],
      [9, 'rules_unreadable'],
    ]);
  });
});

describe('a new version of the map', () => {
  const zone = {
    kind: 'service' as const,
    name: 'City',
    priority: null,
    maxSpeedKmh: null,
    geometry,
    source: 'operator',
  };
  it.each([
    ['a service area', [zone], []],
    ['no service area', [{ ...zone, kind: 'no_ride' as const }], [[null, 'no_service_area']]],
    ['nothing', [], [[null, 'no_service_area']]],
    ['a slow zone without its limit', [zone, { ...zone, kind: 'slow' as const }], [[1, 'limit_needed']]],
    ['a limit where none belongs', [zone, { ...zone, maxSpeedKmh: 20 }], [[1, 'limit_not_wanted']]],
    [
      'two broken shapes',
      [zone, { ...zone, geometry: null }, { ...zone, geometry: 7 }],
      [
        [1, 'missing'],
        [2, 'not_a_polygon'],
      ],
    ],
  ])('with %s', (_what, zones, flaws) => {
    expect(judgeZones(zones).flaws.map(({ index, reason }) => [index, reason])).toEqual(flaws);
  });
});
