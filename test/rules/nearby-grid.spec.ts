import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NearbyGrid, type FreeScooter } from '../../src/fleet/nearby-grid.js';
import { metersBetween, type Position } from '../../src/platform/geo.js';

const at = (latitude: number, longitude: number): Position => ({ latitude, longitude });
const free = (id: string, position: Position, rangeKm = 40): FreeScooter => ({ id, plate: `P-${id}`, position, rangeKm });
const ids = (grid: NearbyGrid, center: Position, radiusM = 500, most = 50): string[] => grid.around(center, radiusM, most).map(({ id }) => id);

/** What the grid must find, by looking at everybody. */
const lookedFor = (all: readonly FreeScooter[], center: Position, radiusM: number, most: number): string[] =>
  all.map(({ id, position }) => ({ id, meters: metersBetween(center, position) }))
    .filter(({ meters }) => meters <= radiusM)
    .sort((a, b) => a.meters - b.meters || (a.id < b.id ? -1 : 1))
    .slice(0, most).map(({ id }) => id);

describe('free scooters in memory', () => {
  it('finds who is near, nearest first, with the distance', () => {
    const grid = new NearbyGrid();
    grid.put(free('far', at(48.8560, 2.3376)));
    grid.put(free('near', at(48.8607, 2.3376), 12));
    expect(grid.around(at(48.8606, 2.3376), 2000, 50)).toEqual([
      { id: 'near', plate: 'P-near', position: at(48.8607, 2.3376), rangeKm: 12, meters: metersBetween(at(48.8606, 2.3376), at(48.8607, 2.3376)) },
      { id: 'far', plate: 'P-far', position: at(48.8560, 2.3376), rangeKm: 40, meters: metersBetween(at(48.8606, 2.3376), at(48.8560, 2.3376)) },
    ]);
  });

  it.each<[string, Position]>([
    ['within its square', at(48.8601, 2.33)], ['into the next one', at(48.8625, 2.33)], ['across the city', at(48.90, 2.40)], ['out of the city', at(43.3, 5.4)],
  ])('follows who moves %s', (_, place) => {
    const grid = new NearbyGrid();
    for (const id of ['b', 'a', 'c']) grid.put(free(id, at(48.86, 2.33)));
    grid.put(free('a', place, 30));
    expect(ids(grid, place, 5)).toEqual(['a']);
    expect(ids(grid, at(48.86, 2.33), 5)).toEqual(['b', 'c']);
    grid.put(free('a', at(48.86, 2.33)));
    expect([ids(grid, place, 5), ids(grid, at(48.86, 2.33), 5)]).toEqual([[], ['a', 'b', 'c']]);
  });

  it('forgets who is no longer free, and takes who comes back elsewhere', () => {
    const grid = new NearbyGrid();
    grid.put(free('a', at(48.86, 2.33)));
    grid.remove('a');
    grid.remove('a');
    expect([grid.size, ids(grid, at(48.86, 2.33))]).toEqual([0, []]);
    grid.put(free('b', at(48.86, 2.33)));
    grid.put(free('a', at(48.90, 2.40)));
    expect([ids(grid, at(48.86, 2.33)), ids(grid, at(48.90, 2.40))]).toEqual([['b'], ['a']]);
  });

  it.each<[string, Position]>([
    ['the north pole', at(90, 0)], ['the date line', at(10, 180)], ['(0, 0)', at(0, 0)], ['south of the city', at(40, 2.33)], ['west of it', at(48.86, -3)],
  ])('answers at %s too, and finds who stands there', (_, place) => {
    const grid = new NearbyGrid();
    grid.put(free('paris', at(48.86, 2.33)));
    expect(ids(grid, place, 2000)).toEqual([]);
    grid.put(free('there', place));
    expect(ids(grid, place, 2000)).toEqual(['there']);
  });

  it('finds whom one finds by looking at everybody, whoever came, moved and went', () => {
    const place = fc.record({ latitude: fc.double({ min: 48.80, max: 48.83, noNaN: true }), longitude: fc.double({ min: 2.30, max: 2.34, noNaN: true }) });
    const step = fc.record({ id: fc.integer({ min: 0, max: 30 }), position: fc.option(place) });
    fc.assert(fc.property(fc.array(step, { maxLength: 120 }), place, fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 10 }), (steps, center, radiusM, most) => {
      const [grid, all] = [new NearbyGrid(), new Map<string, FreeScooter>()];
      for (const { id, position } of steps) {
        if (position) all.set(String(id), free(String(id), position));
        else all.delete(String(id));
        if (position) grid.put(free(String(id), position));
        else grid.remove(String(id));
      }
      expect(grid.size).toBe(all.size);
      expect(ids(grid, center, radiusM, most)).toEqual(lookedFor([...all.values()], center, radiusM, most));
    }));
  });

  it('has room for more scooters than it was made for', () => {
    const grid = new NearbyGrid();
    for (let n = 0; n < 5000; n++) grid.put(free(String(n), at(48.80 + n * 1e-5, 2.33)));
    expect(grid.size).toBe(5000);
    expect(ids(grid, at(48.80 + 4321e-5, 2.33), 1, 50)).toEqual(['4321']);
  });
});
