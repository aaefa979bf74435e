// A day of rides on a broker that is killed ten times: scooters restarted under their riders, out of reach for two
// days, with clocks from 1970 to 2106. Every word a unit kept is stored once, every gap in what it need not keep is
// counted, and every bill is that of the bolt itself.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Chance } from '../../firmware-sim/body/chance.js';
import { placeBeside } from '../../firmware-sim/body/geo.js';
import type { ClockSet } from '../../firmware-sim/unit/senses.js';
import type { TestScooter } from '../kit/garage.js';
import type { TestRider } from '../kit/people.js';
import { BASTILLE } from '../kit/places.js';
import { TruthLog } from '../kit/truth-log.js';
import { World } from '../kit/world.js';

const SEED = Number(process.env['SEED'] ?? 3);
const SCOOTERS = 8;
const DEATHS = 10;
const CENTS_A_MINUTE = 28;
const CLOCKS: readonly ClockSet[] = [null, { atMs: 0 }, { byMs: -3_600_000 }, { atMs: 2 ** 31 * 1000 }, { byMs: 365 * 86_400_000 }, { atMs: Date.UTC(2106, 1, 7, 6, 28, 15) }];

interface Seat { readonly scooter: TestScooter; readonly rider: TestRider; readonly kept: Set<string> }
interface Due { readonly seat: Seat; readonly rideId: string; readonly nonce: number }

/** In these rounds those who are out of reach stay so for two days. */
const staysAway = (round: number): boolean => round % 4 === 2;

