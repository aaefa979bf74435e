// Databases for tests: one of its own for every test file, cloned from a migrated template in 30 ms.
import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { entities, migrations } from '../../src/app.module.js';
import { databaseOptions } from '../../src/platform/database.provider.js';

const SERVER = process.env['DATABASE_URL'] ?? '';
/** Held while the template is made, so that two test files do not make it twice. */
const TEMPLATE_LOCK = 721_104;

const urlOf = (name: string): string => SERVER.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
const connect = (url: string): Promise<DataSource> => new DataSource({ type: 'postgres', url, extra: { max: 1 } }).initialize();

export function connectCity(databaseUrl: string): DataSource {
  return new DataSource(databaseOptions({ databaseUrl, databasePool: 4 }, entities, migrations));
}

/** An empty database, not migrated. */
export async function emptyDatabase(): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = await connect(urlOf('postgres'));
  await admin.query(`create database ${name}`);
  await admin.destroy();
  return urlOf(name);
}

/** A database with all migrations run and what `furnish` put in; made once, then cloned. */
export async function cityDatabase(kind: string, furnish: (databaseUrl: string) => Promise<void>): Promise<string> {
  const template = `template_${kind}_${String(process.env['TEST_RUN'] ?? process.ppid)}`;
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = await connect(urlOf('postgres'));
  try {
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const known = await admin.query<unknown[]>('select 1 from pg_database where datname = $1', [template]);
    if (known.length === 0) await makeTemplate(admin, template, furnish);
    await admin.query(`create database ${name} template ${template} strategy wal_log`);
  } finally {
    await admin.destroy();
  }
  return urlOf(name);
}

export async function dropDatabase(url: string): Promise<void> {
  const admin = await connect(urlOf('postgres'));
  await admin.query(`drop database if exists ${/\/([^/?]+)(\?|$)/.exec(url.replace(/^\w+:\/\//, ''))?.[1] ?? 'none'} with (force)`);
  await admin.destroy();
}

async function makeTemplate(admin: DataSource, template: string, furnish: (databaseUrl: string) => Promise<void>): Promise<void> {
  await admin.query(`create database ${template}_half`);
  await furnish(urlOf(`${template}_half`));
  await admin.query(`alter database ${template}_half rename to ${template}`);
}
