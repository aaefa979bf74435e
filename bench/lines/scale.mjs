// Scale: what one message costs service and database in CPU, with a thousand scooters known and with a hundred times
// as many, all of them talking in turn.
import { startAnyBroker } from '../kit/mosquitto.mjs';
import { memoryOf } from '../kit/machine.mjs';
import { figure } from '../kit/results.mjs';
import { byTurns } from '../kit/rounds.mjs';
import { pace, serverPid, standFree, startLoad } from '../kit/talking-fleet.mjs';

const FLEETS = [1000, 10_000, 100_000];
const PER_SECOND = 4000;
const CONNECTIONS = 500;

export async function* measure({ options, stage, say }) {
  const sets = [];
  for (const scooters of FLEETS) {
    sets.push(await build(stage, scooters));
    say(`${scooters.toLocaleString('en')} scooters known`);
  }
  const seconds = options.seconds ?? 5;
  const run = (set) => () => pace({ ...set, perSecond: PER_SECOND, seconds });
  const contestants = Object.fromEntries(sets.map((set) => [set.scooters, run(set)]));
  // Everybody speaks once before the roll call is over.
  for (const set of sets) await pace({ ...set, perSecond: PER_SECOND * 3, seconds: Math.max(1, set.scooters / PER_SECOND / 3) });
  const { values, foreign } = await byTurns(contestants, options.rounds ?? 5, say);
  const cpu = (scooters) => values[scooters].map((one) => one.cpu);
  for (const [at, scooters] of FLEETS.entries()) {
    if (at === 0) continue;
    yield {
      what: `CPU of one message at ${PER_SECOND.toLocaleString('en')}/s with ${scooters.toLocaleString('en')} scooters; floor: with ${FLEETS[0].toLocaleString('en')}`,
      unit: 'µs', better: 'lower', foreign, floor: cpu(FLEETS[0]), ours: cpu(scooters),
      goal: { number: 0, ambitious: 1.15, nearlyImpossible: 1 },
      notes: [`memory of the service ${figure(memoryOf(sets[at].consumer.pid) ?? Number.NaN)} MiB, with ${FLEETS[0].toLocaleString('en')} ${figure(memoryOf(sets[0].consumer.pid) ?? Number.NaN)} MiB`],
      wrong: values[scooters].filter(({ lost }) => lost !== 0).map(({ lost }) => `${lost} messages were not taken in`),
    };
  }
  for (const set of sets) for (const part of [set.load, set.consumer, set.broker]) await part.stop();
}

async function build(stage, scooters) {
  const databaseUrl = await stage.database(`scale_${scooters}`);
  await stage.city({ databaseUrl, listen: false });
  const fleet = await standFree(databaseUrl, scooters);
  const broker = await startAnyBroker();
  const accounts = Array.from({ length: CONNECTIONS }, (_, i) => ({ username: `load-${i}`, password: 'bench' }));
  const load = await startLoad({ port: broker.port, connections: CONNECTIONS, scooters: fleet, qos: 0, accounts, prefixes: ['v1/up'] });
  return { scooters, broker, load, consumer: await stage.city({ databaseUrl, mqttUrl: broker.serviceUrl }), server: await serverPid(databaseUrl) };
}
