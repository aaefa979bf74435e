// The books. Transfers are only ever added; the database refuses one that does not balance, and a
// second one for the same fare or payment.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId, type CorrectionId, type PaymentId, type RefundId, type RideId, type RiderId, type TransferId } from '../platform/ids.js';
import type { Account, Entry } from './posting.js';

export interface Transfer {
  readonly kind: 'fare' | 'capture' | 'correction' | 'refund';
  /** The ride of a fare, the payment of a capture, a correction or a refund itself: once each. */
  readonly subjectId: RideId | PaymentId | CorrectionId | RefundId;
  readonly riderId: RiderId;
  readonly rideId: RideId;
  readonly currency: string;
  readonly at: Date;
  readonly entries: readonly Entry[];
}

export interface AccountBalance {
  readonly account: Account;
  readonly debitCents: number;
  readonly creditCents: number;
  readonly balanceCents: number;
}

@Injectable()
export class LedgerService {
  constructor(private readonly db: DataSource) {}

  async post(tx: EntityManager, transfer: Transfer): Promise<void> {
    const id = newId<TransferId>();
    const { entries } = transfer;
    await tx.query(
      'insert into ledger_transfers (id, kind, subject_id, rider_id, ride_id, currency, at) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, transfer.kind, transfer.subjectId, transfer.riderId, transfer.rideId, transfer.currency, transfer.at],
    );
    await tx.query(
      `insert into ledger_entries (transfer_id, account, side, amount_cents)
       select $1, account, side, amount from unnest($2::text[], $3::text[], $4::int[]) as e (account, side, amount)`,
      [id, entries.map((entry) => entry.account), entries.map((entry) => entry.side), entries.map((entry) => entry.amountCents)],
    );
  }

  async hasFare(tx: EntityManager, rideId: RideId): Promise<boolean> {
    const rows = await tx.query<unknown[]>(`select 1 from ledger_transfers where kind = 'fare' and subject_id = $1`, [rideId]);
    return rows.length > 0;
  }

  /** What of a ride's money has gone back to its rider. */
  async returnedCents(tx: EntityManager, rideId: RideId): Promise<number> {
    const [row] = await tx.query<{ cents: string }[]>(RETURNED, [rideId]);
    return Number(row?.cents ?? 0);
  }

  /** Balances are debit − credit, so all of them together are zero. */
  async balances(): Promise<AccountBalance[]> {
    const rows = await this.db.query<{ account: Account; debit: string; credit: string }[]>(BALANCES);
    return rows.map(({ account, debit, credit }) => (
      { account, debitCents: Number(debit), creditCents: Number(credit), balanceCents: Number(debit) - Number(credit) }));
  }
}

const RETURNED = `
  select coalesce(sum(e.amount_cents), 0) as cents from ledger_entries e join ledger_transfers t on t.id = e.transfer_id
   where t.ride_id = $1 and t.kind = 'refund' and e.side = 'debit'`;

const BALANCES = `
  select account, coalesce(sum(amount_cents) filter (where side = 'debit'), 0) as debit,
         coalesce(sum(amount_cents) filter (where side = 'credit'), 0) as credit
    from ledger_entries group by account order by account`;
