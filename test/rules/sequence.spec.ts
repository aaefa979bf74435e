import { describe, expect, it } from '@jest/globals';
import { follow, isNewer, provesConnection, without, type Heard, type Hole } from '../../src/telematics/sequence.js';

const at = (boot: number, seq: number): Heard => ({ boot, seq });

describe('what scooters said and we never heard', () => {
  it.each<[string, Heard | undefined, Heard, ReturnType<typeof follow>]>([
    ['the first word proves nothing of before', undefined,  at(3, 90), { newest: at(3, 90), kind: 'next',   missed: 0 }],
    ['the next number is no gap',               at(1, 4),   at(1, 5),  { newest: at(1, 5),  kind: 'next',   missed: 0 }],
    ['a jump misses what is between',           at(1, 4),   at(1, 8),  { newest: at(1, 8),  kind: 'gap',    missed: 3 }],
    ['an older number tells nothing new',         at(1, 8),   at(1, 6),  { newest: at(1, 8),  kind: 'older',  missed: 0 }],
    ['an older boot tells nothing new',           at(2, 1),   at(1, 99), { newest: at(2, 1),  kind: 'older',  missed: 0 }],
    ['a new boot begins at one',                at(1, 99),  at(2, 1),  { newest: at(2, 1),  kind: 'next',   missed: 0 }],
    ['a new boot we hear late has a gap',       at(1, 99),  at(2, 3),  { newest: at(2, 3),  kind: 'gap',    missed: 2 }],
  ])('%s', (_, newest, said, expected) => {
    expect(follow(newest, said)).toEqual(expected);
  });

  const hole = (from: number, to = from): Hole => ({ boot: 1, from, to });
  it.each<[string, Hole, Heard, Hole[]]>([
    ['its only number fills it',        hole(5),    at(1, 5), []],
    ['its first shortens it',           hole(5, 8), at(1, 5), [hole(6, 8)]],
    ['its last shortens it',            hole(5, 8), at(1, 8), [hole(5, 7)]],
    ['one from its middle halves it',   hole(5, 8), at(1, 6), [hole(5), hole(7, 8)]],
    ['the one before it is elsewhere',  hole(5, 8), at(1, 4), [hole(5, 8)]],
    ['the one behind it is elsewhere',  hole(5, 8), at(1, 9), [hole(5, 8)]],
    ['another boot is elsewhere',       hole(5, 8), at(2, 6), [hole(5, 8)]],
  ])('of a hole, %s', (_, before, said, left) => {
    expect(without(before, said)).toEqual(left);
  });

  it.each<[Heard, Heard, boolean]>([
    [at(1, 2), at(1, 1), true], [at(1, 1), at(1, 1), false], [at(1, 9), at(2, 1), false], [at(2, 1), at(1, 9), true],
  ])('%j is newer than %j: %s', (a, b, newer) => {
    expect(isNewer(a, b)).toBe(newer);
  });
});

describe('a word from a scooter that was gone', () => {
  const gone = new Date('2026-11-22T10:00:00Z');
  it.each<[string, boolean, Date | null, string, boolean]>([
    ['sent after the link broke proves a new link',       false, gone, '2026-11-22T10:00:01Z', true],
    ['that waited since before it broke proves nothing',  false, gone, '2026-11-22T09:59:59Z', false],
    ['of the very instant proves nothing',                false, gone, '2026-11-22T10:00:00Z', false],
    ['that never had a link proves its first',            false, null, '2026-11-22T09:00:00Z', true],
    ['that is there already proves nothing new',          true,  gone, '2026-11-22T10:00:01Z', false],
  ])('%s', (...[, connected, connectionChangedAt, receivedAt, proves]) => {
    expect(provesConnection({ connected, connectionChangedAt }, new Date(receivedAt))).toBe(proves);
  });
});
