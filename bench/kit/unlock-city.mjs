// The city in which unlocks are measured: the service, its broker, its stand-ins, scooters that answer at once, riders
// with a card; and one round of unlocks in it, from the request to the commit that says `riding`.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import pg from 'pg';
import { startChild } from './child.mjs';
import { closeAtEnd } from './closing.mjs';
import { call, fewAtATime, mustAnswer, paced } from './http-calls.mjs';
import { signUpRiders } from './riders.mjs';

const GIVEN_UP_AFTER_MS = 20_000;
const ENDING_AT_ONCE = 10;

/** `talkers`: scooters beyond those that are ridden. `startBroker`: another one than the broker inside. */
export async function buildUnlockCity(count, { stage, say, talkers = 0, startBroker = brokerInside }) {
  const databaseUrl = await stage.database('unlock_city');
  const broker = await startBroker();
  const standIns = await startChild('kit/stand-ins-process.mjs', {});
  const { stripe, smsUrl } = standIns.told;
  const mqttUrl = broker.serviceUrl;
  const city = await stage.city({ databaseUrl, scooters: count + talkers, mqttUrl, stripe, smsUrl });
  await standIns.ask('webhooksTo', `${city.url}/webhooks/stripe`);
  const floor = await startChild('floors/unlock.mjs', {
    databaseUrl: await stage.database('unlock_floor'),
    mqttUrl,
    scooters: count,
  });

  const fleet = fs
    .readFileSync(city.fleetFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const cards = fleet.slice(0, count);
  const floors = Array.from({ length: count }, (_, i) => ({
    username: `floor-${i + 1}`,
    password: randomUUID(),
    number: i + 1,
  }));
  await broker.letIn([
    ...cards.map(({ scooterId, password }) => ({ username: scooterId, password })),
    ...floors,
  ]);
  const scooters = await startChild('kit/scooters-process.mjs', { port: broker.port, cards, floors });
  const ear = await listen(databaseUrl);
  await until(
    ear.client,
    `select count(*)::int >= ${count} as done from scooters where state = 'available' and connected`,
    'scooters in service',
  );
  say(`${count} scooters in service`);
  const tokens = await signUpRiders(count, { city: city.url, sms: smsUrl, stripe });
  const { holdCents } = await mustAnswer(200, call('GET', `${city.url}/rider/prices`));
  say(`${count} riders with a card`);
  const stop = async () => {
    for (const part of [city, floor, scooters, standIns, broker]) await part.stop();
  };
  return { databaseUrl, broker, standIns, city, floor, scooters, ear, cards, talkers: fleet.slice(count), tokens, holdCents, stop };
}

async function brokerInside() {
  const broker = await startChild('kit/broker-process.mjs', {});
  const { port, serviceUrl } = broker.told;
  return { port, serviceUrl, stop: broker.stop, letIn: (accounts) => broker.ask('letIn', accounts) };
}

/** The database itself tells when a ride is committed as riding, so that nobody has to ask again and again. */
async function listen(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  closeAtEnd(() => client.end());
  const ridingAt = new Map();
  client.on('notification', ({ payload }) => ridingAt.set(payload, performance.now()));
  await client.query(`create function bench_tell() returns trigger language plpgsql as $$
    begin perform pg_notify('bench_riding', new.id::text); return null; end $$`);
  await client.query(`create trigger bench_riding after update of state on rides for each row
    when (new.state = 'riding' and old.state = 'unlocking') execute function bench_tell()`);
  await client.query('listen bench_riding');
  return { client, ridingAt };
}

export async function until(client, sql, what) {
  const deadline = performance.now() + 60_000;
  while ((await client.query(sql)).rows[0].done !== true) {
    if (performance.now() > deadline) throw new Error(`${what} did not come about in 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function floorRound({ floor }, { perSecond, count }) {
  const answers = await paced({
    perSecond,
    count,
    begin: (number) => call('POST', floor.told.url, { body: { scooter: number + 1, riderId: randomUUID() } }),
  });
  return answers.map(({ status, sent, answered }) => {
    if (status !== 201) throw new Error(`the floor answered ${status}`);
    return answered - sent;
  });
}

/** Every rider takes their own scooter; afterwards all rides end by the same doors, and the money settles. */
export async function round({ city, cards, tokens, holdCents, ear, standIns }, { perSecond, count }) {
  const before = await city.ask('usage');
  const asked = await paced({
    perSecond,
    count,
    begin: (number) =>
      call('POST', `${city.url}/rider/rides`, {
        token: tokens[number],
        headers: { 'idempotency-key': randomUUID() },
        body: { scooterId: cards[number].scooterId, acceptedHoldCents: holdCents },
      }),
  });
  for (const { status, body } of asked)
    if (status !== 202) throw new Error(`a ride was answered ${status}: ${JSON.stringify(body)}`);
  const deadline = performance.now() + GIVEN_UP_AFTER_MS;
  while (asked.some(({ body }) => !ear.ridingAt.has(body.id)) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const missing = asked.filter(({ body }) => !ear.ridingAt.has(body.id)).length;
  if (missing > 0) throw new Error(`${missing} of ${count} rides were not riding after ${GIVEN_UP_AFTER_MS / 1000} s`);

  const after = await city.ask('usage');
  const each = {
    statements: (after.statements - before.statements) / count,
    cpuMs: (after.cpuMs - before.cpuMs) / count,
  };
  const bankMs = await standIns.ask('holdMs');
  const whole = asked.map(({ body, sent }) => ear.ridingAt.get(body.id) - sent);
  const withoutBank = asked.map(({ body }, number) => whole[number] - bankMs[body.id]);
  await fewAtATime(ENDING_AT_ONCE, asked, ({ body }, number) =>
    mustAnswer(202, call('POST', `${city.url}/rider/rides/${body.id}/end`, { token: tokens[number] })),
  );
  await until(ear.client, SETTLED, 'the end of all rides');
  return { whole, withoutBank, each };
}

const SETTLED = `
  select not exists (select 1 from rides where state not in ('ended', 'failed'))
     and not exists (select 1 from payments where state not in ('captured', 'released', 'refused'))
     and not exists (select 1 from outbox_deliveries) as done`;
