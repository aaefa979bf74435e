import { describe, expect, it } from '@jest/globals';
import { booleanPointInPolygon } from '@turf/turf';
import { metersBetween, type Position } from '../../src/platform/geo.js';
import { decide, ZoneMap } from '../../src/zones/zone-decision.js';
import { byRank, type NewZone, type Zone } from '../../src/zones/zone.js';
import { parisZones, ZONE_PLACES, published } from '../kit/paris-zones.js';

/** A drawing in metres around one corner of Paris, to say borders exactly. */
const CORNER = { latitude: 48.86, longitude: 2.34 };
const EAST = 111_195 * Math.cos((CORNER.latitude * Math.PI) / 180);
const at = (east: number, north: number): Position => ({
  latitude: CORNER.latitude + north / 111_195,
  longitude: CORNER.longitude + east / EAST,
});
const box = (west: number, south: number, east: number, north: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ].map(([e, n]) => {
      const { latitude, longitude } = at(e ?? 0, n ?? 0);
      return [longitude, latitude];
    }),
  ],
});
/** A strip ten metres wide that runs from corner to corner. */
const strip = (north: number) => ({
  type: 'Polygon',
  coordinates: [
    [at(0, north), at(4000, north + 4000), at(4000, north + 4010), at(0, north + 10), at(0, north)].map((place) => [
      place.longitude,
      place.latitude,
    ]),
  ],
});
const zone = (name: string, kind: NewZone['kind'], geometry: unknown, more: Partial<NewZone> = {}): NewZone => ({
  kind,
  name,
  priority: null,
  maxSpeedKmh: kind === 'slow' ? 20 : null,
  geometry,
  source: 'test',
  ...more,
});
const map = (...zones: NewZone[]) => new ZoneMap(published(zones));
const ask = (zones: ZoneMap, place: Position, accuracyM = 0) => decide(zones, { ...place, accuracyM });

const city = zone('City', 'service', box(0, 0, 4000, 4000));
const park = zone('Park', 'no_parking', box(1000, 1000, 2000, 2000));

const zones = parisZones();
const paris = new ZoneMap(zones);

describe('the real Paris', () => {
  it.each<[keyof typeof ZONE_PLACES, object]>([
    ['rueDeRivoli', { mayRide: true, mayEnd: true, limitKmh: null, why: null, nearestEnd: null }],
    ['placeDeLaRepublique', { mayRide: true, mayEnd: true, limitKmh: null, why: null, zoneName: 'BA Nov 23' }],
    [
      'mairieDeNeuilly',
      { mayRide: true, mayEnd: true, limitKmh: null, why: null, zoneName: 'Paris + Neuilly-sur-Seine' },
    ],
    ['bastille', { mayRide: true, mayEnd: true, limitKmh: 10, why: null, zoneName: '[Paris][LSZ][Bastille]' }],
    ['courDuLouvre', { mayRide: false, mayEnd: false, why: 'parking_forbidden' }],
    ['parcDeBercy', { mayRide: false, mayEnd: false, why: 'parking_forbidden', zoneName: 'Parc de Bercy' }],
    [
      'boisDeBoulogne',
      { mayRide: false, mayEnd: false, why: 'parking_forbidden', zoneName: 'NGZ ESCOOTER BOIS DE BOULOGNE' },
    ],
    ['saintDenis', { mayRide: true, mayEnd: false, why: 'outside_service_area' }],
    ['laDefense', { mayRide: true, mayEnd: false, why: 'outside_service_area' }],
    ['levallois', { mayRide: true, mayEnd: false, why: 'outside_service_area' }],
  ])('decides at %s', (place, expected) => {
    expect(ask(paris, ZONE_PLACES[place])).toMatchObject(expected);
  });

  it('leads from Saint-Denis to the nearest place inside, where one may indeed end', () => {
    const { nearestEnd } = ask(paris, ZONE_PLACES.saintDenis);
    if (!nearestEnd) throw new Error('there is a place');
    expect(nearestEnd.meters).toBeGreaterThan(3500);
    expect(nearestEnd.meters).toBeLessThan(4000);
    expect(ask(paris, nearestEnd.position).mayEnd).toBe(true);
  });
});

