// Carries the corrections out: decides from what they are given back, then gives back one refund after another.
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChargesService } from '../cards/charges.service.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { refundEntries } from '../ledger/posting.js';
import { Clock } from '../platform/clock.js';
import type { RefundId, RideId, RiderId } from '../platform/ids.js';
import { LoopService } from '../platform/loop.service.js';
import { CorrectionsService } from './corrections.service.js';

interface Leased { readonly id: RefundId; readonly payment_intent_id: string; readonly amount_cents: number; readonly tries: number }
interface Told { readonly ride_id: RideId; readonly rider_id: RiderId; readonly currency: string; readonly amount_cents: number }

/** Longer than two calls of Stripe may take. */
const LEASE_SECONDS = 60;
/** Real seconds until Stripe is asked again, by how often it was. */
const AGAIN_SECONDS = [5, 30, 300, 1800, 3600] as const;

@Injectable()
export class GiveBackJob {
  private readonly log = new Logger(GiveBackJob.name);

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: ChargesService,
    private readonly ledger: LedgerService,
    private readonly corrections: CorrectionsService,
  ) {}

  register(loops: LoopService): void {
    loops.add({ name: 'refunds.allot', everySeconds: 5, step: () => this.db.transaction((tx) => this.corrections.allot(tx)) });
    loops.add({ name: 'refunds.give_back', everySeconds: 5, step: () => this.giveBackNext() });
  }

  private async giveBackNext(): Promise<boolean> {
    const [[refund]] = await this.db.query<[Leased[], number]>(NEXT_DUE, [this.clock.now(), this.clock.inReal(LEASE_SECONDS)]);
    if (!refund) return false;
    const order = { id: refund.id, paymentIntentId: refund.payment_intent_id, amountCents: refund.amount_cents };
    const returned = await this.stripe.giveBack(order, refund.tries).catch((error: unknown) => {
      this.log.warn(`refund ${refund.id}, try ${String(refund.tries)}: ${error instanceof Error ? error.name : 'unknown'}`);
      return false;
    });
    if (returned) await this.returned(refund.id);
    else await this.later(refund);
    return true;
  }

  private returned(refundId: RefundId): Promise<void> {
    return this.db.transaction(async (tx) => {
      const at = this.clock.now();
      const [[told]] = await tx.query<[Told[], number]>(RETURNED, [refundId, at]);
      if (!told) return;
      const { ride_id: rideId, rider_id: riderId, currency, amount_cents: amountCents } = told;
      await this.ledger.post(tx, { kind: 'refund', subjectId: refundId, riderId, rideId, currency, at, entries: refundEntries(amountCents) });
    });
  }

  private async later({ id, tries }: Leased): Promise<void> {
    const seconds = AGAIN_SECONDS[Math.min(tries, AGAIN_SECONDS.length) - 1] ?? 3600;
    await this.db.query('update refunds set leased_until = null, next_try_at = $2 where id = $1', [id, this.clock.inReal(seconds)]);
  }
}

const NEXT_DUE = `
  update refunds set leased_until = $2, tries = tries + 1
   where id = (select id from refunds where returned_at is null and next_try_at <= $1 and (leased_until is null or leased_until < $1)
                order by next_try_at limit 1 for update skip locked)
  returning id, payment_intent_id, amount_cents, tries`;

const RETURNED = `
  update refunds r set returned_at = $2, leased_until = null from corrections c
   where r.id = $1 and r.returned_at is null and c.id = r.correction_id
  returning c.ride_id, c.rider_id, c.currency, r.amount_cents`;
