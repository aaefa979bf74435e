// What a ride costs: started minutes, pauses, grace, caps, the two odd nights, and what holds for every ride.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TariffId } from '../../src/platform/ids.js';
import { fareOf } from '../../src/pricing/fare.js';
import { inEuros } from '../../src/pricing/price-text.js';
import type { Tariff } from '../../src/pricing/tariff.js';
import type { RideStep } from '../../src/pricing/timeline.js';

const PARIS: Tariff = {
  id: '00000000-0000-8000-8000-000000000001' as TariffId, name: 'Paris', currency: 'EUR',
  rideMinuteCents: 28, pauseMinuteCents: 13, unlockCents: 0, minimumCents: 0, dayCapCents: 3360,
  holdCents: 1000, graceSeconds: 120, graceMeters: 150, taxPercent: 20, inForceFrom: '2026-01-01T00:00:00.000Z',
};
const START = Date.parse('2026-06-15T10:00:00Z');
const at = (seconds: number): Date => new Date(START + Math.round(seconds * 1000));
const started: RideStep = { step: 'started', at: at(0) };
const FAR = 2000;

const ride = (seconds: number, distanceM: number | null = FAR, tariff: Partial<Tariff> = {}) =>
  fareOf({ tariff: { ...PARIS, ...tariff }, steps: [started, { step: 'ended', at: at(seconds) }], until: at(seconds), distanceM });
const DAY = 24 * 3600;

describe('a ride without a pause', () => {
  it.each([
    ['no time at all',           0,           0],
    ['a millisecond',            0.001,       28],
    ['a second',                 1,           28],
    ['a minute less a little',   59.999,      28],
    ['exactly a minute',         60,          28],
    ['a minute and a little',    60.001,      56],
    ['ten minutes',              600,         280],
    ['two hours, the cap',       7200,        3360],
    ['two hours and a little',   7200.001,    3360],
    ['24 hours',                 DAY,         3360],
    ['24 hours and a little',    DAY + 0.001, 3388],
    ['25 hours',                 DAY + 3600,  3360 + 60 * 28],
    ['48 hours',                 2 * DAY,     6720],
    ['a week',                   7 * DAY,     7 * 3360],
  ])('of %s (%d s) costs %i cents', (_what, seconds, totalCents) => {
    expect(ride(seconds).totalCents).toBe(totalCents);
  });

  it('costs nothing before the scooter opened', () => {
    const fare = fareOf({ tariff: PARIS, steps: [started], until: at(-5), distanceM: null });
    expect(fare).toEqual({ totalCents: 0, netCents: 0, taxCents: 0, lines: [] });
  });

  it('costs nothing when the scooter never opened', () => {
    const steps: RideStep[] = [{ step: 'ended', at: at(600) }];
    expect(fareOf({ tariff: { ...PARIS, minimumCents: 280 }, steps, until: at(900), distanceM: FAR }).totalCents).toBe(0);
  });

  it('costs nothing more after its lock, however late we ask', () => {
    const steps: RideStep[] = [started, { step: 'ended', at: at(600) }];
    expect(fareOf({ tariff: PARIS, steps, until: at(6 * DAY), distanceM: FAR }).totalCents).toBe(280);
  });

  it('takes no steps out of time: an end told before the start costs nothing', () => {
    const steps: RideStep[] = [started, { step: 'ended', at: at(-300) }];
    expect(fareOf({ tariff: PARIS, steps, until: at(600), distanceM: FAR }).totalCents).toBe(0);
  });
});

describe('a ride with pauses', () => {
  const withPauses = (...seconds: number[]) => {
    const steps: RideStep[] = seconds.map((second, i) => ({
      step: i === seconds.length - 1 ? 'ended' : i % 2 === 0 ? 'paused' : 'resumed', at: at(second),
    }));
    return fareOf({ tariff: PARIS, steps: [started, ...steps], until: at(DAY), distanceM: FAR });
  };
  const minutes = (...seconds: number[]) => withPauses(...seconds).lines.map(({ kind, minutes: n }) => [kind, n]);

  it.each([
    ['1 min ridden, 1 min paused',                  [60, 120],                 [['riding', 1], ['pause', 1]],  41],
    ['a second ridden, paused until the end',       [1, 601],                  [['riding', 1], ['pause', 10]], 158],
    ['30 s ridden twice around a pause of 30 s',    [30, 60, 90],              [['riding', 1], ['pause', 1]],  41],
    ['30 s ridden twice and a little',              [30, 60, 90.001],          [['riding', 2], ['pause', 1]],  69],
    ['five pauses of 12 s are one minute',          [12, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132], [['riding', 2], ['pause', 1]], 69],
    ['an empty pause',                              [60, 60, 120],             [['riding', 2]],                56],
    ['paused at once, never ridden',                [0, 60],                   [['pause', 1]],                 13],
  ] as const)('%s', (_what, seconds, lines, totalCents) => {
    expect(minutes(...seconds)).toEqual(lines);
    expect(withPauses(...seconds).totalCents).toBe(totalCents);
  });

  it('goes on counting the pause while it lasts', () => {
    const steps: RideStep[] = [started, { step: 'paused', at: at(60) }];
    const shown = [61, 120, 121].map((second) => fareOf({ tariff: PARIS, steps, until: at(second), distanceM: FAR }).totalCents);
    expect(shown).toEqual([41, 41, 54]);
  });
});

