// Unlock: from the moment a rider's request is sent to the moment the ride is committed as `riding`, paced,
// beside the least any service would have to do for it.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import pg from 'pg';
import { startChild } from '../kit/child.mjs';
import { closeAtEnd } from '../kit/closing.mjs';
import { call, fewAtATime, mustAnswer, paced } from '../kit/http-calls.mjs';
import { figure, quantile } from '../kit/results.mjs';
import { signUpRiders } from '../kit/riders.mjs';
import { byTurns } from '../kit/rounds.mjs';

/** As goal 6 asks, and one rider at a time: at 50 a second a slow service measures its own queue. */
const PACES = [50, 5];
const LEAST_SAMPLES = 20;
/** Below, a p99 is the luck of a few. */
const LEAST_FOR_P99 = 1000;
const GOAL = 6;
const GIVEN_UP_AFTER_MS = 20_000;
const ENDING_AT_ONCE = 10;
const QUANTILES = [
  [0.5, 'p50', { ambitious: 1.3, nearlyImpossible: 1.1 }],
  [0.9, 'p90', { ambitious: 1.5, nearlyImpossible: 1.1 }],
];

export async function* measure({ options, stage, say }) {
  const seconds = options.seconds ?? 5;
  const set = await build(Math.max(LEAST_SAMPLES, Math.round(Math.max(...PACES) * seconds)), stage, say);
  for (const perSecond of PACES) {
    const pace = {
      perSecond,
      count: Math.min(set.cards.length, Math.max(LEAST_SAMPLES, Math.round(perSecond * seconds))),
    };
    await round(set, pace);
    await floorRound(set, pace);
    const {
      rows: [{ last }],
    } = await set.ear.client.query('select max(requested_at) as last from rides');
    const contestants = { floor: () => floorRound(set, pace), ours: () => round(set, pace) };
    const { values, foreign } = await byTurns(contestants, options.rounds ?? 5, (text) =>
      say(`${perSecond}/s, ${text}`),
    );
    const of = (name) => ({ perSecond, foreign, floor: values.floor, ours: values.ours.map((one) => one[name]) });
    yield* results(of('whole'), 'Stripe stand-in included', null);
    yield* results(
      { ...of('withoutBank'), notes: await stagesOf(set, last) },
      'without the time inside the stand-in',
      GOAL,
    );
  }
  for (const part of [set.city, set.floor, set.scooters, set.standIns, set.broker]) await part.stop();
}

/** p50 and p90 of each round, and one p99 over all of them: a single round has too few samples for it. */
function* results({ perSecond, floor, ours, foreign, notes = [] }, how, number) {
  const what = (name, of) => `${name} of ${of.toLocaleString('en')} at ${perSecond}/s, request → riding, ${how}`;
  const common = { unit: 'ms', better: 'lower', foreign };
  const goalOf = (goal) => (number === null ? null : { number, ...goal });
  const all = (rounds) => rounds.flat();
  for (const [share, name, goal] of QUANTILES) {
    const of = (rounds) => rounds.map((values) => quantile(values, share));
    yield {
      ...common,
      what: what(name, all(ours).length),
      floor: of(floor),
      ours: of(ours),
      goal: goalOf(goal),
      notes: share === 0.5 ? notes : [],
    };
  }
  if (all(ours).length < LEAST_FOR_P99) return;
  const p99 = (rounds) => [quantile(all(rounds), 0.99)];
  yield {
    ...common,
    what: what('p99', all(ours).length),
    floor: p99(floor),
    ours: p99(ours),
    goal: goalOf({ ambitious: 1.5, nearlyImpossible: 1.1 }),
  };
}

async function build(count, stage, say) {
  const databaseUrl = await stage.database('unlock_city');
  const broker = await startChild('kit/broker-process.mjs', {});
  const standIns = await startChild('kit/stand-ins-process.mjs', {});
  const { stripe, smsUrl } = standIns.told;
  const mqttUrl = broker.told.serviceUrl;
  const city = await stage.city({ databaseUrl, scooters: count, mqttUrl, stripe, smsUrl });
  await standIns.ask('webhooksTo', `${city.url}/webhooks/stripe`);
  const floor = await startChild('floors/unlock.mjs', {
    databaseUrl: await stage.database('unlock_floor'),
    mqttUrl,
    scooters: count,
  });

  const cards = fs
    .readFileSync(city.fleetFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const floors = Array.from({ length: count }, (_, i) => ({
    username: `floor-${i + 1}`,
    password: randomUUID(),
    number: i + 1,
  }));
  await broker.ask('letIn', [
    ...cards.map(({ scooterId, password }) => ({ username: scooterId, password })),
    ...floors,
  ]);
  const scooters = await startChild('kit/scooters-process.mjs', { port: broker.told.port, cards, floors });
  const ear = await listen(databaseUrl);
  await until(
    ear.client,
    `select count(*)::int = ${count} as done from scooters where state = 'available' and connected`,
    'scooters in service',
  );
  say(`${count} scooters in service`);
  const tokens = await signUpRiders(count, { city: city.url, sms: smsUrl, stripe });
  const { holdCents } = await mustAnswer(200, call('GET', `${city.url}/rider/prices`));
  say(`${count} riders with a card`);
  return { broker, standIns, city, floor, scooters, ear, cards, tokens, holdCents };
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

async function until(client, sql, what) {
  const deadline = performance.now() + 60_000;
  while ((await client.query(sql)).rows[0].done !== true) {
    if (performance.now() > deadline) throw new Error(`${what} did not come about in 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function floorRound({ floor }, { perSecond, count }) {
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
async function round({ city, cards, tokens, holdCents, ear, standIns }, { perSecond, count }) {
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

  const bankMs = await standIns.ask('holdMs');
  const whole = asked.map(({ body, sent }) => ear.ridingAt.get(body.id) - sent);
  const withoutBank = asked.map(({ body }, number) => whole[number] - bankMs[body.id]);
  await fewAtATime(ENDING_AT_ONCE, asked, ({ body }, number) =>
    mustAnswer(202, call('POST', `${city.url}/rider/rides/${body.id}/end`, { token: tokens[number] })),
  );
  await until(ear.client, SETTLED, 'the end of all rides');
  return { whole, withoutBank };
}

const SETTLED = `
  select not exists (select 1 from rides where state not in ('ended', 'failed'))
     and not exists (select 1 from payments where state not in ('captured', 'released', 'refused'))
     and not exists (select 1 from outbox_deliveries) as done`;

/** Where the time goes, by the city's own clock: a hint where to look, not a measurement of the goal. */
async function stagesOf({ ear }, after) {
  const { rows } = await ear.client.query(
    `
    select extract(epoch from c.created_at - r.requested_at) * 1000 as money,
           extract(epoch from c.sent_at - c.created_at) * 1000 as sending,
           extract(epoch from c.settled_at - c.sent_at) * 1000 as answer
      from rides r join ride_commands rc on rc.ride_id = r.id join commands c on c.id = rc.command_id
     where c.kind = 'unlock' and c.settled_at is not null and r.requested_at > $1`,
    [after],
  );
  const p50 = (name) =>
    figure(
      quantile(
        rows.map((row) => Number(row[name])),
        0.5,
      ),
    );
  return [
    `p50 of its stages: request → money held and command written ${p50('money')} ms, ` +
      `→ sent ${p50('sending')} ms, → scooter's answer read ${p50('answer')} ms`,
  ];
}
