import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dispatchChoice,
  LONGEST_LIST,
  type Assignment,
  type DispatchCrew,
  type DispatchTask,
} from '../../src/maintenance/dispatch-choice.js';
import { metersBetween } from '../../src/platform/geo.js';
import type { CrewId, TaskId } from '../../src/platform/ids.js';

const at = (east: number, north = 0) => ({ latitude: 48.85 + north / 100, longitude: 2.35 + east / 100 });
const task = (id: string, east: number, also: Partial<DispatchTask> = {}): DispatchTask => ({
  id: id as TaskId,
  kind: 'swap',
  position: at(east),
  score: 10,
  ...also,
});
const crew = (id: string, east: number, also: Partial<DispatchCrew> = {}): DispatchCrew => ({
  id: id as CrewId,
  places: [at(east)],
  packsLeft: 20,
  listed: 0,
  ...also,
});
const told = (choice: Assignment[]): string[] => choice.map(({ taskId, crewId }) => `${taskId}→${crewId}`).sort();

describe('dispatch', () => {
  // prettier-ignore
  it.each<[string, DispatchTask[], DispatchCrew[], string[]]>([
    ['sends the nearest crew',                       [task('t1', 1)],               [crew('a', 0), crew('b', 5)],                       ['t1→a']],
    ['counts stops on the list as places',           [task('t1', 5)],               [crew('a', 0, { places: [at(0), at(5)], listed: 1 }), crew('b', 4)], ['t1→a']],
    ['gives nothing when nobody is on shift',        [task('t1', 1)],               [],                                                 []],
    ['gives nothing when nothing waits',             [],                            [crew('a', 0)],                                     []],
    ['sends no swap to an empty van',                [task('t1', 0)],               [crew('a', 0, { packsLeft: 0 }), crew('b', 9)],     ['t1→b']],
    ['sends an empty van to look at a scooter',      [task('t1', 0, { kind: 'inspect' })], [crew('a', 0, { packsLeft: 0 }), crew('b', 9)], ['t1→a']],
    ['lets a swap wait when no van has a pack',      [task('t1', 0)],               [crew('a', 0, { packsLeft: 0 })],                   []],
    ['gives the last pack to the emptiest scooter',  [task('t1', 0), task('t2', 3, { score: 40 })], [crew('a', 0, { packsLeft: 1 })],   ['t2→a']],
    ['keeps the last pack for the swap',             [task('t1', 0, { kind: 'inspect', score: 90 }), task('t2', 3)], [crew('a', 0, { packsLeft: 1 })], ['t1→a', 't2→a']],
    ['passes over a full list',                      [task('t1', 0)],               [crew('a', 0, { listed: LONGEST_LIST }), crew('b', 9)], ['t1→b']],
    ['does not give all to one while others idle',   [task('t1', 0)],               [crew('a', 0, { listed: 6 }), crew('b', 9)],        ['t1→b']],
    ['decides between equal ways by the first name', [task('t1', 1)],               [crew('b', 2), crew('a', 0)],                       ['t1→a']],
    ['shares for the shortest sum, not greedily',    [task('t1', 0), task('t2', -4)], [crew('a', 1, { packsLeft: 1 }), crew('b', 3, { packsLeft: 1 })], ['t1→b', 't2→a']],
  ])('%s', (_what, tasks, crews, expected) => {
    expect(told(dispatchChoice(tasks, crews))).toEqual(expected);
  });

  it('fills a list to its longest and leaves the rest for later', () => {
    const tasks = Array.from({ length: 20 }, (_, index) =>
      task(`t${String(index).padStart(2, '0')}`, index, { score: index }),
    );
    const choice = dispatchChoice(tasks, [crew('a', 0)]);
    expect(choice).toHaveLength(LONGEST_LIST);
    expect(told(choice)[0]).toBe('t08→a');
  });
});

