// Telemetry of many scooters in one statement must leave the very rows that one message at a time leaves, however
// it is shuffled and repeated, whoever else writes at the same moment, and whatever breaks in between.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { createCity } from '../../src/city-app.js';
import { FleetService } from '../../src/fleet/fleet.service.js';
import { newId, type ScooterId } from '../../src/platform/ids.js';
import { LoopService } from '../../src/platform/loop.service.js';
import { cityLogger } from '../../src/platform/log.provider.js';
import type { Telemetry } from '../../src/telematics/wire.js';
import type { Waiting } from '../../src/uplink/inbox.js';
import { IntakeService } from '../../src/uplink/intake.service.js';
import { OutcomeService } from '../../src/uplink/outcome.service.js';
import { RollCallService } from '../../src/uplink/roll-call.service.js';
import { TelemetryBatchService } from '../../src/uplink/telemetry-batch.service.js';
import { UplinkService } from '../../src/uplink/uplink.service.js';
import { BASTILLE } from '../kit/places.js';
import { World } from '../kit/world.js';

const SENSORS = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' } as const;
const RECEIVED = new Date('2026-11-23T09:00:00Z');
type Words = Omit<Partial<Telemetry>, 'seq'> & { seq: number };

const telemetry = (words: Words): Buffer => Buffer.from(JSON.stringify({
  boot: 1, ageMs: 0, chargePercent: 80, rangeKm: 50, batterySerial: 'PACK-1', odometerM: 1000, sensors: SENSORS, inRide: false,
  fix: { ...BASTILLE, accuracyM: 5, ageS: 1 }, ...words,
}));
const from = (scooterId: ScooterId, words: Words): Waiting => ({ scooterId, kind: 'telemetry', payload: telemetry(words), receivedAt: RECEIVED });

/** The same numbers for the same seed (mulberry32). */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled<T>(items: readonly T[], dice: () => number): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(dice() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}

