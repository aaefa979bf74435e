// A connection that does not wait for every answer must still be one on which nothing gets lost: neither an error
// nobody awaited, nor what was asked to follow a commit.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource, EntityManager } from 'typeorm';
import { DataSource as Connection } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.provider.js';
import type { SwiftClient } from '../../src/platform/swift-client.provider.js';
import { together, unawaited } from '../../src/platform/together.js';
import { dropDatabase, emptyDatabase } from '../kit/databases.js';

describe('a swift connection', () => {
  let databaseUrl: string;
  let db: DataSource;
  beforeAll(async () => {
    databaseUrl = await emptyDatabase();
    db = await new Connection(databaseOptions({ databaseUrl, databasePool: 1 }, [], [])).initialize();
    await db.query('create table parked (plate text primary key, street text not null)');
  });
  beforeEach(async () => { await db.query('delete from parked'); });
  afterAll(async () => {
    await db.destroy();
    await dropDatabase(databaseUrl);
  });

  const park = (tx: EntityManager, plate: string, street: string | null): Promise<unknown> =>
    tx.query('insert into parked (plate, street) values ($1, $2)', [plate, street]);
  const parked = async (): Promise<string[]> => (await db.query<{ plate: string }[]>('select plate from parked order by plate')).map(({ plate }) => plate);
  const clientOf = (tx: EntityManager): SwiftClient => (tx.queryRunner as unknown as { databaseConnection: SwiftClient }).databaseConnection;

  it('commits writes nobody awaited', async () => {
    await db.transaction((tx) => {
      for (const plate of ['A', 'B', 'C']) unawaited(park(tx, plate, 'rue du Bac'));
      return Promise.resolve();
    });
    expect(await parked()).toEqual(['A', 'B', 'C']);
  });

  it('fails the commit with the error of the write nobody awaited, and keeps nothing', async () => {
    const crossing = db.transaction(async (tx) => {
      await park(tx, 'A', 'rue du Bac');
      unawaited(park(tx, 'B', null));
      unawaited(park(tx, 'C', 'rue du Bac'));
    });
    await expect(crossing).rejects.toMatchObject({ driverError: { code: '23502', column: 'street' } });
    expect(await parked()).toEqual([]);
  });

  it('names the first trouble of statements that travel together', async () => {
    const crossing = db.transaction((tx) => together(park(tx, 'A', 'rue du Bac'), park(tx, 'A', 'rue du Bac'), park(tx, 'B', null)));
    await expect(crossing).rejects.toMatchObject({ driverError: { code: '23505' } });
    expect(await parked()).toEqual([]);
  });

  it('knows a statement again that was first said in a transaction already broken', async () => {
    const text = 'select street from parked where plate = $1';
    await expect(db.transaction(async (tx) => {
      unawaited(park(tx, 'A', null));
      await tx.query(text, ['A']);
    })).rejects.toThrow();
    expect(await db.query<unknown[]>(text, ['A'])).toEqual([]);
  });

  it('parses a statement once and calls it by its name from then on', async () => {
    const text = 'select plate from parked where street = $1';
    for (let visit = 0; visit < 3; visit++) await db.query(text, ['rue du Bac']);
    expect(await db.query('select count(*)::int as named from pg_prepared_statements where statement = $1', [text])).toEqual([{ named: 1 }]);
  });

  it('lets a statement follow a commit, which sees what was committed', async () => {
    const claims: Promise<unknown>[] = [];
    await db.transaction(async (tx) => {
      claims.push(clientOf(tx).behindCommit(['update parked set street = $2 where plate = $1 returning plate, street', ['A', 'rue Monge']]));
      await park(tx, 'A', 'rue du Bac');
    });
    expect(await Promise.all(claims)).toEqual([[{ plate: 'A', street: 'rue Monge' }]]);
  });

  it.each([
    ['was rolled back', async (tx: EntityManager) => { await park(tx, 'A', 'rue du Bac'); throw new Error('no'); }, null],
    ['could not be committed', (tx: EntityManager) => { unawaited(park(tx, 'A', null)); return Promise.resolve(); }, []],
  ])('gives no row to what should follow a transaction that %s', async (_how, work, rows) => {
    const claims: Promise<unknown>[] = [];
    await expect(db.transaction(async (tx) => {
      claims.push(clientOf(tx).behindCommit(['update parked set street = $2 where plate = $1 returning plate', ['A', 'rue Monge']]));
      await work(tx);
    })).rejects.toThrow();
    expect(await Promise.all(claims)).toEqual([rows]);
    expect(await parked()).toEqual([]);
  });
});