describe('at a border', () => {
  it.each<[string, Position, number, boolean, object]>([
    ['a metre inside', at(1, 500), 0, true, { why: null, nearestEnd: null }],
    ['a metre outside, perfect receiver', at(-1, 500), 0, false, { why: 'outside_service_area' }],
    ['a metre outside, usual receiver', at(-1, 500), 8, true, { why: null, nearestEnd: null }],
    ['9 m outside, 8 m of error', at(-9, 500), 8, false, { why: 'outside_service_area' }],
    ['14 m outside, 15 m of error', at(-14, 500), 15, true, { why: null }],
    ['16 m outside, 15 m of error', at(-16, 500), 15, false, { why: 'outside_service_area' }],
    ['16 m outside, 500 m of error', at(-16, 500), 500, false, { why: 'outside_service_area' }],
    ['14 m outside, 500 m of error', at(-14, 500), 500, true, { why: null }],
    ['error that is no number', at(-5, 500), NaN, false, { why: 'outside_service_area' }],
    ['error below nothing', at(-5, 500), -20, false, { why: 'outside_service_area' }],
    ['10 m inside the park, 12 m of error', at(1010, 1500), 12, true, { why: null }],
    [
      '10 m inside the park, 8 m of error',
      at(1010, 1500),
      8,
      false,
      { why: 'parking_forbidden', nearestEnd: { meters: 11 } },
    ],
    ['in the middle of the park', at(1500, 1400), 15, false, { why: 'parking_forbidden', nearestEnd: { meters: 401 } }],
    ['300 m outside', at(-300, 500), 5, false, { why: 'outside_service_area', nearestEnd: { meters: 301 } }],
  ])('%s', (...[, place, accuracyM, mayEnd, more]) => {
    expect(ask(map(city, park), place, accuracyM)).toMatchObject({ mayRide: true, mayEnd, ...more });
  });

  it('asks at the very line without falling between two chairs', () => {
    expect(ask(map(city), at(0, 500)).mayEnd || ask(map(city), at(0, 500), 1).mayEnd).toBe(true);
  });

  it('lets a rider on who rolls along the edge of a forbidden wood', () => {
    const wood = zone('Wood', 'no_ride', box(1000, 1000, 2000, 2000));
    expect(ask(map(city, wood), at(1005, 1500), 6).mayRide).toBe(true);
    expect(ask(map(city, wood), at(1005, 1500), 2).mayRide).toBe(false);
  });
});