describe('a false start', () => {
  it.each([
    ['120 s and 150 m',                  120,     150,        0],
    ['1 s and 0 m',                      1,       0,          0],
    ['120.001 s and 150 m',              120.001, 150,        84],
    ['120 s and 150.1 m',                120,     150.1,      56],
    ['30 s and a distance nobody knows', 30,      null,       28],
    ['30 s and no number at all',        30,      Number.NaN, 28],
    ['30 s and an odometer run back',    30,      -20,        28],
    ['30 s and endless metres',          30,      Infinity,   28],
  ])('of %s costs what it should', (_what, seconds, distanceM, totalCents) => {
    expect(ride(seconds, distanceM).totalCents).toBe(totalCents);
  });

  it('says why it is free, and takes back every line', () => {
    const { lines, totalCents } = ride(90, 100, { unlockCents: 100, minimumCents: 280 });
    expect(lines.map(({ kind, amountCents }) => [kind, amountCents])).toEqual([
      ['riding', 56], ['unlock', 100], ['minimum', 124], ['grace', -280],
    ]);
    expect(totalCents).toBe(0);
  });
});

describe('the lines of a fare', () => {
  it.each([
    ['an unlocking fee',             60,   { unlockCents: 100 },                      [['riding', 28], ['unlock', 100]]],
    ['a minimum that is missed',     60,   { minimumCents: 280 },                     [['riding', 28], ['minimum', 252]]],
    ['a minimum that is met',        600,  { minimumCents: 280 },                     [['riding', 280]]],
    ['a minimum met with the fee',   60,   { unlockCents: 100, minimumCents: 128 },   [['riding', 28], ['unlock', 100]]],
    ['a cap that is passed',         7260, {},                                        [['riding', 3388], ['cap', -28]]],
    ['a cap passed by the fee',      7200, { unlockCents: 100 },                      [['riding', 3360], ['unlock', 100], ['cap', -100]]],
  ])('show %s', (_what, seconds, tariff, lines) => {
    expect(ride(seconds, FAR, tariff).lines.map(({ kind, amountCents }) => [kind, amountCents])).toEqual(lines);
  });

  it('explain themselves in French and in English', () => {
    expect(ride(7260).lines.map(({ text }) => text)).toEqual([
      { fr: 'Conduite : 121 min × 0,28 € = 33,88 €', en: 'Riding: 121 min × €0.28 = €33.88' },
      { fr: 'Plafond de 33,60 € par tranche de 24 h (1) : −0,28 €', en: 'Cap of €33.60 per 24 h (1): −€0.28' },
    ]);
  });

  it.each([
    [0,       '0,00 €',     '€0.00'],
    [5,       '0,05 €',     '€0.05'],
    [1234,    '12,34 €',    '€12.34'],
    [-100,    '−1,00 €',    '−€1.00'],
    [-7,      '−0,07 €',    '−€0.07'],
    [100_000, '1000,00 €',  '€1000.00'],
  ])('write %i cents as %s and %s', (amount, fr, en) => {
    expect([inEuros(amount, 'fr'), inEuros(amount, 'en')]).toEqual([fr, en]);
  });

  it('part the tax from the price: 3.36 € hold 0.56 € of it', () => {
    expect(ride(720)).toMatchObject({ totalCents: 336, netCents: 280, taxCents: 56 });
  });
});