describe('telemetry, many at once', () => {
  let world: World;
  let nextPlate = 1;
  beforeAll(async () => {
    world = await World.start({ from: RECEIVED });
    // Nobody here has a line to the broker, so nobody can answer the call.
    world.app.get(RollCallService).onModuleDestroy();
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  async function scooters(count: number): Promise<ScooterId[]> {
    const ids = Array.from({ length: count }, () => newId<ScooterId>());
    await world.db.query(
      `insert into scooters (id, plate, vin, state, connected, odometer_m, created_at)
       select id, 'BATCH-' || ($2 + n), 'VF9BATCH' || ($2 + n), 'available', true, 1000, now() from unnest($1::uuid[]) with ordinality as t (id, n)`,
      [ids, nextPlate]);
    nextPlate += count;
    return ids;
  }
  const rowsOf = async (ids: readonly ScooterId[]): Promise<Record<string, unknown>[]> => {
    const rows = await world.db.query<Record<string, unknown>[]>('select * from scooters where id = any($1)', [ids]);
    return ids.map((id) => rows.find((row) => row['id'] === id) ?? {});
  };
  /** All they are, but for who they are and when they were made. */
  const hashOf = async (ids: readonly ScooterId[]): Promise<string> => {
    const rows = (await rowsOf(ids)).map((row) => ({ ...row, id: 0, plate: 0, vin: 0, created_at: 0 }));
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  };
  const swapTasksOf = async (ids: readonly ScooterId[]): Promise<number[]> => {
    const rows = await world.db.query<{ scooter_id: string; count: number }[]>(
      `select scooter_id, count(*)::int as count from tasks where scooter_id = any($1) group by scooter_id`, [ids]);
    return ids.map((id) => rows.find((row) => row.scooter_id === id)?.count ?? 0);
  };

  /** As the intake does: no scooter twice in a batch, what is not plain one by one. @returns how often each result came. */
  async function takeIn(messages: readonly Waiting[], batchOf: () => number, app: NestFastifyApplication = world.app): Promise<Map<string, number>> {
    const [batch, uplink] = [app.get(TelemetryBatchService), app.get(UplinkService)];
    const results = new Map<string, number>();
    const note = (result: string): unknown => results.set(result, (results.get(result) ?? 0) + 1);
    for (let rest = [...messages]; rest.length > 0;) {
      const [now, later, size] = [new Map<ScooterId, Waiting>(), [] as Waiting[], batchOf()];
      for (const message of rest) {
        if (now.size < size && !now.has(message.scooterId)) now.set(message.scooterId, message);
        else later.push(message);
      }
      const { results: settled, special } = await batch.receive([...now.values()]);
      for (const result of settled) note(result);
      for (const message of special) {
        note('special');
        note(await uplink.receive(message));
      }
      rest = later;
    }
    return results;
  }

  const SCOOTERS = 100;
  const EACH = 100;
  const WAYS = 3;
  /** Every scooter drains from its own height, a third of them through the 10 km; numbers are missing here and there. */
  const trace = (ids: readonly ScooterId[]): Waiting[] => Array.from({ length: SCOOTERS * EACH }, (_, n) => {
    const [scooter, step] = [n % SCOOTERS, Math.floor(n / SCOOTERS)];
    const rangeKm = Math.max(0.5, 20 + scooter * 0.4 - step * 0.3);
    const seq = step + 1 + Math.floor(step / 7) * (scooter % 3);
    const fix = { latitude: BASTILLE.latitude + step * 1e-6, longitude: BASTILLE.longitude + scooter * 1e-4, accuracyM: 5, ageS: 1 };
    const sensors = { ...SENSORS, stand: step % 5 === 0 ? 'up' as const : 'down' as const };
    return from(ids[scooter] as ScooterId, { boot: 1 + Math.floor(step / 60), seq, rangeKm, chargePercent: rangeKm, fix, sensors });
  });

  it('leaves the rows that one message at a time leaves', async () => {
    const [alone, together] = [await scooters(SCOOTERS), await scooters(SCOOTERS)];
    const uplink = world.app.get(UplinkService);
    const some = (ids: readonly ScooterId[]): Waiting[] => trace(ids).filter((_, n) => Math.floor(n / SCOOTERS) % 11 === 0);
    const said = some(alone);
    const lines = alone.map((id) => said.filter(({ scooterId }) => scooterId === id));
    await Promise.all(Array.from({ length: 4 }, async () => {
      for (let line = lines.pop(); line; line = lines.pop()) for (const message of line) await uplink.receive(message);
    }));
    await takeIn(some(together), () => 1000);
    expect(await hashOf(together)).toBe(await hashOf(alone));
    expect(await swapTasksOf(together)).toEqual(await swapTasksOf(alone));
  });

  it('leaves the same rows and tells each crossing once, in 100 shuffles of 10,000 messages with repetitions', async () => {
    const inOrder = await scooters(SCOOTERS);
    await takeIn(trace(inOrder), () => 1000);
    const expected = await hashOf(inOrder);
    const crossings = await swapTasksOf(inOrder);
    expect(new Set(crossings)).toEqual(new Set([0, 1]));

    for (let way = 0; way < WAYS; way++) {
      const dice = diceOf(way + 1);
      const ids = await scooters(SCOOTERS);
      const said = trace(ids);
      const repeated = [...said, ...said.filter(() => dice() < 0.1)];
      // Every tenth way is nearly in order, so that most messages count; the others are thrown together.
      const mixed = way % 10 === 0 ? shuffledNearby(repeated, dice) : shuffled(repeated, dice);
      const results = await takeIn(mixed, () => 1 + Math.floor(dice() * 1000));
      expect([...results.keys()].sort()).toEqual(['repeated', 'special', 'taken']);
      // Only crossings are special, and what comes after them while the scooter is low is plain again.
      expect(results.get('special')).toBe(crossings.filter((count) => count > 0).length);
      expect(`${String(way)}: ${await hashOf(ids)}`).toBe(`${String(way)}: ${expected}`);
      expect(await swapTasksOf(ids)).toEqual(crossings);
      // Thousands of open tasks would keep the dispatch busy through all the other tests.
      await world.db.query('delete from tasks where scooter_id = any($1)', [ids]);
    }
  });

  /** Repetitions stand where they were made; nobody is displaced by more than a few hundred. */
  function shuffledNearby(items: readonly Waiting[], dice: () => number): Waiting[] {
    return items.map((item, at) => ({ item, at: (at % (SCOOTERS * EACH)) + dice() * 300 })).sort((a, b) => a.at - b.at).map(({ item }) => item);
  }

  it('changes nothing for an older boot, and is not frozen by a clock from the future', async () => {
    const [id] = await scooters(1) as [ScooterId];
    const take = (words: Words): Promise<Map<string, number>> => takeIn([from(id, words)], () => 10);
    await take({ boot: 5, seq: 7, rangeKm: 41 });
    const before = await rowsOf([id]);
    expect([...(await take({ boot: 4, seq: 9_000_000, rangeKm: 12 }))]).toEqual([['repeated', 1]]);
    expect([...(await take({ boot: 5, seq: 7, rangeKm: 12 }))]).toEqual([['repeated', 1]]);
    expect(await rowsOf([id])).toEqual(before);
    await take({ boot: 5, seq: 8, rangeKm: 40, clockMs: Date.UTC(2106, 1, 7) });
    await take({ boot: 5, seq: 9, rangeKm: 39, clockMs: 0 });
    expect((await rowsOf([id]))[0]).toMatchObject({ boot: 5, seq: '9', range_km: 39, last_seen_at: RECEIVED });
  });

  it('writes no place of a scooter that was taken after it was last seen, but for the rest believes it', async () => {
    const ids = await scooters(3);
    const [, taken] = ids as [ScooterId, ScooterId, ScooterId];
    await takeIn(ids.map((id) => from(id, { seq: 1 })), () => 10);
    // Behind our back: no event of this process tells it.
    await world.db.query(`update scooters set state = 'taken', latitude = null, longitude = null, accuracy_m = null, position_at = null where id = $1`, [taken]);
    const results = await takeIn(ids.map((id) => from(id, { seq: 2, rangeKm: 33 })), () => 10);
    expect(Object.fromEntries(results)).toEqual({ taken: 3, special: 1 });
    expect((await rowsOf([taken]))[0]).toMatchObject({ state: 'taken', latitude: null, range_km: 33, seq: '2' });
  });

  const missingOf = async (ids: readonly ScooterId[]): Promise<number[]> => {
    const rows = await world.db.query<{ id: string; many: number }[]>(
      'select scooter_id as id, missing_numbers::int as many from scooter_doubts where scooter_id = any($1)', [ids]);
    return ids.map((id) => rows.find((row) => row.id === id)?.many ?? 0);
  };

  it('misses no number that came, whatever became of it: overtaken, shed, repeated', async () => {
    const [id] = await scooters(1) as [ScooterId];
    const uplink = world.app.get(UplinkService);
    const event = { boot: 1, seq: 3, ageMs: 0, kind: 'command_refused', commandId: newId(), reason: 'replayed', sensors: SENSORS };
    const say = (): Promise<string> => uplink.receive({ scooterId: id, kind: 'events', payload: Buffer.from(JSON.stringify(event)), receivedAt: RECEIVED });
    await takeIn([from(id, { seq: 1 })], () => 10);
    expect([await say(), await uplink.receive(from(id, { seq: 2 })), await say(), await say()]).toEqual(['ignored_answer', 'overtaken', 'repeated', 'repeated']);
    world.app.get(OutcomeService).shed(from(id, { seq: 4 }));
    await takeIn([from(id, { seq: 5 })], () => 10);
    await world.turn();
    expect(await missingOf([id])).toEqual([0]);
    await takeIn([from(id, { seq: 8 })], () => 10);
    await world.turn();
    expect(await missingOf([id])).toEqual([2]);
  });

  it('loses nothing when the database breaks off in the middle of a batch', async () => {
    const ids = await scooters(5);
    await takeIn(ids.map((id) => from(id, { seq: 1 })), () => 10);
    const before = await hashOf(ids);
    const intake = world.app.get(IntakeService);
    const deadline = performance.now() + 5000;
    await world.db.transaction(async (tx) => {
      await tx.query('select 1 from scooters where id = $1 for update', [ids[2]]);
      const receiving = world.app.get(TelemetryBatchService).receive(ids.map((id) => from(id, { seq: 2, rangeKm: 30 })));
      const broken = expect(receiving).rejects.toThrow('terminating connection');
      // Asked straight, because a turn of the whole city in between may take longer than a lock is waited for.
      const cut = (): Promise<unknown[]> => world.db.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%update scooters s%'`);
      while ((await cut()).length === 0) expect(performance.now()).toBeLessThan(deadline);
      await broken;
    });
    expect(await hashOf(ids)).toBe(before);
    expect(intake.isIdle).toBe(true);
    expect([...(await takeIn(ids.map((id) => from(id, { seq: 2, rangeKm: 30 })), () => 10))]).toEqual([['taken', 5]]);
  });

  describe('with another replica on the same database', () => {
    let other: NestFastifyApplication;
    beforeAll(async () => {
      other = await createCity({ ...world.config, loops: 'run' }, world.clock, cityLogger('silent'));
      await other.listen(0, '127.0.0.1');
      await world.until(async () => (await fetch(`${await other.getUrl()}/health/ready`)).status === 200, 'the other one ready');
      other.get(RollCallService).onModuleDestroy();
    });
    afterAll(async () => { await other.close(); });

    const nearby = async (url: string): Promise<string[]> => {
      const answer = await fetch(`${url}/rider/scooters?latitude=${String(BASTILLE.latitude)}&longitude=${String(BASTILLE.longitude + 0.05)}&radiusM=100`);
      return ((await answer.json()) as { items: { id: string }[] }).items.map(({ id }) => id).sort();
    };
    const fix = { latitude: BASTILLE.latitude, longitude: BASTILLE.longitude + 0.05, accuracyM: 5, ageS: 1 };

    it('takes each message once in all, although both hear every one, and tells each crossing once', async () => {
      const ids = await scooters(200);
      const counted = new Map<string, number>();
      for (let seq = 1; seq <= 10; seq++) {
        const messages = ids.map((id, n) => from(id, { seq, rangeKm: 14 - seq + (n % 2) * 20 }));
        const both = await Promise.all([takeIn(messages, () => 60), takeIn([...messages].reverse(), () => 70, other)]);
        for (const results of both) for (const [result, count] of results) counted.set(result, (counted.get(result) ?? 0) + count);
      }
      expect(Object.fromEntries(counted)).toMatchObject({ taken: 2000, repeated: 2000 });
      expect(await swapTasksOf(ids)).toEqual(ids.map((_, n) => (n % 2 === 0 ? 1 : 0)));
    });

    it('misses no number that the other one took, and counts once what neither heard', async () => {
      const ids = await scooters(5);
      const both = async (seq: number): Promise<unknown> => {
        const messages = ids.map((id) => from(id, { seq }));
        return Promise.all([takeIn(messages, () => 10), takeIn(messages, () => 10, other)]);
      };
      const counted = async (): Promise<number[]> => {
        await Promise.all([world.turn(), other.get(LoopService).turn()]);
        return missingOf(ids);
      };
      for (let seq = 1; seq <= 100; seq++) await both(seq);
      expect(await counted()).toEqual(ids.map(() => 0));
      expect(await world.db.query('select 1 from alerts where scooter_id = any($1)', [ids])).toEqual([]);
      await both(126);
      await world.until(async () => (await counted()).every((many) => many > 0), 'the gap counted');
      expect(await counted()).toEqual(ids.map(() => 25));
    });

    it('shows on both who is free, and on neither who is not', async () => {
      const ids = (await scooters(3)).sort();
      const [first] = ids as [ScooterId];
      const otherUrl = (await other.getUrl()).replace('[::1]', '127.0.0.1');
      await takeIn(ids.map((id) => from(id, { seq: 1, fix })), () => 10);
      expect(await nearby(world.url)).toEqual(ids);
      await takeIn(ids.map((id) => from(id, { seq: 1, fix })), () => 10, other);
      expect(await nearby(otherUrl)).toEqual(ids);

      await world.db.transaction((tx) => world.app.get(FleetService).become(tx, first, 'take'));
      expect(await nearby(world.url)).toEqual(ids.slice(1));
      await world.until(async () => (await nearby(otherUrl)).length === 2, 'taken on both');
      expect(await nearby(otherUrl)).toEqual(ids.slice(1));

      await other.get(DataSource).transaction((tx) => other.get(FleetService).become(tx, first, 'release', fix));
      expect(await nearby(otherUrl)).toEqual(ids);
      await world.until(async () => (await nearby(world.url)).length === 3, 'free on both');
    });
  });
});
