import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { namedId, type ScooterId } from '../../src/platform/ids.js';
import { rangeBand } from '../../src/fleet/range.js';
import type { Scooter, ScooterState } from '../../src/fleet/scooter.js';
import { telemetryChanges, type TelemetrySample } from '../../src/fleet/telemetry-changes.js';

const NOW = new Date('2026-11-23T10:00:00Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const LOUVRE = { latitude: 48.86165, longitude: 2.3376 };
const sensors = {
  lock: 'closed',
  ignition: 'off',
  stand: 'down',
  helmet: 'in_case',
  case: 'closed',
  bay: 'closed',
} as const;
const scooter = (more: Partial<Scooter> = {}): Scooter => ({
  id: namedId<ScooterId>('one'),
  plate: 'RL-001',
  vin: 'V1',
  state: 'available',
  needsSwap: false,
  rangeUnknown: false,
  connected: true,
  connectionChangedAt: null,
  lastSeenAt: null,
  rangeKm: 40,
  chargePercent: 60,
  batterySerial: 'A',
  odometerM: 1000,
  sensors: null,
  latitude: null,
  longitude: null,
  accuracyM: null,
  positionAt: null,
  boot: 1,
  seq: 10,
  unsureSince: null,
  createdAt: NOW,
  ...more,
});
const sample = (more: Partial<TelemetrySample> = {}): TelemetrySample => ({
  boot: 1,
  seq: 11,
  ageMs: 0,
  chargePercent: 60,
  rangeKm: 40,
  batterySerial: 'A',
  odometerM: 1000,
  sensors,
  inRide: false,
  fix: { ...LOUVRE, accuracyM: 5, ageS: 0 },
  ...more,
});
/** Everything said in this order, as the service would take it in. */
function hear(start: Scooter, said: readonly TelemetrySample[]): { row: Scooter; told: string[] } {
  let row = start;
  const told: string[] = [];
  for (const message of said) {
    const after = telemetryChanges(row, message, NOW);
    if (!after) continue;
    row = { ...row, ...after.changes };
    told.push(...after.happened.map(({ name }) => name.replace('scooter.', '')));
  }
  return { row, told };
}
const ranges = (...km: (number | null)[]) => km.map((rangeKm, i) => sample({ seq: 11 + i, rangeKm }));

describe('kilometres left', () => {
  it.each<[string, (number | null)[], string[], Partial<Scooter>]>([
    ['stays above 10', [12, 11, 10], [], { state: 'available', needsSwap: false }],
    ['crosses 10', [12, 9.8], ['ran_low'], { state: 'low', needsSwap: true }],
    ['crosses and falls on', [12, 9.8, 9.5, 3, 0], ['ran_low'], { state: 'low', needsSwap: true }],
    ['wobbles around 10', [12, 9.8, 10.5, 9.9, 11.9, 9.9], ['ran_low'], { state: 'low', needsSwap: true }],
    ['recovers at 12', [9.8, 12], ['ran_low'], { state: 'available', needsSwap: false }],
    ['recovers and crosses again', [9.8, 12, 9.9], ['ran_low', 'ran_low'], { state: 'low', needsSwap: true }],
    ['is low at the first word', [9.999], ['ran_low'], { state: 'low' }],
    [
      'becomes unknown, once',
      [12, null, null, NaN, -1, Infinity, 301],
      ['range_unknown'],
      { state: 'low', rangeUnknown: true, rangeKm: null },
    ],
    ['is known again', [null, 30], ['range_unknown', 'range_known'], { state: 'available', rangeUnknown: false }],
    [
      'is known again, and low',
      [null, 9],
      ['range_unknown', 'range_known', 'ran_low'],
      { state: 'low', needsSwap: true, rangeUnknown: false },
    ],
    [
      'unknown while low changes no need',
      [9, null, 9],
      ['ran_low', 'range_unknown', 'range_known'],
      { state: 'low', needsSwap: true },
    ],
    ['unknown again', [null, 30, null], ['range_unknown', 'range_known', 'range_unknown'], { state: 'low' }],
  ])('%s', (_story, km, told, row) => {
    const heard = hear(scooter(), ranges(...km));
    expect(heard.told).toEqual(told);
    expect(heard.row).toMatchObject(row);
  });

  it.each<[ScooterState, ScooterState, string[]]>([
    ['available', 'low', ['ran_low']],
    ['reserved', 'reserved', ['ran_low']],
    ['taken', 'taken', ['ran_low']],
    ['low', 'low', ['ran_low']],
    ['maintenance', 'maintenance', ['ran_low']],
    ['unsure', 'unsure', ['ran_low']],
    ['retired', 'retired', []],
  ])('crossing 10 while %s leaves it %s', (state, after, told) => {
    const heard = hear(scooter({ state }), ranges(9));
    expect([heard.row.state, heard.told]).toEqual([after, told]);
  });

  it.each([
    [null, 'unknown'],
    [NaN, 'unknown'],
    [0, 'critical'],
    [4.9, 'critical'],
    [5, 'low'],
    [9.9, 'low'],
    [10, 'medium'],
    [24, 'medium'],
    [25, 'full'],
  ])('%s km is %s', (km, band) => {
    expect(rangeBand(km)).toBe(band);
  });
});

describe('a swapped battery', () => {
  const low = scooter({ state: 'low', needsSwap: true, rangeKm: 8, chargePercent: 12 });
  it.each<[string, Scooter, Partial<TelemetrySample>[], string[], Partial<Scooter>]>([
    [
      'new serial, full',
      low,
      [{ batterySerial: 'B', chargePercent: 95, rangeKm: 61 }],
      ['battery_swapped'],
      { state: 'available', needsSwap: false, batterySerial: 'B' },
    ],
    [
      'told once',
      low,
      [
        { batterySerial: 'B', chargePercent: 95, rangeKm: 61 },
        { batterySerial: 'B', chargePercent: 95, rangeKm: 61 },
      ],
      ['battery_swapped'],
      { state: 'available' },
    ],
    [
      'new serial, as empty',
      low,
      [{ batterySerial: 'B', chargePercent: 13, rangeKm: 8 }],
      [],
      { state: 'low', needsSwap: true, batterySerial: 'B' },
    ],
    [
      'new serial, just not enough',
      low,
      [{ batterySerial: 'B', chargePercent: 21.9, rangeKm: 11 }],
      [],
      { state: 'low', needsSwap: true },
    ],
    [
      'new serial, just enough',
      low,
      [{ batterySerial: 'B', chargePercent: 22, rangeKm: 11 }],
      ['battery_swapped'],
      { state: 'available', needsSwap: false },
    ],
    [
      'new serial, fuller but low',
      low,
      [{ batterySerial: 'B', chargePercent: 22, rangeKm: 9 }],
      ['battery_swapped', 'ran_low'],
      { state: 'low', needsSwap: true },
    ],
    ['same serial, charged', low, [{ chargePercent: 95, rangeKm: 61 }], [], { state: 'available', needsSwap: false }],
    [
      'the gauge wakes up later',
      low,
      [
        { batterySerial: 'B', chargePercent: null, rangeKm: null },
        { batterySerial: 'B', chargePercent: 95, rangeKm: 61 },
      ],
      ['range_unknown', 'battery_swapped', 'range_known'],
      { state: 'available', batterySerial: 'B' },
    ],
    [
      'first serial ever heard',
      scooter({ batterySerial: null, chargePercent: null }),
      [{ batterySerial: 'B', chargePercent: 95 }],
      [],
      { batterySerial: 'B' },
    ],
    [
      'while a crew has it',
      { ...low, state: 'maintenance' },
      [{ batterySerial: 'B', chargePercent: 95, rangeKm: 61 }],
      ['battery_swapped'],
      { state: 'maintenance', needsSwap: false },
    ],
  ])('%s', (...[, start, said, told, row]) => {
    const heard = hear(
      start,
      said.map((message, i) => sample({ seq: 11 + i, ...message })),
    );
    expect(heard.told).toEqual(told);
    expect(heard.row).toMatchObject(row);
  });

  it('tells both serials and the charge gained', () => {
    const happened = telemetryChanges(
      low,
      sample({ batterySerial: 'B', chargePercent: 95, rangeKm: 61 }),
      NOW,
    )?.happened;
    expect(happened).toEqual([
      {
        name: 'scooter.battery_swapped',
        event: { scooterId: low.id, serialBefore: 'A', serialAfter: 'B', rangeKm: 61, chargeGained: 83 },
      },
    ]);
  });
});

describe('a place', () => {
  const fix = (more: object = {}) => ({ ...LOUVRE, accuracyM: 5, ageS: 0, ...more });
  const parked = { ...LOUVRE, accuracyM: 5, positionAt: NOW };
  it.each<[string, Partial<Scooter>, Partial<TelemetrySample>, boolean]>([
    ['standing free', {}, {}, true],
    ['in a ride', { state: 'taken' }, {}, false],
    ['in a ride we do not know of yet', { state: 'reserved' }, { inRide: true }, false],
    ['no fix', {}, { fix: null }, false],
    ['at (0, 0)', {}, { fix: fix({ latitude: 0, longitude: 0 }) }, false],
    ['swapped', {}, { fix: fix({ latitude: 2.3376, longitude: 48.86165 }) }, false],
    ['in Lyon', {}, { fix: fix({ latitude: 45.76, longitude: 4.84 }) }, false],
    ['in Versailles', {}, { fix: fix({ latitude: 48.8, longitude: 2.13 }) }, true],
    ['NaN', {}, { fix: fix({ latitude: NaN }) }, false],
    ['two days old', {}, { fix: fix({ ageS: 172_800 }) }, false],
    ['a message kept for longer than time itself', {}, { ageMs: Number.MAX_SAFE_INTEGER }, false],
    ['3 km in 60 s', parked, { fix: fix({ latitude: 48.89 }) }, false],
    ['2.6 km in 60 s', parked, { fix: fix({ latitude: 48.885 }) }, true],
    ['30 m of drift', parked, { fix: fix({ latitude: 48.8619 }) }, true],
  ])('is kept or not: %s', (_where, row, said, kept) => {
    const changes = telemetryChanges(scooter(row), sample(said), later(60))?.changes;
    expect(changes).toBeDefined();
    expect(changes && 'latitude' in changes).toBe(kept);
  });

  it('is as old as the scooter says, counted back from when we heard it', () => {
    const changes = telemetryChanges(scooter(), sample({ ageMs: 2000, fix: fix({ ageS: 8 }) }), NOW)?.changes;
    expect(changes?.positionAt).toEqual(later(-10));
  });
});

describe('repetitions and disorder', () => {
  it.each<[string, Partial<TelemetrySample>, boolean]>([
    ['the next message', { seq: 11 }, true],
    ['the same again', { seq: 10 }, false],
    ['an older one', { seq: 9 }, false],
    ['one after a gap', { seq: 500 }, true],
    ['the first of a new start', { boot: 2, seq: 1 }, true],
    ['a late one of an older start', { boot: 0, seq: 999 }, false],
    ['a count beyond belief', { boot: 2 ** 40 }, false],
  ])('%s', (_which, said, taken) => {
    expect(telemetryChanges(scooter(), sample(said), NOW) !== null).toBe(taken);
  });

  /** A day of a scooter: it rests, drains, restarts, is swapped; gauges fail now and then. */
  const day = fc
    .array(
      fc.record({
        drain: fc.double({ min: 0, max: 6, noNaN: true }),
        what: fc.constantFrom('rest', 'restart', 'swap', 'blind'),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map((hours) => {
      let [km, boot, seq, pack] = [45, 1, 10, 1];
      return hours.map(({ drain, what }) => {
        km = what === 'swap' ? 61 : Math.max(0, km - drain);
        [boot, seq] = what === 'restart' ? [boot + 1, 1] : [boot, seq + 1];
        if (what === 'swap') pack++;
        const blind = what === 'blind';
        return sample({
          boot,
          seq,
          rangeKm: blind ? null : km,
          chargePercent: blind ? null : km / 0.7,
          batterySerial: `P${String(pack)}`,
          odometerM: 1000 + seq,
        });
      });
    });

  it('repeating messages changes nothing: same row, same events', () => {
    fc.assert(
      fc.property(day, fc.array(fc.nat({ max: 3 })), (said, again) => {
        const repeated = said.flatMap((message, i) => [
          message,
          ...said.slice(Math.max(0, i - (again[i] ?? 0)), i + 1),
        ]);
        expect(hear(scooter(), repeated)).toEqual(hear(scooter(), said));
      }),
    );
  });

  it('shuffled and doubled, what the scooter last said stands', () => {
    const last = ({ rangeKm, rangeUnknown, odometerM, boot, seq, sensors: seen, latitude }: Scooter) => ({
      rangeKm,
      rangeUnknown,
      odometerM,
      boot,
      seq,
      seen,
      latitude,
    });
    const disorder = day.chain((said) =>
      fc.shuffledSubarray([...said, ...said], { minLength: said.length * 2 }).map((mixed) => ({ said, mixed })),
    );
    fc.assert(
      fc.property(disorder, ({ said, mixed }) => {
        expect(last(hear(scooter(), mixed).row)).toEqual(last(hear(scooter(), said).row));
      }),
    );
  });

  it('shuffled and doubled, a battery that only drains leaves the identical row, but for the gaps counted', () => {
    const draining = fc
      .array(fc.double({ min: 0, max: 60, noNaN: true }), { minLength: 1, maxLength: 60 })
      .map((km) => ranges(...km.sort((a, b) => b - a)))
      .chain((said) =>
        fc.shuffledSubarray([...said, ...said], { minLength: said.length * 2 }).map((mixed) => ({ said, mixed })),
      );
    fc.assert(
      fc.property(draining, ({ said, mixed }) => {
        expect(hear(scooter(), mixed).row).toEqual(hear(scooter(), said).row);
        expect(hear(scooter(), mixed).told).toEqual(hear(scooter(), said).told);
      }),
    );
  });
});
