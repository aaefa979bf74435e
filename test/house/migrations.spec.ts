// The database and what we say about it: migrations go up, down and up again, schema.sql is what they
// make, and the entities say what the tables are.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { connectCity, dropDatabase, emptyDatabase } from '../kit/databases.js';
import { schemaDump } from '../kit/schema-dump.js';
import { filesUnder, ROOT } from '../kit/source.js';

const PAGE = join(ROOT, 'migrations/schema.sql');

describe('the database', () => {
  let url: string;
  let db: DataSource;

  beforeAll(async () => {
    url = await emptyDatabase();
    db = await connectCity(url).initialize();
  });

  afterAll(async () => {
    await db.destroy();
    await dropDatabase(url);
  });

  it('is on one page, which is what the migrations make', async () => {
    const dump = await schemaDump(db);
    if (process.env['WRITE_SCHEMA'] === '1') writeFileSync(PAGE, dump);
    expect(dump).toBe(readFileSync(PAGE, 'utf8'));
  });

  it('goes down to nothing and up to the same again', async () => {
    const before = await schemaDump(db);
    for (let left = db.migrations.length; left > 0; left--) await db.undoLastMigration({ transaction: 'each' });
    expect((await schemaDump(db)).trim().split('\n')).toHaveLength(1);
    await db.runMigrations({ transaction: 'each' });
    expect(await schemaDump(db)).toBe(before);
  });

  it('has one file per migration, named verb-thing with its minute, and a word about locks', () => {
    const files = filesUnder('migrations');
    expect(files.filter(({ path }) => !/\/\d{13}-[a-z]+(-[a-z]+)+\.ts$/.test(path)).map(({ path }) => path)).toEqual([]);
    expect(files.filter(({ text }) => !/^\/\/[^]*?[Ll]ocks/.test(text)).map(({ path }) => path)).toEqual([]);
    expect(files).toHaveLength(db.migrations.length);
  });

  it('has entities that say what the tables are: every column, its type, whether it may be empty', async () => {
    for (const entity of db.entityMetadatas) {
      const rows = await db.query<{ name: string; type: string; nullable: boolean }[]>(
        `select a.attname as name, format_type(a.atttypid, null) as type, not a.attnotnull as nullable from pg_attribute a
          where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped`, [entity.tableName]);
      const said = entity.columns.map((column) => ({
        name: column.databaseName, type: fullName(String(column.type)), nullable: column.isNullable,
      }));
      const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
      expect({ table: entity.tableName, columns: said.sort(byName) })
        .toEqual({ table: entity.tableName, columns: rows.map((row) => ({ ...row, type: row.type })).sort(byName) });
    }
  });

  it('keeps every instant with its zone and every cent whole', async () => {
    const loose = await db.query<unknown[]>(
      `select table_name, column_name from information_schema.columns where table_schema = 'public' and table_name <> 'migrations'
        and (data_type = 'timestamp without time zone' or (column_name like '%cents' and data_type <> 'integer'))`);
    expect(loose).toEqual([]);
  });
});

const fullName = (type: string): string =>
  ({ timestamptz: 'timestamp with time zone', int: 'integer', char: 'character', bool: 'boolean', float8: 'double precision' })[type] ?? type;
