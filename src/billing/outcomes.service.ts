// Writes down what Stripe answered, in one transaction: the payment, the books, a debt when there is
// one, and the event that tells the ride.
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterAnswer, stateAfter, type AfterAnswer } from './after-answer.js';
import { invariant } from '../platform/assert.js';
import { Clock } from '../platform/clock.js';
import { OutboxService } from '../platform/outbox.service.js';
import { together, unawaited } from '../platform/together.js';
import { DebtsService } from './debts.service.js';
import { LedgerService } from '../ledger/ledger.service.js';
import type { PaymentEntity } from './payment.entity.js';
import type { Payment } from './payment.js';
import { lockedPayment, WRITE_OUTCOME } from './payment-rows.queries.js';
import { UNDER_WAY } from './payment-state.js';
import { PaymentsService } from './payments.service.js';
import { captureEntries } from '../ledger/posting.js';
import type { StripeAnswer } from '../cards/stripe-answer.js';

@Injectable()
export class OutcomesService {
  private readonly log = new Logger(OutcomesService.name);

  constructor(
    private readonly clock: Clock,
    private readonly outbox: OutboxService,
    private readonly ledger: LedgerService,
    private readonly debts: DebtsService,
    private readonly payments: PaymentsService,
  ) {}

  /** The row may have moved on while Stripe was asked (a ride failed): the answer is read by its present state. */
  record({ id: paymentId, rideId, purpose }: Payment, answer: StripeAnswer): Promise<void> {
    return this.outbox.transaction(async (tx) => {
      // Whoever waits for the hold will move the ride in this same transaction: scooter and ride are locked before the payment.
      const isWaitedFor = purpose === 'hold' && answer.kind === 'held';
      const held = isWaitedFor ? this.outbox.hold(tx, 'payment.authorised', { rideId }) : Promise.resolve();
      const [, payment] = await together(held, lockedPayment(tx, paymentId));
      invariant(payment !== undefined, 'no payment is ever deleted');
      if (!UNDER_WAY.includes(payment.state)) return;

      const after = afterAnswer(payment, answer, unknownFor(payment, this.clock));

      if (answer.kind === 'unknown') this.log.warn(`payment ${paymentId}, try ${payment.tries}: ${answer.why}`);
      this.write(tx, payment, answer, after);
      await this.tell(tx, payment, answer, after);
    });
  }

  private write(tx: EntityManager, payment: PaymentEntity, answer: StripeAnswer, after: AfterAnswer): void {
    const state = stateAfter(payment, after.step);
    const intentId = 'intentId' in answer ? answer.intentId : null;
    const isUnderWay = UNDER_WAY.includes(state);
    const found = payment.paymentIntentId === null && intentId !== null && isUnderWay;
    unawaited(tx.query(WRITE_OUTCOME, [
      payment.id,
      state,
      this.clock.inReal(after.askAgainSeconds ?? 0),
      payment.paymentIntentId ?? intentId,
      answer.kind === 'unknown' ? payment.unknownSince : null,
      // From here on the question is another one: it starts its own count.
      found ? 0 : payment.tries,
      after.refusal ?? payment.refusal,
      isUnderWay || state === 'authorised' ? null : this.clock.now(),
    ]));
  }

  private async tell(tx: EntityManager, payment: PaymentEntity, answer: StripeAnswer, { step, refusal }: AfterAnswer): Promise<void> {
    const { id: paymentId, rideId, purpose } = payment;
    if (step === 'hold') await this.outbox.publish(tx, 'payment.authorised', rideId, { paymentId, rideId });
    if (step === 'charge' || step === 'captured') await this.received(tx, payment, answer);
    if (refusal === null) return;
    if (purpose === 'hold' && payment.state === 'created') await this.outbox.publish(tx, 'payment.refused', rideId, { paymentId, rideId, reason: refusal });
    if (purpose === 'hold' && payment.state === 'capturing') await this.chargeAnew(tx, payment);
    if (purpose === 'rest') await this.debts.open(tx, payment);
  }

  private async received(tx: EntityManager, payment: PaymentEntity, answer: StripeAnswer): Promise<void> {
    const { id: paymentId, rideId, riderId, currency, captureCents } = payment;
    invariant(answer.kind === 'captured' && answer.amountCents === captureCents, `payment ${paymentId} brought the amount that was asked`);
    const entries = captureEntries(captureCents);
    await this.ledger.post(tx, { kind: 'capture', subjectId: paymentId, riderId, rideId, currency, at: this.clock.now(), entries });
    await this.outbox.publish(tx, 'payment.captured', rideId, { paymentId, rideId, amountCents: captureCents });
    if (payment.purpose === 'debt') await this.debts.reduce(tx, payment);
  }

  /** The hold was gone before we took the fare from it: the same amount is asked off session. */
  private async chargeAnew(tx: EntityManager, { riderId, rideId, currency, captureCents }: PaymentEntity): Promise<void> {
    invariant(captureCents !== null, 'a capture has an amount');
    await this.payments.start(tx, 'rest', { riderId, rideId, currency, amountCents: captureCents });
  }
}

/** Real seconds since Stripe was first asked without a definite answer. */
export const unknownFor = (payment: { unknownSince: Date | null }, clock: Clock): number =>
  payment.unknownSince === null ? 0 : (clock.now().getTime() - payment.unknownSince.getTime()) / 1000 / clock.speed;
