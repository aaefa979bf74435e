import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueInHours, taskPriority, type PriorityReason } from '../../src/maintenance/task-priority.js';

const now = new Date('2026-06-01T12:00:00Z');
const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000);
const facts = (rangeKm: number | null, waited = 0, left = 24) => ({
  rangeKm,
  openedAt: hours(-waited),
  dueAt: hours(left),
});
const score = (...of: Parameters<typeof facts>): number => taskPriority(facts(...of), now).score;

describe('the priority of a task', () => {
  // prettier-ignore
  it.each<[string, Parameters<typeof facts>, number, PriorityReason[]]>([
    ['just under ten kilometres, opened now', [9.9],                   0.4, ['low_range']],
    ['half of that',                          [5],                     20,  ['nearly_empty']],
    ['empty',                                 [0],                     40,  ['nearly_empty']],
    ['nobody knows its range',                [null],                  20,  ['range_unknown']],
    ['a reading that is no number',           [Number.NaN],            20,  ['range_unknown']],
    ['an endless range',                      [Number.POSITIVE_INFINITY], 20, ['range_unknown']],
    ['a fresh battery already',               [61],                    0,   []],
    ['three hours left',                      [9.9, 0, 3],             35.4, ['low_range', 'due_soon']],
    ['overdue for a day',                     [9.9, 0, -24],           40.4, ['low_range', 'overdue']],
    ['waits since yesterday',                 [9.9, 24, 24],           10.4, ['low_range', 'waiting_long']],
    ['waits for a week',                      [0, 168, -144],          100, ['nearly_empty', 'overdue', 'waiting_long']],
  ])('says of %s what and why', (_what, of, points, why) => {
    expect(taskPriority(facts(...of), now)).toEqual({ score: points, why });
  });

  it('never falls when a scooter gets emptier, waits longer or its time runs out', () => {
    const km = fc.double({ min: 0, max: 12, noNaN: true });
    const time = fc.double({ min: -72, max: 72, noNaN: true });
    fc.assert(
      fc.property(km, km, time, time, (a, b, waited, left) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(score(less, waited, left)).toBeGreaterThanOrEqual(score(more, waited, left));
        expect(score(less, waited + 1, left)).toBeGreaterThanOrEqual(score(less, waited, left));
        expect(score(less, waited, left - 1)).toBeGreaterThanOrEqual(score(less, waited, left));
      }),
    );
  });

  it.each([
    [0, 4],
    [5, 4],
    [5.1, 24],
    [9.9, 24],
    [null, 24],
    [Number.NaN, 24],
  ])('gives a scooter with %s km %s hours', (rangeKm, given) => {
    expect(dueInHours(rangeKm)).toBe(given);
  });
});