describe('where zones lie on each other', () => {
  const inner = box(1200, 1200, 1400, 1400);
  it.each<[string, NewZone[], object]>([
    [
      'the smaller one speaks: parking inside a park',
      [city, park, zone('Bays', 'service', inner)],
      { mayEnd: true, zoneName: 'Bays' },
    ],
    [
      'the smaller one speaks: no parking inside a slow street',
      [city, zone('S', 'slow', box(1000, 1000, 2000, 2000)), zone('N', 'no_parking', inner)],
      { mayEnd: false, limitKmh: null },
    ],
    [
      'a slow road through a wood may be ridden',
      [city, zone('W', 'no_ride', box(500, 500, 3000, 3000)), zone('R', 'slow', inner)],
      { mayRide: true, limitKmh: 20 },
    ],
    [
      'the order of the list says nothing',
      [zone('Bays', 'service', inner), park, city],
      { mayEnd: true, zoneName: 'Bays' },
    ],
    [
      'an explicit priority beats the smaller one',
      [city, zone('P', 'no_parking', box(1000, 1000, 2000, 2000), { priority: 1 }), zone('Bays', 'service', inner)],
      { mayEnd: false, zoneName: 'P' },
    ],
    [
      'a priority below nothing loses',
      [city, zone('P', 'no_parking', inner, { priority: -1 })],
      { mayEnd: true, zoneName: 'City' },
    ],
    [
      'of two equal ones the stricter speaks',
      [city, zone('A', 'service', inner), zone('B', 'no_ride', inner)],
      { mayRide: false, mayEnd: false, zoneName: 'B' },
    ],
    [
      'a slow zone outside is no service area',
      [zone('Far', 'service', box(9000, 0, 9500, 500)), zone('S', 'slow', inner)],
      { mayRide: true, mayEnd: false, why: 'outside_service_area', limitKmh: 20 },
    ],
  ])('%s', (_rule, zones, expected) => {
    expect(ask(map(...zones), at(1300, 1300))).toMatchObject(expected);
  });

  it('takes every service zone as part of one service area', () => {
    const twins = map(
      zone('West', 'service', box(0, 0, 1000, 1000)),
      zone('East', 'service', box(1000, 0, 2000, 1000)),
    );
    expect([at(500, 500), at(1000, 500), at(1500, 500)].map((place) => ask(twins, place).mayEnd)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('finds the way out of two overlapping parks, where their outlines cross', () => {
    const two = map(
      city,
      zone('A', 'no_parking', box(1000, 1000, 2000, 1400)),
      zone('B', 'no_parking', box(1000, 1300, 1500, 2400)),
    );
    const { nearestEnd } = ask(two, at(1480, 1380));
    expect(nearestEnd?.meters).toBeGreaterThanOrEqual(28);
    expect(nearestEnd?.meters).toBeLessThanOrEqual(31);
  });

  it('finds the small bay close by among long slanting borders whose boxes all hold the place', () => {
    const slanting = Array.from({ length: 12 }, (_, i) => zone(`Strip ${String(i)}`, 'service', strip(i * 20)));
    const { nearestEnd } = ask(map(...slanting, zone('Bay', 'service', box(3100, 50, 3150, 150))), at(3000, 100));
    expect(nearestEnd?.meters).toBe(101);
  });

  it('knows no nearest place when ending is allowed nowhere', () => {
    expect(ask(map(), at(0, 0))).toEqual({
      mayRide: true,
      mayEnd: false,
      limitKmh: null,
      why: 'outside_service_area',
      zoneName: null,
      nearestEnd: null,
    });
    expect(ask(map(zone('N', 'no_parking', box(0, 0, 9, 9))), at(5, 5)).nearestEnd).toBeNull();
  });

  it('is not shaken by a position that is none', () => {
    expect(ask(map(city), { latitude: NaN, longitude: Infinity })).toMatchObject({
      mayEnd: false,
      why: 'outside_service_area',
      nearestEnd: null,
    });
  });
});

describe('index and frontier against looking at everything', () => {
  const ranked = [...zones].sort(byRank);
  let state = 42;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const anywhere = (): Position => ({ latitude: 48.79 + random() * 0.14, longitude: 2.2 + random() * 0.3 });
  const covers =
    ({ latitude, longitude }: Position) =>
    ({ geometry }: Zone): boolean =>
      booleanPointInPolygon([longitude, latitude], geometry);
  const mayEndSlowly = (place: Position): boolean => {
    const covering = ranked.filter(covers(place));
    return (
      covering.some(({ kind }) => kind === 'service') && !['no_ride', 'no_parking'].includes(covering[0]?.kind ?? '')
    );
  };

  it('agrees on 2,000 random places', () => {
    const places = Array.from({ length: 2000 }, anywhere);
    const allowed = places.filter(mayEndSlowly);
    expect(places.filter((place) => ask(paris, place).mayEnd)).toEqual(allowed);
    expect(allowed.length).toBeGreaterThan(300);
  });

  it('finds no nearer place by searching a ring just inside the one it names', () => {
    const refused = Array.from({ length: 150 }, anywhere).filter((place) => !paris.verdict(place).mayEnd);
    expect(refused.length).toBeGreaterThan(50);
    for (const place of refused) {
      const found = ask(paris, place).nearestEnd;
      if (!found) throw new Error('there is a place');
      expect(paris.verdict(found.position).mayEnd).toBe(true);
      expect(Math.abs(metersBetween(place, found.position) - found.meters)).toBeLessThanOrEqual(1);
      const closer = Math.max(0, found.meters * 0.99 - 4);
      const ring = Array.from({ length: 60 }, (_, i): Position => ({
        latitude: place.latitude + (closer * Math.sin((i * Math.PI) / 30)) / 111_195,
        longitude:
          place.longitude +
          (closer * Math.cos((i * Math.PI) / 30)) / (111_195 * Math.cos((place.latitude * Math.PI) / 180)),
      }));
      expect({ place, found, nearer: ring.filter((near) => paris.verdict(near).mayEnd) }).toMatchObject({ nearer: [] });
    }
  });
});
