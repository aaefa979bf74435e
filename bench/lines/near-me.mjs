// Near me: GET /rider/scooters within 500 m, through the whole service, beside the framework without a
// database and beside the same SQL without the service.
import { built } from '../../scripts/ready.mjs';
import { startChild } from '../kit/child.mjs';
import { swarm } from '../kit/http-swarm.mjs';
import { figure, quantile } from '../kit/results.mjs';
import { byTurns } from '../kit/rounds.mjs';
import { withClient } from '../kit/stage.mjs';

const FLEETS = [1000, 10_000];
const QUESTIONS = 2000;
const COMPARED = 25;
/** Just started, a service runs code that is not compiled yet. */
const WARM_UP_MS = 3000;

export async function* measure({ options, stage, say }) {
  for (const scooters of FLEETS) yield* measureFleet(scooters, { options, stage, say });
}

async function* measureFleet(scooters, { options, stage, say }) {
  const databaseUrl = await stage.database(`near_me_${scooters}`);
  await stage.city({ databaseUrl, listen: false });
  const paths = await park(databaseUrl, scooters);
  const city = await stage.city({ databaseUrl });
  const sql = await startChild('floors/near-me-sql.mjs', { databaseUrl });
  const { body, free } = await compare(city.url, sql.told.url, paths);
  const constant = await startChild('floors/nest-constant.mjs', { body });
  const urls = { constant: constant.told.url, sql: sql.told.url, ours: city.url };

  const milliseconds = (options.seconds ?? 2) * 1000;
  for (const url of Object.values(urls)) await swarm({ url, paths, milliseconds: WARM_UP_MS });
  const asked = Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [name, () => swarm({ url, paths, milliseconds })]),
  );
  const { values, foreign } = await byTurns(asked, options.rounds ?? 5, (text) => say(`${scooters} scooters, ${text}`));
  for (const part of [constant, sql, city]) await part.stop();

  const rates = (name) => values[name].map(({ perSecond }) => perSecond);
  const times = values.ours.flatMap(({ times: some }) => some);
  const found = `${free.toFixed(1)} found on average, ${body.length} bytes`;
  const fleet = `${scooters.toLocaleString('en')} free scooters, ${found}`;
  const common = { unit: 'req/s', better: 'higher', ours: rates('ours'), foreign };
  const took = (share) => `${figure(quantile(times, share))} ms`;
  const note = `ours took p50 ${took(0.5)}, p99 ${took(0.99)} with 32 asking without pause`;
  yield {
    ...common,
    what: `${fleet}; floor: Nest route without database`,
    floor: rates('constant'),
    goal: { number: 12, ambitious: 0.5, nearlyImpossible: 0.75 },
    notes: [note],
  };
  yield { ...common, what: `${fleet}; floor: bare Fastify, the same SQL`, floor: rates('sql'), goal: null };
}

/** Puts free scooters into Paris before the service starts. @returns questions from people about 200 m from one. */
async function park(databaseUrl, scooters) {
  const { diceFor, freePlace, plateOf, vinOf } = await built('src/launch/seed-plan.js');
  const dice = diceFor('bench: near me');
  const places = Array.from({ length: scooters }, () => freePlace(dice, () => true));
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `insert into scooters (id, plate, vin, state, connected, range_km, charge_percent, latitude, longitude, created_at)
       select gen_random_uuid(), plate, vin, 'available', true, 12 + 60 * random(), 80, latitude, longitude, now()
         from unnest($1::text[], $2::text[], $3::float8[], $4::float8[]) as parked (plate, vin, latitude, longitude)`,
      [
        places.map((_, i) => plateOf(i)),
        places.map((_, i) => vinOf(i)),
        places.map((p) => p.latitude),
        places.map((p) => p.longitude),
      ],
    );
    await client.query('vacuum analyze scooters');
  });
  return Array.from({ length: QUESTIONS }, () => {
    const near = places[Math.floor(dice() * places.length)];
    const [latitude, longitude] = [near.latitude + (dice() - 0.5) * 0.004, near.longitude + (dice() - 0.5) * 0.006];
    return `/rider/scooters?latitude=${latitude.toFixed(6)}&longitude=${longitude.toFixed(6)}&radiusM=500`;
  });
}

/** The floor must do the same work: every answer compared must be the same. @returns one of usual length. */
async function compare(cityUrl, sqlUrl, paths) {
  const bodies = [];
  for (const path of paths.slice(0, COMPARED)) {
    const [ours, theirs] = await Promise.all(
      [cityUrl, sqlUrl].map(async (url) => (await fetch(`${url}${path}`)).json()),
    );
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) throw new Error(`service and floor disagree about ${path}`);
    bodies.push(ours);
  }
  const texts = bodies.map((body) => JSON.stringify(body)).sort((a, b) => a.length - b.length);
  const free = bodies.reduce((sum, { items }) => sum + items.length, 0) / bodies.length;
  return { body: texts[Math.floor(texts.length / 2)], free };
}
