// A bill given that later evidence makes smaller. The books get a transfer of their own, never a change of an old
// one, and what was taken too much goes back by itself. A bill given never grows.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DebtsService } from '../billing/debts.service.js';
import { PaymentsService } from '../billing/payments.service.js';
import { correctionEntries, type Fare } from '../ledger/posting.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type CorrectionId, type RefundId, type RideId, type RiderId } from '../platform/ids.js';
import { howToGiveBack, type Received } from './how-to-give-back.js';

export interface Correction {
  readonly riderId: RiderId;
  readonly rideId: RideId;
  readonly currency: string;
  readonly before: Fare;
  readonly after: Fare;
}

interface Due { readonly id: CorrectionId; readonly rideId: RideId; readonly amountCents: number }
/** Looked at together: those whose ride is still being paid are passed over. */
const AT_ONCE = 50;

@Injectable()
export class CorrectionsService {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly payments: PaymentsService,
    private readonly debts: DebtsService,
  ) {}

  async correct(tx: EntityManager, { riderId, rideId, currency, before, after }: Correction): Promise<void> {
    const id = newId<CorrectionId>();
    const at = this.clock.now();
    await this.ledger.post(tx, { kind: 'correction', subjectId: id, riderId, rideId, currency, at, entries: correctionEntries(before, after) });
    await tx.query('insert into corrections (id, rider_id, ride_id, currency, amount_cents, at) values ($1, $2, $3, $4, $5, $6)',
      [id, riderId, rideId, currency, before.totalCents - after.totalCents, at]);
  }

  /** Decides how corrections are given back whose ride has no money under way. False when there is none. */
  async allot(tx: EntityManager): Promise<boolean> {
    let allotted = false;
    for (const due of await tx.query<Due[]>(DUE, [AT_ONCE])) allotted = (await this.allotOne(tx, due)) || allotted;
    return allotted;
  }

  private async allotOne(tx: EntityManager, { id, rideId, amountCents }: Due): Promise<boolean> {
    // One correction of a ride at a time, and no debt of it paid meanwhile: what is read here must still hold when it is written.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [rideId]);
    await this.debts.holdOfRide(tx, rideId);
    const received = await this.leftOf(tx, rideId);
    const how = received && howToGiveBack({ amountCents, debtCents: await this.debts.openCentsOfRide(tx, rideId), received });
    if (!how) return false;

    const now = this.clock.now();
    await this.debts.forgive(tx, rideId, how.forgiveCents);
    await tx.query('update corrections set forgiven_cents = $2, allotted_at = $3 where id = $1', [id, how.forgiveCents, now]);
    for (const refund of how.refunds) {
      await tx.query(
        `insert into refunds (id, correction_id, payment_id, payment_intent_id, amount_cents, next_try_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $6)`,
        [newId<RefundId>(), id, refund.paymentId, refund.paymentIntentId, refund.amountCents, now]);
    }
    return true;
  }

  private async leftOf(tx: EntityManager, rideId: RideId): Promise<Received[] | null> {
    const received = await this.payments.received(tx, rideId);
    if (!received) return null;
    const given = await tx.query<{ payment_id: string; cents: number }[]>(
      'select payment_id, sum(amount_cents)::int as cents from refunds where payment_id = any($1) group by 1', [received.map(({ paymentId }) => paymentId)]);
    const givenBack = new Map(given.map(({ payment_id: paymentId, cents }) => [paymentId, cents]));
    return received.map(({ capturedCents, ...payment }) => ({ ...payment, leftCents: capturedCents - (givenBack.get(payment.paymentId) ?? 0) }));
  }
}

const DUE = `select id, ride_id as "rideId", amount_cents as "amountCents" from corrections
  where allotted_at is null order by at limit $1 for update skip locked`;
