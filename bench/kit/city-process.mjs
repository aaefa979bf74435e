// The real service in a process of its own, built the way main.js builds it, beside parts the bench gives it.
import pg from 'pg';
import { built } from '../../scripts/ready.mjs';
import { beChild } from './child.mjs';

/** Any Monday morning: the service is open whenever the bench is run. */
const MONDAY_MORNING = '2026-11-23T09:00:00.000Z';

/** As many as one round of the line nearby looks at, and more. */
const MOST_FOUND = 1000;

let statements = 0;
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function counted(...words) {
  statements++;
  return query.apply(this, words);
};

/** What the service has used since its start. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, statements };
}

await beChild(async ({ databaseUrl, mqttUrl, stripe, smsUrl, scooters, dataDir, listen }) => {
  const { createCity } = await built('src/city-app.js');
  const { seedCity } = await built('src/seed.js');
  const config = {
    databaseUrl,
    databasePool: 16,
    mqttUrl,
    stripe,
    smsUrl,
    signingKey: '5e'.repeat(32),
    clock: { from: new Date(MONDAY_MORNING), since: new Date(), speed: 1 },
    ratePerSecond: 1_000_000,
    logLevel: 'error',
    loops: listen ? 'run' : 'by_hand',
  };
  const app = await createCity(config);
  await app.init();
  await seedCity(app, { scooters, seed: 1, dataDir, passwords: 'demo', say: () => undefined });
  if (listen) await app.listen(0, '127.0.0.1');
  const { port = 0 } = app.getHttpServer().address() ?? {};
  const { MetricsService } = await built('src/upkeep/metrics.service.js');
  const { FleetMirrorService } = await built('src/fleet/fleet-mirror.service.js');
  const foundAt = watchMirror(app.get(FleetMirrorService));
  const telemetry = () => telemetryIn(app.get(MetricsService));
  const counted = async () => Object.values(await telemetry()).reduce((sum, count) => sum + count, 0);
  return { told: { url: `http://127.0.0.1:${port}` }, answers: { usage, telemetry, counted, foundAt: () => taken(foundAt) }, close: () => app.close() };
});

/** What became of all telemetry so far: result → count. */
async function telemetryIn(metrics) {
  const { values } = await metrics.registry.getSingleMetric('roue_libre_uplink_messages_total').get();
  return Object.fromEntries(values.filter(({ labels }) => labels.kind === 'telemetry').map(({ labels, value }) => [labels.result, value]));
}

function taken(foundAt) {
  const all = Object.fromEntries(foundAt);
  foundAt.clear();
  return all;
}

/** When each scooter was to be found at its new place, in epoch milliseconds, by scooter and boot; few, and each once. */
function watchMirror(mirror) {
  const foundAt = new Map();
  const learn = mirror.learn.bind(mirror);
  mirror.learn = (seen) => {
    learn(seen);
    if (foundAt.size < MOST_FOUND) foundAt.set(`${seen.row.id} ${seen.row.boot}`, performance.timeOrigin + performance.now());
  };
  return foundAt;
}
