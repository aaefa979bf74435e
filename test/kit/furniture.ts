// What stands in every test city before anyone comes: the zones of Paris and Neuilly, the tariff, and
// staff. The service itself furnishes the template, as a first start would.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCity } from '../../src/city-app.js';
import type { CityConfig } from '../../src/platform/config.js';
import { seedCity } from '../../src/seed.js';
import { TestClock } from './test-clock.js';

export const DEMO_PASSWORD = 'roue-libre-demo';
/** Nobody listens there: a city is furnished without its broker, its bank and its telephone. */
const NOBODY = '127.0.0.1:9';

export async function furnish(databaseUrl: string): Promise<void> {
  const config: CityConfig = {
    databaseUrl, databasePool: 4, mqttUrl: `mqtt://${NOBODY}`, smsUrl: `http://${NOBODY}`, signingKey: '5e'.repeat(32),
    stripe: { secretKey: 'sk_test_nobody', publishableKey: 'pk_test_nobody', webhookSecret: 'whsec_nobody', url: `http://${NOBODY}` },
    clock: { from: new Date(0), since: new Date(0), speed: 1 },
    ratePerSecond: 1000, logLevel: 'silent', loops: 'by_hand',
  };
  // Furnished the day before, so that prices and zones are in force whenever a test begins.
  const app = await createCity(config, new TestClock(new Date('2026-10-01T06:00:00Z')));
  await app.init();
  const dataDir = mkdtempSync(join(tmpdir(), 'roue-libre-furniture-'));
  await seedCity(app, { scooters: 0, seed: 1, dataDir, passwords: 'demo', say: () => undefined });
  await app.close();
  rmSync(dataDir, { recursive: true });
}
