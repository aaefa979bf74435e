// Carries out payments, one at a time: takes the row on lease, asks Stripe with no transaction open,
// writes the answer down. A crash anywhere in between asks the same question again, with the same key.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChargesService } from '../cards/charges.service.js';
import type { StripeAnswer } from '../cards/stripe-answer.js';
import { Clock } from '../platform/clock.js';
import type { PaymentId } from '../platform/ids.js';
import { nextQuestion } from './next-question.js';
import { OutcomesService, unknownFor } from './outcomes.service.js';
import type { Piece } from '../platform/loop.service.js';
import { leasePayments, leaseStatement } from './payment-rows.queries.js';
import type { Payment } from './payment.js';

/** Longer than a question and its second part may take (two calls of ten seconds, each tried twice by the SDK). */
const LEASE_SECONDS = 60;
/** A rider who went to their bank and did not come back. */
const CONFIRMATION_SECONDS = 900;

@Injectable()
export class CollectorService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: ChargesService,
    private readonly outcomes: OutcomesService,
  ) {}

  /** The payment that waits longest; false when none is due. */
  async collectNext(): Promise<boolean> {
    const [due] = await this.lease(NEXT_DUE, []);
    if (!due) return false;
    await this.carryOut(due);
    return true;
  }

  /** This payment now, because somebody waits for it. Null when another worker has it, or nothing is left to do. */
  async collect(paymentId: PaymentId): Promise<StripeAnswer | null> {
    const [leased] = await this.lease(THIS_ONE, [paymentId]);
    return leased ? this.carryOut(leased) : null;
  }

  /** The same for who ordered it, leased with the commit of the order. */
  pieceOf(paymentId: PaymentId): Piece<Payment> {
    const claim = leaseStatement(THIS_ONE, { now: this.clock.now(), until: this.clock.inReal(LEASE_SECONDS), also: [paymentId] });
    return { claim, work: (payment) => this.carryOut(payment) };
  }

  /** The count and the moment are committed before the call: after a kill we know that we may have asked. */
  private lease(which: string, also: unknown[]): Promise<Payment[]> {
    return leasePayments(this.db.manager, leaseStatement(which, { now: this.clock.now(), until: this.clock.inReal(LEASE_SECONDS), also }));
  }

  private async carryOut(payment: Payment): Promise<StripeAnswer | null> {
    const answer = await this.ask(payment);
    if (answer) await this.outcomes.record(payment, answer);
    return answer;
  }

  private async ask(payment: Payment): Promise<StripeAnswer | null> {
    const intentId = payment.paymentIntentId ?? '';
    switch (nextQuestion(payment, unknownFor(payment, this.clock))) {
      case null: return null;
      case 'create': return this.stripe.create(payment);
      case 'look_up': return this.stripe.lookUp(payment);
      case 'look_up_or_create': return this.unlessAbsent(await this.stripe.lookUp(payment), () => this.stripe.create(payment));
      case 'read': return this.unlessForgotten(payment, await this.stripe.read(intentId));
      case 'capture': return this.capture(payment, intentId);
      case 'read_or_capture': return this.unlessHeld(await this.stripe.read(intentId), () => this.capture(payment, intentId));
      case 'cancel': return this.stripe.cancel(intentId, payment.idempotencyKey);
      case 'read_or_cancel': return this.unlessHeld(await this.stripe.read(intentId), () => this.stripe.cancel(intentId, payment.idempotencyKey));
    }
  }

  private capture(payment: Payment, intentId: string): Promise<StripeAnswer> {
    return this.stripe.capture(intentId, payment.captureCents ?? 0, payment.idempotencyKey);
  }

  private async unlessAbsent(found: StripeAnswer, create: () => Promise<StripeAnswer>): Promise<StripeAnswer> {
    return found.kind === 'absent' ? create() : found;
  }

  private async unlessHeld(found: StripeAnswer, then: () => Promise<StripeAnswer>): Promise<StripeAnswer> {
    return found.kind === 'held' || found.kind === 'waiting' ? then() : found;
  }

  private async unlessForgotten(payment: Payment, found: StripeAnswer): Promise<StripeAnswer> {
    const isForgotten = found.kind === 'waiting' && payment.createdAt < this.clock.inReal(-CONFIRMATION_SECONDS);
    return isForgotten ? this.stripe.cancel(found.intentId, payment.idempotencyKey) : found;
  }
}

const FREE = '(leased_until is null or leased_until < $1)';
const THIS_ONE = `id = $3 and state in ('created', 'capturing', 'releasing') and ${FREE}`;
const NEXT_DUE = `id = (
  select id from payments where state in ('created', 'capturing', 'releasing') and next_try_at <= $1 and ${FREE}
   order by next_try_at limit 1 for update skip locked)`;
