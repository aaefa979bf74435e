// The real service in a process of its own, built the way main.js builds it, beside parts the bench gives it.
import { built } from '../../scripts/ready.mjs';
import { beChild } from './child.mjs';

/** Any Monday morning: the service is open whenever the bench is run. */
const MONDAY_MORNING = '2026-11-23T09:00:00.000Z';

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
  return { told: { url: `http://127.0.0.1:${port}` }, close: () => app.close() };
});