describe('a ride in a night when the clocks change', () => {
  it.each([
    // 02:30 summer time to 02:30 winter time: the wall clock says nothing passed.
    ['out of summer time', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', 60],
    // 02:50 to 02:20, half an hour later: the wall clock says it ended before it began.
    ['over the hour lived twice', '2026-10-25T00:50:00Z', '2026-10-25T01:20:00Z', 30],
    // 01:50 to 03:10: the wall clock says eighty minutes.
    ['into summer time', '2027-03-28T00:50:00Z', '2027-03-28T01:10:00Z', 20],
    ['through all 25 hours of the longest day', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 25 * 60],
  ])('%s counts the minutes that were lived', (_what, from, to, minutes) => {
    const steps: RideStep[] = [{ step: 'started', at: new Date(from) }, { step: 'ended', at: new Date(to) }];
    const fare = fareOf({ tariff: PARIS, steps, until: new Date(to), distanceM: FAR });
    expect(fare.lines[0]).toMatchObject({ kind: 'riding', minutes });
  });
});

describe('every fare', () => {
  const tariffs = fc
    .record({
      rideMinuteCents: fc.nat(1000), pauseMinuteCents: fc.nat(1000), unlockCents: fc.nat(500), minimumCents: fc.nat(1000),
      dayCapCents: fc.integer({ min: 1, max: 10_000 }), graceSeconds: fc.nat(600), graceMeters: fc.nat(500), taxPercent: fc.nat(100),
    })
    .map((prices): Tariff => ({ ...PARIS, ...prices }));
  /** Steps in any order, at any second of three days, also before the start and backwards. */
  const steps = fc
    .array(fc.record({ step: fc.constantFrom('paused', 'resumed', 'ended'), second: fc.integer({ min: -600, max: 3 * DAY }) }), { maxLength: 8 })
    .map((taken): RideStep[] => [started, ...taken.map(({ step, second }) => ({ step, at: at(second) }))]);
  const untils = fc.double({ min: 0, max: 3 * DAY, noNaN: true });
  const distances = fc.option(fc.double({ min: 0, max: 50_000 }), { nil: null });

  it('is a whole, never negative number of cents, the sum of its lines, and net plus tax', () => {
    fc.assert(fc.property(tariffs, steps, untils, distances, (tariff, taken, until, distanceM) => {
      const { totalCents, netCents, taxCents, lines } = fareOf({ tariff, steps: taken, until: at(until), distanceM });
      expect(Number.isSafeInteger(totalCents) && totalCents >= 0).toBe(true);
      expect(lines.reduce((sum, { amountCents }) => sum + amountCents, 0)).toBe(totalCents);
      expect(netCents + taxCents).toBe(totalCents);
      expect(taxCents).toBeGreaterThanOrEqual(0);
      expect(netCents).toBeGreaterThanOrEqual(0);
    }));
  });

  it('never passes the cap of the 24 hours it has started', () => {
    fc.assert(fc.property(tariffs, steps, untils, distances, (tariff, taken, until, distanceM) => {
      const { totalCents } = fareOf({ tariff, steps: taken, until: at(until), distanceM });
      expect(totalCents).toBeLessThanOrEqual(Math.max(1, Math.ceil(until / DAY + 1e-9)) * tariff.dayCapCents);
    }));
  });

  it('never falls while time goes on', () => {
    fc.assert(fc.property(tariffs, steps, fc.tuple(untils, untils), distances, (tariff, taken, moments, distanceM) => {
      const [early, late] = [Math.min(...moments), Math.max(...moments)].map(
        (until) => fareOf({ tariff, steps: taken, until: at(until), distanceM }).totalCents);
      expect(late).toBeGreaterThanOrEqual(early ?? 0);
    }), { numRuns: 500 });
  });

  it('shows on the running meter what the end will bill', () => {
    fc.assert(fc.property(tariffs, untils, distances, (tariff, seconds, distanceM) => {
      const running = fareOf({ tariff, steps: [started], until: at(seconds), distanceM });
      const ended = fareOf({ tariff, steps: [started, { step: 'ended', at: at(seconds) }], until: at(seconds + 900), distanceM });
      expect(ended).toEqual(running);
    }));
  });

  it('is refused, not guessed, when an instant is none', () => {
    expect(() => fareOf({ tariff: PARIS, steps: [started], until: new Date(Number.NaN), distanceM: null }).totalCents).toThrow();
    const odd: RideStep[] = [started, { step: 'paused', at: new Date(Number.NaN) }];
    expect(() => fareOf({ tariff: PARIS, steps: odd, until: at(60), distanceM: null })).toThrow();
  });
});
