// What to ask Stripe about a payment that is under way. The same question keeps its key; a key that
// Stripe may have forgotten is never sent again.
import type { Payment } from './payment.js';

export type StripeQuestion =
  | 'create'
  /** Stripe remembers a 500 and repeats it; what became of it is seen only by looking. */
  | 'look_up_or_create'
  | 'look_up'
  | 'read'
  | 'capture'
  | 'read_or_capture'
  | 'cancel'
  | 'read_or_cancel';

/** Stripe forgets keys after 24 hours; an hour is kept for calls under way. */
export const KEY_TRUSTED_SECONDS = 23 * 3600;
const TRIES_BEFORE_LOOKING = 3;
/** A hold nobody wants any more: what Stripe has not seen by now will not come, and is not made only to be voided. */
const SURELY_ARRIVED_SECONDS = 120;

export function nextQuestion(payment: Pick<Payment, 'state' | 'paymentIntentId' | 'tries'>, unknownForSeconds: number): StripeQuestion | null {
  const isKnown = payment.paymentIntentId !== null;
  switch (payment.state) {
    case 'created': return isKnown ? 'read' : creation(payment.tries, unknownForSeconds);
    case 'capturing': return payment.tries <= 1 ? 'capture' : 'read_or_capture';
    case 'releasing':
      if (!isKnown) return unknownForSeconds >= SURELY_ARRIVED_SECONDS ? 'look_up' : creation(payment.tries, unknownForSeconds);
      return payment.tries <= 1 ? 'cancel' : 'read_or_cancel';
    case 'authorised': case 'captured': case 'released': case 'refused': return null;
  }
}

function creation(tries: number, unknownForSeconds: number): StripeQuestion {
  if (unknownForSeconds >= KEY_TRUSTED_SECONDS) return 'look_up';
  return tries > TRIES_BEFORE_LOOKING ? 'look_up_or_create' : 'create';
}