const place = fc.record({
  latitude: fc.double({ min: 48.8, max: 48.9, noNaN: true }),
  longitude: fc.double({ min: 2.2, max: 2.5, noNaN: true }),
});
const city = fc
  .record({
    tasks: fc.array(
      fc.record({
        kind: fc.constantFrom('swap' as const, 'inspect' as const),
        position: place,
        score: fc.integer({ min: 0, max: 100 }),
      }),
      { maxLength: 25 },
    ),
    crews: fc.array(
      fc.record({ place, packsLeft: fc.integer({ min: 0, max: 8 }), listed: fc.integer({ min: 0, max: 14 }) }),
      { maxLength: 5 },
    ),
  })
  .map(({ tasks, crews }) => ({
    tasks: tasks.map((one, index): DispatchTask => ({ ...one, id: `t${String(index)}` as TaskId })),
    crews: crews.map((one, index): DispatchCrew => ({
      id: `c${String(index)}` as CrewId,
      places: [one.place],
      packsLeft: one.packsLeft,
      listed: one.listed,
    })),
  }));

describe('in any city, dispatch', () => {
  it('says the same whatever order it is told in', () => {
    fc.assert(
      fc.property(city, fc.infiniteStream(fc.nat()), ({ tasks, crews }, dice) => {
        const shuffled = <T>(list: T[]): T[] =>
          list
            .map((one) => ({ one, key: Number(dice.next().value) }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
        expect(told(dispatchChoice(shuffled(tasks), shuffled(crews)))).toEqual(told(dispatchChoice(tasks, crews)));
      }),
    );
  });

  it('gives each task once, no swap without a pack and no list beyond its limit', () => {
    fc.assert(
      fc.property(city, ({ tasks, crews }) => {
        const choice = dispatchChoice(tasks, crews);
        expect(new Set(choice.map(({ taskId }) => taskId)).size).toBe(choice.length);
        for (const van of crews) {
          const given = choice
            .filter(({ crewId }) => crewId === van.id)
            .map(({ taskId }) => tasks.find(({ id }) => id === taskId));
          expect(given.filter((one) => one?.kind === 'swap').length).toBeLessThanOrEqual(van.packsLeft);
          if (given.length > 0) expect(given.length + van.listed).toBeLessThanOrEqual(LONGEST_LIST);
        }
      }),
    );
  });

  it('is never longer than sending each task in turn to the nearest van with room', () => {
    fc.assert(
      fc.property(city, ({ tasks, crews }) => {
        const choice = dispatchChoice(tasks, crews);
        const way = (pairs: readonly Assignment[]): number =>
          pairs.reduce((sum, { taskId, crewId }) => {
            const [from, to] = [
              crews.find(({ id }) => id === crewId)?.places[0],
              tasks.find(({ id }) => id === taskId)?.position,
            ];
            return from && to ? sum + Math.round(metersBetween(from, to)) : sum;
          }, 0);
        const greedy = greedyChoice(
          tasks.filter(({ id }) => choice.some(({ taskId }) => taskId === id)),
          crews,
          tasks.length,
        );
        // Greedy may strand a swap by spending packs' room on inspections; only whole answers are compared.
        if (greedy.length === choice.length) expect(way(choice)).toBeLessThanOrEqual(way(greedy));
      }),
    );
  });
});

function greedyChoice(tasks: readonly DispatchTask[], crews: readonly DispatchCrew[], waiting: number): Assignment[] {
  const share = Math.ceil((waiting + crews.reduce((sum, { listed }) => sum + listed, 0)) / Math.max(1, crews.length));
  const vans = crews.map((van) => ({
    ...van,
    room: Math.max(0, Math.min(LONGEST_LIST, share + 2) - van.listed),
    packs: van.packsLeft,
  }));
  return [...tasks]
    .sort((a, b) => b.score - a.score)
    .flatMap(({ id, kind, position }) => {
      const [van] = vans
        .filter(({ room, packs }) => room > 0 && (kind === 'inspect' || packs > 0))
        .sort((a, b) => metersBetween(a.places[0], position) - metersBetween(b.places[0], position));
      if (!van) return [];
      van.room -= 1;
      if (kind === 'swap') van.packs -= 1;
      return [{ taskId: id, crewId: van.id }];
    });
}
