// The books against somebody with the service's own database account and bad intentions.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { connectCity, dropDatabase, emptyDatabase } from '../kit/databases.js';

describe('the ledger in the database', () => {
  let url: string;
  let db: DataSource;
  const ride = randomUUID();

  const transfer = (kind: string, subject: string, entries: [string, string, number][]): Promise<unknown> =>
    db.transaction(async (tx) => {
      const id = randomUUID();
      await tx.query(`insert into ledger_transfers (id, kind, subject_id, rider_id, ride_id, currency, at) values ($1, $2, $3, $3, $3, 'EUR', now())`, [id, kind, subject]);
      for (const [account, side, cents] of entries) {
        await tx.query('insert into ledger_entries (transfer_id, account, side, amount_cents) values ($1, $2, $3, $4)', [id, account, side, cents]);
      }
    });

  beforeAll(async () => {
    url = await emptyDatabase();
    db = await connectCity(url).initialize();
    await transfer('fare', ride, [['riders_receivable', 'debit', 280], ['ride_revenue', 'credit', 233], ['vat_collected', 'credit', 47]]);
  });
  afterAll(async () => {
    await db.destroy();
    await dropDatabase(url);
  });

  it.each([
    ['a transfer without entries',        []],
    ['a transfer that does not balance',  [['riders_receivable', 'debit', 280], ['ride_revenue', 'credit', 279]]],
    ['one side alone',                    [['ride_revenue', 'credit', 280]]],
    ['nothing on both sides',             [['riders_receivable', 'debit', 0], ['ride_revenue', 'credit', 0]]],
    ['less than nothing',                 [['riders_receivable', 'debit', -5], ['ride_revenue', 'credit', -5]]],
    ['an account that does not exist',    [['my_pocket', 'debit', 5], ['ride_revenue', 'credit', 5]]],
    ['a third side',                      [['riders_receivable', 'both', 5], ['ride_revenue', 'credit', 5]]],
  ] as [string, [string, string, number][]][])('refuses %s', async (_what, entries) => {
    await expect(transfer('fare', randomUUID(), entries)).rejects.toThrow();
  });

  it('refuses a second fare for the same ride', async () => {
    await expect(transfer('fare', ride, [['riders_receivable', 'debit', 28], ['ride_revenue', 'credit', 28]])).rejects.toThrow(/unique/);
  });

  it.each([
    'update ledger_entries set amount_cents = 1',
    `update ledger_entries set account = 'vat_collected' where account = 'ride_revenue'`,
    'delete from ledger_entries',
    'truncate ledger_entries',
    'update ledger_transfers set at = now()',
    'delete from ledger_transfers',
    'truncate ledger_transfers cascade',
    'update audit_entries set reason = $$nothing to see$$',
    'delete from audit_entries',
    'truncate audit_entries',
    'delete from tariffs',
  ])('refuses: %s', async (sql) => {
    const before = await db.query<unknown[]>('select * from ledger_entries order by id');
    await expect(db.query(sql)).rejects.toThrow(/only ever added/);
    expect(await db.query('select * from ledger_entries order by id')).toEqual(before);
  });

  it('refuses to add an entry to a transfer that is closed', async () => {
    const [row] = await db.query<{ id: string }[]>('select id from ledger_transfers limit 1');
    await expect(db.query(`insert into ledger_entries (transfer_id, account, side, amount_cents) values ($1, 'ride_revenue', 'credit', 1)`, [row?.id])).rejects.toThrow(/balance/);
  });
});
