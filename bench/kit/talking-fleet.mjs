// Scooters that stand free in Paris, in the database and on the air: what ingest, scale and nearby measure with.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { built } from '../../scripts/ready.mjs';
import { startChild } from './child.mjs';
import { cpuSecondsOf } from './machine.mjs';
import { withClient } from './stage.mjs';

const ODOMETER_M = 1000;
const CREDIT_EVERY_MS = 5;
const GIVEN_UP_AFTER_MS = 30_000;
const SETTLED_AFTER_MS = 300;

/** Puts them into the database of a city that does not run yet. */
export async function standFree(databaseUrl, count) {
  const { diceFor, freePlace, plateOf, vinOf } = await built('src/launch/seed-plan.js');
  const dice = diceFor('bench: talking fleet');
  const scooters = Array.from({ length: count }, () => ({ id: randomUUID(), odometerM: ODOMETER_M, ...freePlace(dice, () => true) }));
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `insert into scooters (id, plate, vin, state, connected, range_km, charge_percent, battery_serial, odometer_m, latitude, longitude,
                             accuracy_m, position_at, sensors, boot, seq, last_seen_at, created_at)
       select id, plate, vin, 'available', true, 40, 80, 'PACK-' || (n - 1), ${ODOMETER_M}, latitude, longitude, 5, '2020-01-01Z',
              '{"lock":"closed","ignition":"off","stand":"down","helmet":"in_case","case":"closed","bay":"closed"}', 1, 1, now(), now()
         from unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::float8[]) with ordinality as parked (id, plate, vin, latitude, longitude, n)`,
      [
        scooters.map(({ id }) => id),
        scooters.map((_, i) => plateOf(i)),
        scooters.map((_, i) => vinOf(i)),
        scooters.map(({ latitude }) => latitude),
        scooters.map(({ longitude }) => longitude),
      ],
    );
    await client.query('vacuum analyze scooters');
  });
  return scooters;
}

export const startLoad = (order) => startChild('kit/telemetry-load.mjs', order);

/** The process of a database server, with all it ever started. */
export async function serverPid(databaseUrl) {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query('show data_directory');
    return Number(fs.readFileSync(`${rows[0].data_directory}/postmaster.pid`, 'utf8').split('\n', 1)[0]);
  });
}

/**
 * As many messages as the consumer takes, `window` of them under way. `consumer` is a child that answers `counted`.
 * @returns messages a second, until the last is committed; and the CPU time of one, in µs, by process.
 */
export async function flood({ load, consumer, broker, server, count, window, prefix = 'v1/up' }) {
  const pids = { load: load.pid, broker: broker.pid, consumer: consumer.pid, server };
  const cpuBefore = cpuOf(pids);
  const sentBefore = await load.ask('sent');
  const countedBefore = await consumer.ask('counted');
  const began = performance.now();
  const sending = load.ask('flood', { count, window, prefix });
  let isSent = false;
  sending.then(() => (isSent = true));
  let settled = 0;
  let changedAt = began;
  for (;;) {
    const now = (await consumer.ask('counted')) - countedBefore;
    if (now !== settled) changedAt = performance.now();
    settled = now;
    if (settled >= count) break;
    await load.ask('credit', sentBefore + settled);
    if (isSent && performance.now() - changedAt > SETTLED_AFTER_MS) break;
    if (performance.now() - changedAt > GIVEN_UP_AFTER_MS) throw new Error(`stuck: ${settled} of ${count} were taken in`);
    await new Promise((resolve) => setTimeout(resolve, CREDIT_EVERY_MS));
  }
  await load.ask('credit', sentBefore + count);
  await sending;
  const seconds = (changedAt - began) / 1000;
  const after = cpuOf(pids);
  const cpu = Object.fromEntries(Object.keys(pids).map((name) => [name, ((after[name] - cpuBefore[name]) / count) * 1e6]));
  return { perSecond: settled / seconds, lost: count - settled, cpu, serviceCpu: cpu.consumer + cpu.server };
}

const cpuOf = (pids) => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOf(pid)]));

/** So many a second, whatever becomes of them. */
export async function pace({ load, consumer, server, perSecond, seconds, prefix = 'v1/up' }) {
  const pids = { consumer: consumer.pid, server };
  const before = cpuOf(pids);
  const counted = await consumer.ask('counted');
  const sent = await load.ask('pace', { perSecond, seconds, prefix });
  const deadline = performance.now() + GIVEN_UP_AFTER_MS;
  while ((await consumer.ask('counted')) - counted < sent && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  const after = cpuOf(pids);
  const settled = (await consumer.ask('counted')) - counted;
  return { sent, lost: sent - settled, cpu: ((after.consumer - before.consumer + after.server - before.server) / settled) * 1e6 };
}
