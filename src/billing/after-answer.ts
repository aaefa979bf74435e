// A payment and an answer of Stripe: what becomes of the payment? The answer may be old, doubled, or to
// a question we no longer ask; it moves a payment forward or not at all.
import type { PaymentRefusal } from '../cards/stripe-answer.js';
import type { Payment } from './payment.js';
import { paymentState, type PaymentStep } from './payment-state.js';
import type { StripeAnswer } from '../cards/stripe-answer.js';

export interface AfterAnswer {
  readonly step: PaymentStep | null;
  readonly refusal: PaymentRefusal | null;
  /** Real seconds until Stripe is asked again; null when there is nothing more to ask. */
  readonly askAgainSeconds: number | null;
}

/** A rider stands beside the scooter: longer than this nobody waits for a hold. */
const HOLD_PATIENCE_SECONDS = 60;
const WAITING_SECONDS = 20;
const BACKOFF_SECONDS = [1, 2, 5, 10, 30, 60, 300, 600] as const;

export const backoffSeconds = (tries: number): number => BACKOFF_SECONDS[Math.min(Math.max(tries, 1), BACKOFF_SECONDS.length) - 1] ?? 600;

type Asked = Pick<Payment, 'state' | 'purpose' | 'tries'>;

export function afterAnswer(payment: Asked, answer: StripeAnswer, unknownForSeconds: number): AfterAnswer {
  switch (payment.state) {
    case 'created': return ofNew(payment, answer, unknownForSeconds);
    case 'capturing': return ofCapture(payment, answer);
    case 'releasing': return ofRelease(payment, answer);
    case 'authorised': case 'captured': case 'released': case 'refused': return { step: null, refusal: null, askAgainSeconds: null };
  }
}

const again = (askAgainSeconds: number): AfterAnswer => ({ step: null, refusal: null, askAgainSeconds });
const later = (payment: Asked): AfterAnswer => again(backoffSeconds(payment.tries));
const done = (step: PaymentStep, refusal: PaymentRefusal | null = null): AfterAnswer => ({ step, refusal, askAgainSeconds: null });

function ofNew(payment: Asked, answer: StripeAnswer, unknownForSeconds: number): AfterAnswer {
  switch (answer.kind) {
    case 'held': return payment.purpose === 'hold' ? done('hold') : later(payment);
    case 'captured': return payment.purpose === 'hold' ? later(payment) : done('charge');
    case 'refused': return done('refuse', answer.reason);
    case 'canceled': return done('refuse', payment.purpose === 'debt' ? 'needs_confirmation' : 'declined');
    case 'absent': return done('refuse', 'not_reached');
    case 'waiting': return payment.purpose === 'debt' ? again(WAITING_SECONDS) : done('refuse', 'needs_confirmation');
    case 'unknown':
      return payment.purpose === 'hold' && unknownForSeconds >= HOLD_PATIENCE_SECONDS
        ? { step: 'release', refusal: 'not_reached', askAgainSeconds: backoffSeconds(payment.tries) }
        : later(payment);
  }
}

function ofCapture(payment: Asked, answer: StripeAnswer): AfterAnswer {
  switch (answer.kind) {
    case 'captured': return done('captured');
    // The hold ran out or was voided: it will never be captured, the amount is charged anew.
    case 'canceled': case 'refused': return done('refuse', 'declined');
    case 'held': case 'waiting': case 'absent': case 'unknown': return later(payment);
  }
}

function ofRelease(payment: Asked, answer: StripeAnswer): AfterAnswer {
  switch (answer.kind) {
    case 'canceled': case 'refused': case 'absent': return done('released');
    // Its creation has just become known: now it can be cancelled.
    case 'held': case 'waiting': return again(0);
    case 'captured': case 'unknown': return later(payment);
  }
}

/** The state after the step, for callers that hold the row. */
export const stateAfter = (payment: Pick<Payment, 'state'>, step: PaymentStep | null) =>
  step === null ? payment.state : paymentState.mustStep(payment.state, step);
