// Commands: an order of the control room, from its request to the commit that says the scooter has done it, beside a
// bare message and its answer over the same broker.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import pg from 'pg';
import { startChild } from '../kit/child.mjs';
import { closeAtEnd } from '../kit/closing.mjs';
import { call, mustAnswer, paced } from '../kit/http-calls.mjs';
import { figure, quantile } from '../kit/results.mjs';
import { byTurns } from '../kit/rounds.mjs';
import { until } from '../kit/unlock-city.mjs';

const SCOOTERS = 500;
const PER_SECOND = 200;
const AT_ONCE = 500;
const OPERATOR = { email: 'operator@roue-libre.example', password: 'roue-libre-demo' };

export async function* measure({ options, stage, say }) {
  const seconds = options.seconds ?? 5;
  const set = await build(stage);
  say(`${SCOOTERS} scooters in service`);
  const count = Math.round(PER_SECOND * seconds);
  const rounds = options.rounds ?? 5;
  await round(set, { perSecond: PER_SECOND, count });
  const calm = await byTurns(
    { floor: () => set.floor.ask('paced', { perSecond: PER_SECOND, count }), ours: () => round(set, { perSecond: PER_SECOND, count }) },
    rounds,
    (text) => say(`${PER_SECOND}/s, ${text}`),
  );
  yield* latencies(calm);
  const refused = { count: 0 };
  const crowd = await byTurns(
    { floor: () => set.floor.ask('crowd', { atOnce: AT_ONCE, seconds: seconds / 2 }), ours: () => crowded(set, seconds / 2, refused) },
    rounds,
    (text) => say(`${AT_ONCE} at once, ${text}`),
  );
  yield {
    what: `answers a second with ${AT_ONCE} commands under way: session, order, audit row, both commits; floor: message and answer alone`,
    unit: '/s',
    better: 'higher',
    foreign: crowd.foreign,
    floor: crowd.values.floor,
    ours: crowd.values.ours,
    goal: { number: 8, ambitious: 0.6, nearlyImpossible: 0.9 },
    notes: [`${refused.count} orders were turned away because the service was too busy`],
  };
  await set.stop();
}

function* latencies({ values, foreign }) {
  const all = (rounds) => rounds.flat();
  const common = { unit: 'ms', better: 'lower', compare: 'difference', foreign };
  const what = (name) =>
    `${name} at ${PER_SECOND}/s, request of the control room → answer of the scooter committed; floor: message and answer alone`;
  const inside = (name) => figure(quantile(all(values.ours).map((one) => one[name]), 0.5));
  yield {
    ...common,
    what: what('p50'),
    floor: values.floor.map((trips) => quantile(trips, 0.5)),
    ours: values.ours.map((orders) => quantile(orders.map(({ whole }) => whole), 0.5)),
    goal: { number: 5, ambitious: 0.3, nearlyImpossible: 0.1 },
    notes: [`p50 until the control room has its 202: ${inside('accepted')} ms, in which the order and its audit row are committed`],
  };
  yield {
    ...common,
    what: what('p99'),
    floor: [quantile(all(values.floor), 0.99)],
    ours: [quantile(all(values.ours).map(({ whole }) => whole), 0.99)],
    goal: { number: 5, ambitious: 2, nearlyImpossible: 0.5 },
  };
}

async function build(stage) {
  const databaseUrl = await stage.database('commands_city');
  const broker = await startChild('kit/broker-process.mjs', {});
  const mqttUrl = broker.told.serviceUrl;
  const city = await stage.city({ databaseUrl, scooters: SCOOTERS, mqttUrl });
  const floor = await startChild('floors/round-trips.mjs', { mqttUrl, scooters: SCOOTERS });
  const cards = fs.readFileSync(city.fleetFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const floors = Array.from({ length: SCOOTERS }, (_, i) => ({ username: `floor-${i + 1}`, password: randomUUID(), number: i + 1 }));
  await broker.ask('letIn', [...cards.map(({ scooterId, password }) => ({ username: scooterId, password })), ...floors]);
  const scooters = await startChild('kit/scooters-process.mjs', { port: broker.told.port, cards, floors });
  const ear = await listen(databaseUrl);
  await until(ear.client, `select count(*)::int = ${SCOOTERS} as done from scooters where state = 'available' and connected`, 'scooters in service');
  const { token } = await mustAnswer(200, call('POST', `${city.url}/operator/sign-in`, { body: OPERATOR }));
  const stop = async () => {
    for (const part of [city, floor, scooters, broker]) await part.stop();
  };
  return { city, floor, cards, ear, token, stop };
}

/** The database tells when a command is settled, so that nobody has to ask again and again. */
async function listen(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  closeAtEnd(() => client.end());
  const settledAt = new Map();
  const waiting = new Map();
  client.on('notification', ({ payload }) => {
    settledAt.set(payload, performance.now());
    waiting.get(payload)?.();
  });
  await client.query(`create function bench_tell() returns trigger language plpgsql as $$
    begin perform pg_notify('bench_settled', new.id::text); return null; end $$`);
  await client.query(`create trigger bench_settled after update of state on commands for each row
    when (new.state = 'done' and old.state <> 'done') execute function bench_tell()`);
  await client.query('listen bench_settled');
  const settled = (id) =>
    settledAt.has(id) ? Promise.resolve() : new Promise((resolve) => waiting.set(id, resolve));
  return { client, settledAt, settled };
}

async function order({ city, cards, ear, token }, number, refused) {
  const url = `${city.url}/operator/scooters/${cards[number % SCOOTERS].scooterId}/commands`;
  const asked = await call('POST', url, { token, body: { kind: 'locate', reason: 'bench' } });
  if (refused && asked.status === 503) {
    refused.count++;
    return null;
  }
  const { commandId } = await mustAnswer(202, asked);
  await ear.settled(commandId);
  return { whole: ear.settledAt.get(commandId) - asked.sent, accepted: asked.answered - asked.sent };
}

const round = (set, { perSecond, count }) => paced({ perSecond, count, begin: (number) => order(set, number) });

async function crowded(set, seconds, refused) {
  const from = performance.now();
  let answers = 0;
  const worker = async (number) => {
    while (performance.now() - from < seconds * 1000) {
      if ((await order(set, number, refused)) !== null) answers++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => worker(number)));
  return answers / ((performance.now() - from) / 1000);
}