describe('a broker that dies ten times a day', () => {
  const chance = new Chance(SEED);
  const seats: Seat[] = [];
  const due: Due[] = [];
  let world: World;
  let truth: TruthLog;

  beforeAll(async () => {
    world = await World.start();
    truth = new TruthLog(() => world.clock.now());
    for (let number = 0; number < SCOOTERS; number++) {
      const kept = new Set<string>();
      let watch: ReturnType<TruthLog['watch']> | null = null;
      const scooter = await world.garage.scooter({
        rangeKm: 70, at: placeBeside(BASTILLE, number * 5, 0), watch: (written) => { watch?.(written); },
        keeps: (boot, seq) => { kept.add(`${String(boot)}.${String(seq)}`); },
      });
      watch = truth.watch(scooter.id);
      seats.push({ scooter, rider: await world.people.rider(), kept });
    }
  }, 60_000);
  afterAll(async () => { await world.stop(); });

  const together = (deed: (seat: Seat, at: number) => Promise<void>): Promise<unknown> => Promise.all(seats.map(deed));
  /** Away from the turn of a minute, where a millisecond on the air would decide. */
  const toMidMinute = async (startedMs: readonly number[]): Promise<void> => {
    const isClear = (): boolean => startedMs.every((started) => {
      const second = ((world.clock.now().getTime() - started) / 1000) % 60;
      return second > 8 && second < 52;
    });
    for (let tries = 0; tries < 60 && !isClear(); tries++) await world.pass(7);
  };

  const takeAll = async (): Promise<Map<Seat, string>> => {
    const ids = new Map<Seat, string>();
    await together(async (seat) => {
      const { id } = await seat.rider.take(seat.scooter.id);
      ids.set(seat, id);
      due.push({ seat, rideId: id, nonce: seat.scooter.unit.lastNonce });
    });
    return ids;
  };

  /** What is done without a network while there is no broker: some end, some pause, some restart, some fall silent. */
  const meanwhile = async (round: number, ids: ReadonlyMap<Seat, string>): Promise<void> => {
    const started = await Promise.all(seats.map(async (seat) => new Date((await seat.rider.ride(ids.get(seat) ?? '')).startedAt ?? 0).getTime()));
    // Less than two minutes without a metre is nobody's ride and costs nothing.
    await world.pass(180 + chance.between(0, 400), 4);
    await toMidMinute(started);
    await together(async (seat, at) => {
      const { unit } = seat.scooter;
      if ((at + round) % 3 === 0) unit.reboot();
      unit.setClock(CLOCKS[(at + round) % CLOCKS.length] ?? null);
      if ((at + round) % 2 === 0 || staysAway(round)) {
        unit.park();
        expect(unit.act({ by: 'button' })).toBeNull();
        if ((at + round) % 4 === 0) unit.loseNetwork();
      }
      await Promise.resolve();
    });
  };

  const comeTogether = async (ids: ReadonlyMap<Seat, string>): Promise<void> => {
    await together(async ({ scooter: { unit } }) => {
      unit.setClock(null);
      unit.findNetwork();
      await Promise.resolve();
    });
    await world.until(() => seats.every(({ scooter: { unit } }) => unit.connected && unit.unreceiptedEvents === 0), 'everything told');
    await together(async ({ scooter, rider }, at) => {
      const rideId = ids.get(seats[at] ?? seats[0] as Seat) ?? '';
      if ((await rider.ride(rideId)).state === 'riding') {
        scooter.unit.park();
        await rider.post(`/rider/rides/${rideId}/end`);
      }
      await rider.until(rideId, 'ended');
      await world.until(async () => (await world.garage.stateOf(scooter.id))['state'] === 'available', () => `${scooter.plate} for riders`);
    });
  };

  /** Words of telemetry that never arrive, and one that does: the jump in the numbers tells. */
  const loseSome = async (seat: Seat | undefined): Promise<void> => {
    if (!seat) return;
    const before = await missed();
    seat.scooter.unit.setFaults({ lost: 1 });
    await world.pass(3 * 900, 3);
    seat.scooter.unit.setFaults({});
    await world.pass(900);
    await world.until(async () => (await missed()) > before, () => `a gap that is counted: ${String(before)}`);
  };
  const missed = async (): Promise<number> => {
    const { body } = await world.door.get<{ text: string }>('/metrics');
    return Number(/uplink_missed_total (\d+)/.exec(body.text)?.[1] ?? 0);
  };

  const centsOf = ({ seat, nonce }: Due): number => {
    const { opened, locked } = truth.rideOpenedBy(seat.scooter.id, nonce);
    if (!opened || !locked) throw new Error(`the bolt of ${seat.scooter.plate} never opened, or never shut`);
    return Math.ceil((locked.atMs - opened.atMs) / 60_000) * CENTS_A_MINUTE;
  };

  it('loses no word, stores none twice, and bills every ride to the cent', async () => {
    for (let round = 0; round < DEATHS; round++) {
      const ids = await takeAll();
      await world.withoutBroker(() => meanwhile(round, ids));
      if (staysAway(round)) await world.pass(48 * 3600, 48);
      await comeTogether(ids);
      await loseSome(seats[round % SCOOTERS]);
    }
    const rows = await world.db.query<{ id: string; fare_cents: number; state: string }[]>('select id, state, fare_cents from rides');
    const billed = new Map(rows.map(({ id, fare_cents }) => [id, fare_cents]));
    expect(due.map(({ rideId }) => [rideId, billed.get(rideId)])).toEqual(due.map((one) => [one.rideId, centsOf(one)]));
    expect(rows).toHaveLength(SCOOTERS * DEATHS);
    expect(truth.broken).toEqual([]);
    await world.until(async () => { const { fares, captured, debts } = await world.books(); return captured + debts === fares && debts === 0; }, 'paid rides');

    const stored = await world.db.query<{ scooter: string; boot: number; seq: string }[]>('select scooter_id as scooter, boot, seq from scooter_events');
    const keys = stored.map(({ scooter, boot, seq }) => `${scooter} ${String(boot)}.${seq}`);
    const told = seats.flatMap(({ scooter, kept }) => [...kept].map((name) => `${scooter.id} ${name}`));
    expect(new Set(keys).size).toBe(keys.length);
    expect([...keys].sort()).toEqual([...told].sort());
    process.stdout.write(`broken broker, seed ${String(SEED)}: ${String(due.length)} rides, ${String(keys.length)} events\n`);
    await world.mustBeQuiet();
  }, 240_000);
});
