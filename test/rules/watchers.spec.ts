import { describe, expect, it } from '@jest/globals';
import type { Scooter } from '../../src/fleet/scooter.js';
import { namedId, type ScooterId } from '../../src/platform/ids.js';
import type { Telemetry } from '../../src/telematics/wire.js';
import { clockError, watchClock, type ClockError } from '../../src/uplink/watch-clock.js';
import { watchMotion } from '../../src/uplink/watch-motion.js';
import { watchPlace } from '../../src/uplink/watch-place.js';
import { Memory, watchers, type Watcher } from '../../src/uplink/watchers.js';

const NOW = Date.UTC(2026, 10, 23, 10);
const LOUVRE = { latitude: 48.86165, longitude: 2.3376 };
const sensors = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' } as const;
const row = (more: Partial<Scooter> = {}): Scooter => ({
  id: namedId<ScooterId>('one'), plate: 'RL-1', vin: 'V1', state: 'available', needsSwap: false, rangeUnknown: false, connected: true,
  connectionChangedAt: null, lastSeenAt: null, rangeKm: 40, chargePercent: 60, batterySerial: 'A', odometerM: 1000, sensors: null,
  latitude: LOUVRE.latitude, longitude: LOUVRE.longitude, accuracyM: 5, positionAt: new Date(NOW - 60_000), boot: 1, seq: 10, unsureSince: null,
  createdAt: new Date(NOW), ...more,
});
const message = (more: Partial<Telemetry> = {}): Telemetry => ({
  boot: 1, seq: 11, ageMs: 0, chargePercent: 60, rangeKm: 40, batterySerial: 'A', odometerM: 1000, sensors, inRide: false,
  fix: { ...LOUVRE, accuracyM: 5, ageS: 0 }, moving: false, clockMs: NOW, ...more,
});

/** What is told while these come in one after the other, each with its row; `restart` forgets everything in between. */
type Step = Partial<Telemetry> & { readonly as?: Partial<Scooter> };
function told(watcher: Watcher, steps: readonly (Step | 'restart')[]): unknown[] {
  let memory = new Memory([watcher]);
  return steps.flatMap((step) => {
    if (step === 'restart') {
      memory = new Memory([watcher]);
      return [];
    }
    const { as = {}, ...said } = step;
    const facts = memory.facts({ before: row(as), said: message(said), receivedAt: new Date(NOW) });
    facts.keep();
    return facts.told.map(({ event }) => event);
  });
}

describe('a scooter that moves', () => {
  const moving = (...odometers: number[]) => odometers.map((odometerM) => ({ odometerM, moving: true }));
  const as = (state: Scooter['state'], steps: Step[]): Step[] => steps.map((step) => ({ ...step, as: { state } }));
  const open = { sensors: { ...sensors, lock: 'open' } } as const;

  it.each<[string, (Step | 'restart')[], number]>([
    ['and rests', [{}, {}, {}], 0],
    ['a little, as one that is put aside', moving(1000, 1030, 1099, 1100), 0],
    ['more than 100 m', moving(1000, 1101), 1],
    ['and is told once for all of half a kilometre', moving(1000, 1150, 1300, 1499), 1],
    ['and again for each half kilometre', moving(1000, 1200, 1600, 2100, 2110), 3],
    ['little by little, resting in between', [...moving(1000, 1060), { odometerM: 1060 }, ...moving(1060, 1120), { odometerM: 1120 }, ...moving(1120, 1180)], 0],
    ['and has arrived when it speaks', [...moving(1000), { odometerM: 1300 }], 1],
    ['and stops, and goes on', [...moving(1000, 1300), { odometerM: 1300 }, ...moving(1300, 1450)], 2],
    ['with its odometer set back', moving(5000, 100, 150), 0],
    ['with its lock open and no ride', [{ ...open, moving: true, odometerM: 1000 }, { ...open, moving: true, odometerM: 1300 }], 1],
    ['in its ride', as('taken', [{ ...open, moving: true, odometerM: 1000 }, { ...open, moving: true, odometerM: 9000 }]), 0],
    ['paused and locked', as('taken', moving(1000, 1300)), 1],
    ['in a pause after a long ride', as('taken', [{ ...open, moving: true, odometerM: 1000 }, { odometerM: 4000 }, { odometerM: 4000 }]), 0],
    ['right after its ride, put aside', [...as('taken', [{ ...open, moving: true, odometerM: 1000 }]), { odometerM: 4000 }, ...moving(4000, 4010)], 0],
    ['in the hands of a crew', as('maintenance', moving(1000, 4000)), 0],
    ['and is retired', as('retired', moving(1000, 4000)), 0],
    ['while a rider walks to it', as('reserved', moving(1000, 1300)), 1],
    ['in doubt after a ride', as('unsure', moving(1000, 1300)), 1],
    ['and does not say so, but its odometer does', [{ moving: null, odometerM: 1400, as: { odometerM: 1000 } }, { moving: null, odometerM: 1800, as: { odometerM: 1400 } }], 1],
    ['no more, from a unit that cannot say', [{ moving: null, odometerM: 1400, as: { odometerM: 1000 } }, { moving: null, odometerM: 1400, as: { odometerM: 1400 } }], 0],
    ['when we restart in the middle', [...moving(1000, 1300), 'restart', ...moving(1320, 1340, 1500)], 2],
  ])('%s', (_story, steps, times) => {
    expect(told(watchMotion, steps)).toHaveLength(times);
  });

  it('tells whether it claims to be locked, when it was, and not where', () => {
    expect(told(watchMotion, [...moving(1000), { moving: true, odometerM: 1300, ageMs: 4000 }]))
      .toEqual([{ scooterId: row().id, at: new Date(NOW - 4000).toISOString(), lock: 'closed' }]);
  });
});

