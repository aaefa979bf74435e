// What floors and product share in one run: the same embedded PostgreSQL, the same broker, the same
// Stripe stand-in, each in a process of its own, so that neither side has a neighbour the other has not.
import path from 'node:path';
import pg from 'pg';
import { built } from '../../scripts/ready.mjs';
import { startChild } from './child.mjs';
import { closeAtEnd } from './closing.mjs';
import { scratchFolder } from './scratch.mjs';

/** Nobody listens there: a city that is asked about scooters only needs no broker, bank or telephone. */
const NOBODY = '127.0.0.1:9';
const NO_STRIPE = {
  secretKey: 'sk_test_nobody',
  publishableKey: 'pk_test_nobody',
  webhookSecret: 'whsec_nobody',
  url: `http://${NOBODY}`,
};

export class Stage {
  #postgres = null;
  #profile;

  /** `profile`: a folder for the CPU profiles of the service, which Chrome and VS Code can show. */
  constructor({ profile } = {}) {
    this.#profile = profile;
  }

  /** The same server with the same settings that `npm start` uses. */
  postgres() {
    this.#postgres ??= startPostgres();
    return this.#postgres;
  }

  async postgresVersion() {
    return withClient(
      (await this.postgres()).url,
      async (client) => (await client.query('show server_version')).rows[0].server_version,
    );
  }

  /** An empty database of its own. @returns its address. */
  async database(name) {
    const { url } = await this.postgres();
    await withClient(url, (client) => client.query(`create database ${name}`));
    return url.replace(/\/[^/]*$/, `/${name}`);
  }

  /** The real service, seeded with so many scooters; `listen: false` ends after seeding. */
  async city({
    databaseUrl,
    scooters = 0,
    listen = true,
    mqttUrl = `mqtt://${NOBODY}`,
    stripe = NO_STRIPE,
    smsUrl = `http://${NOBODY}`,
  }) {
    const dataDir = scratchFolder();
    const child = await startChild(
      'kit/city-process.mjs',
      { databaseUrl, scooters, listen, mqttUrl, stripe, smsUrl, dataDir },
      this.#nodeOptions(listen),
    );
    if (!listen) await child.stop();
    return { ...child, url: child.told.url, fleetFile: path.join(dataDir, 'fleet.jsonl') };
  }

  #nodeOptions(listen) {
    return this.#profile === undefined || !listen
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(this.#profile)}`];
  }
}

async function startPostgres() {
  const { startPostgres: start } = await built('src/embedded/postgres.provider.js');
  const postgres = await start({ dataDir: scratchFolder() });
  closeAtEnd(
    () => postgres.stop(),
    () => postgres.abandon(),
  );
  return postgres;
}

export async function withClient(connectionString, work) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
