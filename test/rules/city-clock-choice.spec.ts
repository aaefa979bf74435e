// Which time a simulated city shows when somebody starts it. Paris is one hour ahead of UTC in winter, two in summer.
import { describe, expect, it } from '@jest/globals';
import { chooseClock } from '../../src/launch/city-clock-choice.js';

const choose = (now: string, speed: number, shown: string | null) => {
  const chosen = chooseClock({ now: new Date(now), speed, shown: shown === null ? null : new Date(shown) });
  return { kind: chosen.kind, from: chosen.from.toISOString().slice(0, 16), since: chosen.since.toISOString().slice(0, 16), speed: chosen.speed };
};

describe('the clock of a simulated city', () => {
  it.each([
    // real now             speed  shown before          kind        the city begins at
    ['2026-11-22T11:00:00Z', 1,    null,                  'real',     '2026-11-22T11:00'],
    ['2026-11-22T06:00:00Z', 1,    null,                  'real',     '2026-11-22T06:00'],
    ['2026-11-22T05:59:59Z', 1,    null,                  'own_day',  '2026-11-22T07:00'],
    ['2026-11-22T21:29:59Z', 1,    null,                  'real',     '2026-11-22T21:29'],
    ['2026-11-22T21:30:00Z', 1,    null,                  'own_day',  '2026-11-22T07:00'],
    ['2026-07-14T22:30:00Z', 1,    null,                  'own_day',  '2026-07-15T06:00'],
    ['2026-11-22T11:00:00Z', 60,   null,                  'own_day',  '2026-11-22T06:00'],
    ['2026-11-22T11:00:00Z', 1,    '2026-11-22T10:59:00Z', 'real',    '2026-11-22T11:00'],
    ['2026-11-22T11:00:00Z', 1,    '2026-11-22T15:00:00Z', 'own_day', '2026-11-22T15:00'],
    ['2026-11-22T11:00:00Z', 60,   '2026-11-22T06:30:00Z', 'own_day', '2026-11-22T06:30'],
    ['2026-11-22T11:00:00Z', 60,   '2026-11-23T21:45:00Z', 'own_day', '2026-11-24T06:00'],
    ['2026-11-22T11:00:00Z', 60,   '2026-11-24T02:00:00Z', 'own_day', '2026-11-24T06:00'],
    ['2026-10-24T23:30:00Z', 1,    null,                  'own_day',  '2026-10-25T07:00'],
  ])('at %s with speed %d after %s is %s and begins at %s', (now, speed, shown, ...[kind, from]) => {
    expect(choose(now, speed, shown)).toEqual({ kind, from, since: now.slice(0, 16), speed });
  });
});