describe('a place', () => {
  const at = (latitude: number, longitude: number): Step => ({ fix: { latitude, longitude, accuracyM: 5, ageS: 0 } });
  it.each<[string, (Step | 'restart')[], number[]]>([
    ['that can be', [{}, {}], []],
    ['none at all', [{ fix: null }], []],
    ['in the Gulf of Guinea', [at(0, 0)], [1]],
    ['with its axes swapped', [at(2.3376, 48.86165)], [1]],
    ['at a pole', [at(90, 0), at(-90, 180)], [1, 2]],
    ['that jumps to the other end of the city', [at(48.80, 2.25)], [1]],
    ['wrong, right, wrong', [at(0, 0), {}, at(0, 0)], [1, 1]],
    ['wrong, silent, wrong', [at(0, 0), { fix: null }, at(0, 0)], [1, 2]],
    ['wrong three times and once more', [at(0, 0), at(0, 0), at(0, 1), at(1, 0)], [1, 2, 3, 4]],
    ['old, because it stands in a garage', [{ fix: { ...LOUVRE, accuracyM: 5, ageS: 90_000 } }], []],
    ['of a ride, wherever it is', [{ ...at(0, 0), as: { state: 'taken' } }, { ...at(0, 0), inRide: true }], []],
    ['wrong before a ride and after it', [at(0, 0), { fix: null, as: { state: 'taken' } }, at(0, 0)], [1, 1]],
  ])('%s', (_story, steps, inARow) => {
    expect(told(watchPlace, steps).map((event) => (event as { inARow: number }).inARow)).toEqual(inARow);
  });
});

describe('a clock', () => {
  const DAY = 86_400_000;
  it.each<[string, number, ClockError]>([
    ['that is right', NOW, 'right'],
    ['a minute slow', NOW - 60_000, 'right'],
    ['a minute fast', NOW + 60_000, 'right'],
    ['a little more than a minute slow', NOW - 60_001, 'off'],
    ['an hour behind', NOW - 3_600_000, 'hours'],
    ['an hour ahead', NOW + 3_600_000, 'hours'],
    ['in another time zone', NOW + 9 * 3_600_000, 'hours'],
    ['half an hour off', NOW + 1_800_000, 'off'],
    ['a year behind', NOW - 365 * DAY, 'years'],
    ['a year ahead', NOW + 365 * DAY, 'years'],
    ['ten years behind', Date.UTC(2016, 10, 23, 10), 'years'],
    ['at the beginning of Unix time', 0, 'epoch_1970'],
    ['a day after it', DAY, 'epoch_1970'],
    ['at the end of 31 bits', 2 ** 31 * 1000, 'epoch_2038'],
    ['at the end of 32 bits', 2 ** 32 * 1000, 'epoch_2106'],
    ['a rollover of weeks behind', NOW - 1024 * 7 * DAY, 'gps_rollover'],
    ['two rollovers behind', NOW - 2048 * 7 * DAY, 'gps_rollover'],
    ['a week off', NOW - 7 * DAY, 'off'],
    ['as far as numbers go', 8_640_000_000_000_000, 'off'],
  ])('%s', (_story, shownMs, is) => {
    expect(clockError(shownMs, shownMs - NOW)).toBe(is);
  });

  it.each<[string, (Step | 'restart')[], string[]]>([
    ['right, and right', [{}, {}], []],
    ['none', [{ clockMs: null }], []],
    ['wrong, once for all its messages', [{ clockMs: 0 }, { clockMs: 1000 }, { clockMs: 2000 }], ['epoch_1970']],
    ['wrong and right again', [{ clockMs: 0 }, {}], ['epoch_1970', 'right']],
    ['wrong in another way', [{ clockMs: 0 }, { clockMs: NOW + 3_600_000 }], ['epoch_1970', 'hours']],
    ['on the brink', [{ clockMs: NOW + 61_000 }, { clockMs: NOW + 59_000 }, { clockMs: NOW + 61_000 }], ['off']],
    ['silent does not make it right', [{ clockMs: 0 }, { clockMs: null }, { clockMs: 0 }], ['epoch_1970']],
    ['read a while ago', [{ clockMs: NOW - 300_000, ageMs: 300_000 }], []],
    ['wrong over our restart', [{ clockMs: 0 }, 'restart', { clockMs: 0 }], ['epoch_1970', 'epoch_1970']],
  ])('%s', (_story, steps, is) => {
    expect(told(watchClock, steps).map((event) => (event as { clock: string }).clock)).toEqual(is);
  });

  it('of 2106 fits what we keep', () => {
    expect(told(watchClock, [{ clockMs: 2 ** 32 * 1000 }])).toEqual([
      { scooterId: row().id, clock: 'epoch_2106', skewSeconds: 2 ** 32 - NOW / 1000 }]);
  });
});

describe('an ordinary message', () => {
  it('is news for nobody, so that it may go the short way', () => {
    expect(new Memory(watchers).isNews({ before: row(), said: message(), receivedAt: new Date(NOW) })).toBe(false);
  });
});
