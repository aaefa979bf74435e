// Ways through the real Paris: inside the service area, around the parks nobody may ride through, without jumps.
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { CityGrid } from '../../people-sim/city-grid.js';
import { destinationAt, originAt } from '../../people-sim/demand.js';
import { diceOf } from '../../people-sim/dice.js';
import { metersApart, type Place } from '../../people-sim/place.js';
import { lengthM, RouteFinder, STEP_M } from '../../people-sim/route.js';
import { liesInOne, shapesOf, type ZoneCollection, type ZoneFeature } from '../../people-sim/zone-shapes.js';

interface OperatorZone { geometry: ZoneFeature['geometry']; properties: { rules: { ride_through_allowed: boolean; ride_end_allowed: boolean }[] } }

const read = (name: string): unknown => JSON.parse(readFileSync(`src/zones/paris/${name}`, 'utf8'));

function paris(): ZoneCollection {
  const communes = read('boundaries.geojson') as { features: ZoneFeature[] };
  const operator = read('operator-zones.json') as { data: { geofencing_zones: { features: OperatorZone[] } } };
  return {
    features: [
      ...communes.features.map(({ geometry }) => ({ geometry, properties: { kind: 'service' } })),
      ...operator.data.geofencing_zones.features.map(({ geometry, properties: { rules: [rule] } }) => ({
        geometry,
        properties: { kind: rule?.ride_through_allowed === false ? 'no_ride' : rule?.ride_end_allowed === false ? 'no_parking' : 'slow' },
      })),
    ],
  };
}

const zones = paris();
const grid = new CityGrid(zones);
const finder = new RouteFinder(grid);
const noParking = shapesOf(zones, 'no_parking');

const journeys = (seed: number, count: number): [Place, Place][] => {
  const dice = diceOf('journeys', seed);
  const anywhere = (place: Place) => grid.placeIn(grid.nearest(place, 'parkable'), dice.next() - 0.5, dice.next() - 0.5);
  return Array.from({ length: count }, () => [anywhere(originAt(480, dice)), anywhere(destinationAt(480, dice))]);
};

const everyTenMeters = (route: readonly Place[]): Place[] => route.slice(1).flatMap((to, i) => {
  const from = route[i] ?? to;
  const pieces = Math.ceil(metersApart(from, to) / 10);
  return Array.from({ length: pieces + 1 }, (_, n) => ({
    latitude: from.latitude + ((to.latitude - from.latitude) * n) / Math.max(1, pieces),
    longitude: from.longitude + ((to.longitude - from.longitude) * n) / Math.max(1, pieces),
  }));
});

describe('a way through the city', () => {
  it.each([1, 2, 3])('stays inside the service area and out of every no-ride zone (seed %i)', (seed) => {
    for (const [from, to] of journeys(seed, 60)) {
      const outside = everyTenMeters(finder.route(from, to)).filter((place) => !grid.mayRideAt(place));
      expect(outside).toEqual([]);
    }
  });

  it('begins and ends where it was asked to, and has no jump', () => {
    for (const [from, to] of journeys(4, 100)) {
      const route = finder.route(from, to);
      const [first, last] = [route[0], route.at(-1)];
      if (!first || !last) throw new Error('no way');
      expect(metersApart(first, from)).toBeLessThan(1);
      expect(metersApart(last, to)).toBeLessThan(1);
      route.slice(1).forEach((place, i) => expect(metersApart(place, route[i] ?? place)).toBeLessThanOrEqual(STEP_M + 1));
    }
  });

  it('is never shorter than the straight line and rarely half as long again', () => {
    const detours = journeys(5, 100).map(([from, to]) => lengthM(finder.route(from, to)) / metersApart(from, to));
    expect(Math.min(...detours)).toBeGreaterThan(0.999);
    expect(detours.filter((detour) => detour > 1.5).length).toBeLessThan(5);
  });

  it('goes around the Luxembourg gardens, which lie in the middle of it', () => {
    const [west, east] = [{ latitude: 48.8472, longitude: 2.3265 }, { latitude: 48.8465, longitude: 2.3445 }];
    const middle = { latitude: 48.8468, longitude: 2.3372 };
    expect(grid.mayRideAt(middle)).toBe(false);
    const route = finder.route(west, east);
    expect(lengthM(route)).toBeGreaterThan(metersApart(west, east) * 1.1);
    expect(everyTenMeters(route).every((place) => grid.mayRideAt(place))).toBe(true);
  });

  it('also leads out of a place where the grid is closed, such as the edge of a park', () => {
    const inTheTuileries = { latitude: 48.8635, longitude: 2.3275 };
    const route = finder.route(inTheTuileries, { latitude: 48.8532, longitude: 2.3692 });
    expect(route.length).toBeGreaterThan(5);
    expect(route[0]).toEqual(inTheTuileries);
  });

  it('never sends anybody to park where parking is forbidden', () => {
    const dice = diceOf('parking');
    for (let nth = 0; nth < 300; nth++) {
      const place = grid.placeIn(grid.nearest(destinationAt(1200, dice), 'parkable'), dice.next() - 0.5, dice.next() - 0.5);
      expect(grid.mayRideAt(place) && !liesInOne(place, noParking)).toBe(true);
    }
  });
});

describe('the squares of the city', () => {
  it('cover most of its 109 km2 outside the two woods', () => {
    let squares = 0;
    for (let cell = 0; cell < grid.columns * grid.rows; cell++) if (grid.is('rideable', cell)) squares += 1;
    expect(squares * 0.01).toBeGreaterThan(75);
    expect(squares * 0.01).toBeLessThan(109);
  });
});
