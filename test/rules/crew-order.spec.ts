import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crewOrder, routeCost, type Stop } from '../../src/maintenance/crew-order.js';
import type { TaskId } from '../../src/platform/ids.js';

const at = (east: number, north = 0) => ({ latitude: 48.85 + north / 100, longitude: 2.35 + east / 100 });
const stop = (id: string, east: number | null, also: Partial<Stop> = {}): Stop => ({
  id: id as TaskId,
  position: east === null ? null : at(east),
  score: 10,
  started: false,
  ...also,
});

describe('the list of a crew', () => {
  // prettier-ignore
  it.each<[string, Stop[], string[]]>([
    ['is empty when nothing is to do',                       [],                                                                ''.split('')],
    ['goes along the street, not back and forth',            [stop('c', 3), stop('a', 1), stop('d', 4), stop('b', 2)],          ['a', 'b', 'c', 'd']],
    ['takes the two sides one after the other',              [stop('w2', -2), stop('e1', 1), stop('w1', -1), stop('e2', 2.5)],  ['w1', 'w2', 'e1', 'e2']],
    ['begins where the crew already stands',                 [stop('a', 1), stop('b', 6, { started: true }), stop('c', 7)],     ['b', 'c', 'a']],
    ['sends to a stranded scooter before a slightly nearer', [stop('a', 1), stop('b', -1.2, { score: 95 })],                    ['b', 'a']],
    ['takes what lies on the way to an urgent one',          [stop('a', 1), stop('b', 3, { score: 95 })],                       ['a', 'b']],
    ['lets everyday urgency not bend the way',               [stop('a', 1, { score: 3 }), stop('b', 2, { score: 30 })],         ['a', 'b']],
    ['leaves the scooter nobody can find for the end',       [stop('lost', null, { score: 99 }), stop('a', 1)],                 ['a', 'lost']],
  ])('%s', (_what, stops, order) => {
    expect(crewOrder(at(0), stops)).toEqual(order);
  });

  // Whole numbers, because a failing case made of them shrinks in a second and one of doubles in an hour.
  const hundredth = fc.integer({ min: -500, max: 500 }).map((hundreds) => hundreds / 100);
  const stops = fc
    .array(
      fc.record({
        east: hundredth,
        north: hundredth,
        score: fc.integer({ min: 0, max: 100 }),
      }),
      { maxLength: 12 },
    )
    .map((list) =>
      list.map(({ east, north, score }, index): Stop => ({
        id: `t${String(index)}` as TaskId,
        position: at(east, north),
        score,
        started: false,
      })),
    );

  it('names every stop once and says the same whatever order it is told in', () => {
    fc.assert(
      fc.property(stops, (list) => {
        const order = crewOrder(at(0), list);
        expect([...order].sort()).toEqual(list.map(({ id }) => id).sort());
        expect(crewOrder(at(0), [...list].reverse())).toEqual(order);
      }),
    );
  });

  it('costs no more than driving by urgency alone', () => {
    fc.assert(
      fc.property(stops, (list) => {
        const placed = list.flatMap((one) => (one.position ? [{ ...one, position: one.position }] : []));
        const byUrgency = [...placed].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
        const ours = crewOrder(at(0), list).flatMap((id) => placed.find((one) => one.id === id) ?? []);
        expect(routeCost(at(0), ours)).toBeLessThanOrEqual(routeCost(at(0), byUrgency) + 1e-6);
      }),
    );
  });
});
