// Ingest: telemetry from the scooter's socket to the committed row, through everything the service does with it,
// beside a program that only copies it into a table.
import { startChild } from '../kit/child.mjs';
import { startAnyBroker } from '../kit/mosquitto.mjs';
import { figure } from '../kit/results.mjs';
import { byTurns } from '../kit/rounds.mjs';
import { flood, serverPid, standFree, startLoad } from '../kit/talking-fleet.mjs';

const SCOOTERS = 20_000;
const CONNECTIONS = 2000;
const WINDOW = 10_000;
/** At the usual fifty thousand a second, this is how long one measurement lasts. */
const PER_SECOND = 40_000;
const WARM_UPS = 2;

export async function* measure({ options, stage, say }) {
  const count = Math.round(PER_SECOND * (options.seconds ?? 4));
  const set = await build(stage);
  say(`${SCOOTERS.toLocaleString('en')} scooters, ${CONNECTIONS.toLocaleString('en')} connections to ${set.broker.name}`);
  const run = (consumer, prefix) => () => flood({ ...set, consumer, prefix, count, window: WINDOW });
  const contestants = { pipe: run(set.pipe, 'bench/pipe'), live: run(set.live, 'bench/live'), ours: run(set.city, 'v1/up') };
  for (let i = 0; i < WARM_UPS; i++) for (const one of Object.values(contestants)) await one();
  const { values, foreign } = await byTurns(contestants, options.rounds ?? 5, say);
  const wrong = values.ours.filter(({ lost }) => lost !== 0).map(({ lost }) => `${lost} messages were not taken in`);
  const results = await set.city.ask('telemetry');
  const told = `of all that ever came: ${Object.entries(results).map(([result, number]) => `${result} ${number.toLocaleString('en')}`).join(', ')}`;
  yield {
    what: `messages a second from ${CONNECTIONS.toLocaleString('en')} sockets to the committed row, QoS 0, ${set.broker.name}; floor: MQTT.js, JSON.parse, COPY`,
    unit: 'msg/s', better: 'higher', foreign, wrong,
    floor: values.pipe.map(({ perSecond }) => perSecond), ours: values.ours.map(({ perSecond }) => perSecond),
    goal: { number: 1, ambitious: 0.65, nearlyImpossible: 1 }, notes: [told, ...['pipe', 'live', 'ours'].map((name) => cpuNote(name, values[name]))],
  };
  yield {
    what: 'CPU of service and database for one message; floor: the same program with COPY and the newest of each scooter',
    unit: 'µs', better: 'lower', foreign,
    floor: values.live.map(({ serviceCpu }) => serviceCpu), ours: values.ours.map(({ serviceCpu }) => serviceCpu),
    goal: { number: 2, ambitious: 1.25, nearlyImpossible: 0.75 },
  };
  for (const part of [set.load, set.pipe, set.live, set.city, set.broker]) await part.stop();
}

async function build(stage) {
  const databaseUrl = await stage.database('ingest_city');
  await stage.city({ databaseUrl, listen: false });
  const scooters = await standFree(databaseUrl, SCOOTERS);
  const broker = await startAnyBroker();
  const floor = async (name) => startChild('floors/ingest.mjs', {
    databaseUrl: await stage.database(`ingest_${name}`), mqttUrl: broker.serviceUrl, qos: 0, live: name === 'live', prefix: `bench/${name}`,
  });
  const accounts = Array.from({ length: CONNECTIONS }, (_, i) => ({ username: `load-${i}`, password: 'bench' }));
  const prefixes = ['v1/up', 'bench/pipe', 'bench/live'];
  const city = await stage.city({ databaseUrl, mqttUrl: broker.serviceUrl });
  const load = await startLoad({ port: broker.port, connections: CONNECTIONS, scooters, qos: 0, accounts, prefixes });
  return { broker, load, city, server: await serverPid(databaseUrl), pipe: await floor('pipe'), live: await floor('live') };
}

function cpuNote(name, rounds) {
  const middle = (of) => figure(rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)]);
  return `${name}: µs of CPU a message: load ${middle(({ cpu }) => cpu.load)}, broker ${middle(({ cpu }) => cpu.broker)}, ` +
    `consumer ${middle(({ cpu }) => cpu.consumer)}, PostgreSQL ${middle(({ cpu }) => cpu.server)}`;
}
