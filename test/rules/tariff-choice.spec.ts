// Which tariff holds at an instant, which may be announced, and which is no tariff at all.
import { describe, expect, it } from '@jest/globals';
import { TariffDraft } from '../../src/pricing/tariff.js';
import { tariffAt, whyNotAnnounce } from '../../src/pricing/tariff-choice.js';

const spring = { name: 'spring', inForceFrom: '2026-03-01T00:00:00.000Z' };
const summer = { name: 'summer', inForceFrom: '2026-06-01T00:00:00+02:00' };
const autumn = { name: 'autumn', inForceFrom: '2026-09-01T00:00:00.000Z' };

describe('the tariff in force', () => {
  it.each([
    ['2026-02-28T23:59:59.999Z', null],
    ['2026-03-01T00:00:00.000Z', 'spring'],
    ['2026-05-31T21:59:59.999Z', 'spring'],
    ['2026-05-31T22:00:00.000Z', 'summer'],
    ['2026-08-31T23:59:59.999Z', 'summer'],
    ['2026-09-01T00:00:00.000Z', 'autumn'],
    ['2038-01-19T03:14:08.000Z', 'autumn'],
  ])('at %s is %s, in whatever order they were stored', (at, name) => {
    for (const order of [[spring, summer, autumn], [autumn, summer, spring], [summer, autumn, spring]]) {
      expect(tariffAt(order, new Date(at))?.name ?? null).toBe(name);
    }
  });

  it('is none in a city without tariffs', () => {
    expect(tariffAt([], new Date('2026-06-15T10:00:00Z'))).toBeNull();
  });
});

describe('a tariff that is announced', () => {
  it.each([
    ['in a moment',             '2026-06-15T10:00:00.001Z',      null],
    ['now',                     '2026-06-15T10:00:00.000Z',      'tariff_in_past'],
    ['a moment ago',            '2026-06-15T09:59:59.999Z',      'tariff_in_past'],
    ['noon in Paris, which is', '2026-06-15T12:00:00.000+02:00', 'tariff_in_past'],
  ] as const)('for %s (%s)', (_when, from, answer) => {
    expect(whyNotAnnounce(from, new Date('2026-06-15T10:00:00Z'))).toBe(answer);
  });

  const draft = {
    name: 'Paris', currency: 'EUR', rideMinuteCents: 28, pauseMinuteCents: 13, unlockCents: 0, minimumCents: 0, dayCapCents: 3360,
    holdCents: 1000, graceSeconds: 120, graceMeters: 150, taxPercent: 20, inForceFrom: '2026-07-01T00:00:00Z',
  };

  it('is taken as it is written', () => {
    expect(TariffDraft.safeParse(draft).success).toBe(true);
  });

  it.each([
    ['half a cent',                          { rideMinuteCents: 28.5 }],
    ['a price below zero',                   { rideMinuteCents: -1 }],
    ['a price as text',                      { rideMinuteCents: '28' }],
    ['an endless price',                     { rideMinuteCents: Infinity }],
    ['no number',                            { holdCents: Number.NaN }],
    ['no hold',                              { holdCents: 0 }],
    ['a minimum above the cap',              { minimumCents: 3361 }],
    ['an unlocking fee above the cap',       { unlockCents: 3361 }],
    ['a pause dearer than riding',           { pauseMinuteCents: 29 }],
    ['more tax than price',                  { taxPercent: 101 }],
    ['another currency',                     { currency: 'USD' }],
    ['an instant without a zone',            { inForceFrom: '2026-07-01T00:00:00' }],
    ['a day that is none',                   { inForceFrom: '2026-02-30T00:00:00Z' }],
    ['an id of its own',                     { id: '00000000-0000-8000-8000-000000000001' }],
  ])('is refused with %s', (_what, change) => {
    expect(TariffDraft.safeParse({ ...draft, ...change }).success).toBe(false);
  });
});
