import { describe, expect, it } from '@jest/globals';
import { behindSince } from '../../src/onboard/behind.js';

const day = (n: number): Date => new Date(Date.UTC(2026, 5, n));
const versions = [{ version: 1, publishedAt: day(1) }, { version: 2, publishedAt: day(5) }, { version: 3, publishedAt: day(9) }];

describe('a scooter is behind with its zones', () => {
  it.each<[string, number | null, Date, Date | null]>([
    ['never, when it holds the newest',                     3,    day(1), null],
    ['never, when it claims one that was never published',  9,    day(1), null],
    ['since the newest came, when it holds the one before', 2,    day(1), day(9)],
    ['since the first one it missed',                       1,    day(1), day(5)],
    ['since the first of all, when it holds none',          null, day(1), day(1)],
    ['since it first spoke, when that was later',           null, day(7), day(7)],
    ['since it first spoke, with one from before its time', 1,    day(8), day(8)],
  ])('%s', (_when, version, knownSince, since) => {
    expect(behindSince({ version, knownSince }, versions)).toEqual(since);
  });

  it('never, where nothing was ever published', () => {
    expect(behindSince({ version: null, knownSince: day(1) }, [])).toBeNull();
  });
});
