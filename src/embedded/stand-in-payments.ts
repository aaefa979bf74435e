// Charging a card at the stand-in of Stripe: PaymentIntents that hold, capture, cancel and charge.
import { answerAtCharge, type CardAnswer } from './stand-in-cards.js';
import type { Fault } from './stand-in-faults.js';
import { mapIn, textIn, type Form } from './stand-in-form.js';
import { invalid, newStripeId, StripeNo, type PaymentIntent } from './stand-in-objects.js';
import { returnedOf } from './stand-in-refunds.js';
import { cardError, methodOf, missing, mustExist, pageFor, unexpected, type StandInDesk } from './stand-in-setup.js';

/** A card that is there only for a moment can be held for seven days. */
const HOLD_LIVES_SECONDS = 7 * 24 * 3600;
/** The least Stripe charges in euros. */
const LEAST_CENTS = 50;

export function createPaymentIntent(desk: StandInDesk, form: Form, fault: Fault | null): PaymentIntent {
  const intent = readNew(desk, form);
  // Stripe checks every parameter before it creates anything: an unknown card leaves no intent behind.
  const name = textIn(form, 'payment_method');
  if (name !== null) methodOf(desk, name);
  desk.memory.put(intent);
  desk.tell('payment_intent.created', intent);
  return textIn(form, 'confirm') === 'true' ? confirm(desk, intent, form, fault) : intent;
}

function readNew(desk: StandInDesk, form: Form): PaymentIntent {
  if (form['payment_method_types']) throw invalid('Received unknown parameter: payment_method_types', 'parameter_unknown', 'payment_method_types');
  const amount = Number(textIn(form, 'amount'));
  if (!Number.isSafeInteger(amount) || amount < 1) throw invalid('Invalid positive integer', 'parameter_invalid_integer', 'amount');
  if (amount < LEAST_CENTS) throw invalid('Amount must be at least €0.50 eur', 'amount_too_small', 'amount');
  const currency = textIn(form, 'currency');
  if (currency === null) throw invalid('Missing required param: currency.', 'parameter_missing', 'currency');
  const customer = textIn(form, 'customer');
  if (customer !== null) mustExist(desk, 'customer', customer);
  const id = newStripeId('pi');
  return {
    id, object: 'payment_intent', created: desk.seconds(), livemode: false, client_secret: `${id}_secret_${newStripeId('s')}`, customer,
    amount, currency: currency.toLowerCase(), metadata: mapIn(form, 'metadata'), status: 'requires_payment_method', payment_method: null,
    capture_method: textIn(form, 'capture_method') === 'manual' ? 'manual' : 'automatic',
    allowed_payment_method_types: Object.values(mapIn(form, 'allowed_payment_method_types')),
    amount_capturable: 0, amount_received: 0, canceled_at: null, cancellation_reason: null, latest_charge: null,
    last_payment_error: null, next_action: null, _captureBefore: null,
  };
}

function confirm(desk: StandInDesk, intent: PaymentIntent, form: Form, fault: Fault | null): PaymentIntent {
  const name = textIn(form, 'payment_method');
  if (name === null) throw invalid('You must provide a payment method to confirm.', 'parameter_missing', 'payment_method');
  const method = methodOf(desk, name);
  if (method.customer !== null && method.customer !== intent.customer) throw invalid('The customer does not have this payment method.', 'resource_missing', 'payment_method');
  intent.payment_method = method.id;
  const offSession = textIn(form, 'off_session') === 'true';
  const answer = planned(fault) ?? answerAtCharge(method._card, { setUp: method._setUp, offSession });
  switch (answer.kind) {
    case 'approved': return approve(desk, intent);
    case 'declined': throw decline(desk, intent, answer.code, answer.declineCode);
    case 'confirm':
      if (offSession) throw decline(desk, intent, 'authentication_required', 'authentication_required');
      intent.status = 'requires_action';
      intent.next_action = pageFor(desk, intent.id, textIn(form, 'return_url'));
      desk.memory.put(intent);
      desk.tell('payment_intent.requires_action', intent);
      return intent;
  }
}

function planned(fault: Fault | null): CardAnswer | null {
  if (fault?.kind === 'decline') return { kind: 'declined', code: fault.code, declineCode: fault.declineCode ?? null };
  return fault?.kind === 'needs_confirmation' ? { kind: 'confirm' } : null;
}

/** Also what the page of the bank does when its visitor says yes. */
export function approve(desk: StandInDesk, intent: PaymentIntent): PaymentIntent {
  intent.next_action = null;
  intent.latest_charge = newStripeId('ch');
  if (intent.capture_method === 'manual') {
    Object.assign(intent, { status: 'requires_capture', amount_capturable: intent.amount, _captureBefore: desk.seconds() + HOLD_LIVES_SECONDS });
    desk.memory.put(intent);
    desk.tell('payment_intent.amount_capturable_updated', intent);
    return intent;
  }
  Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
  desk.memory.put(intent);
  desk.tell('payment_intent.succeeded', intent);
  return intent;
}

export function decline(desk: StandInDesk, intent: PaymentIntent, code: string, declineCode: string | null): StripeNo {
  const error = cardError(code, declineCode);
  Object.assign(intent, { status: 'requires_payment_method', payment_method: null, next_action: null, last_payment_error: error });
  desk.memory.put(intent);
  desk.tell('payment_intent.payment_failed', intent);
  return new StripeNo(402, { ...error, payment_intent: intent });
}

/** A copy, so that nothing changes before it is put back. A hold that ran out is canceled when looked at. */
export function paymentIntent(desk: StandInDesk, id: string): PaymentIntent {
  const found = desk.memory.get(id);
  if (found?.object !== 'payment_intent') throw missing('payment_intent', id);
  const intent = { ...(found as PaymentIntent) };
  const ranOut = intent.status === 'requires_capture' && intent._captureBefore !== null && intent._captureBefore < desk.seconds();
  return ranOut ? close(desk, intent, 'automatic') : intent;
}

export function capture(desk: StandInDesk, intent: PaymentIntent, form: Form): PaymentIntent {
  if (intent.status !== 'requires_capture') {
    throw unexpected('payment_intent', intent, `This PaymentIntent could not be captured because it has a status of ${intent.status}.`);
  }
  const asked = textIn(form, 'amount_to_capture');
  const amount = asked === null ? intent.amount_capturable : Number(asked);
  if (!Number.isSafeInteger(amount) || amount < 1) throw invalid('Invalid positive integer', 'parameter_invalid_integer', 'amount_to_capture');
  if (amount > intent.amount_capturable) {
    throw invalid(`The provided capture amount is greater than the amount capturable (${intent.amount_capturable}).`, 'amount_too_large', 'amount_to_capture');
  }
  Object.assign(intent, { status: 'succeeded', amount_received: amount, amount_capturable: 0 });
  desk.memory.put(intent);
  desk.tell('payment_intent.succeeded', intent);
  return intent;
}

export function cancel(desk: StandInDesk, intent: PaymentIntent, form: Form): PaymentIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw unexpected('payment_intent', intent, `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`);
  }
  return close(desk, intent, textIn(form, 'cancellation_reason'));
}

function close(desk: StandInDesk, intent: PaymentIntent, reason: string | null): PaymentIntent {
  Object.assign(intent, { status: 'canceled', amount_capturable: 0, next_action: null, canceled_at: desk.seconds(), cancellation_reason: reason });
  desk.memory.put(intent);
  desk.tell('payment_intent.canceled', intent);
  return intent;
}

/** Stripe's search language, as far as metadata goes: metadata['ride_id']:'…' */
export function searchByMetadata(desk: StandInDesk, query: string): PaymentIntent[] {
  const terms = [...query.matchAll(/metadata\[['"]([\w-]+)['"]\]:\s*['"]([^'"]*)['"]/g)];
  if (terms.length === 0) throw invalid('We could not parse your search query.', 'parameter_invalid', 'query');
  return desk.memory.ofKind<PaymentIntent>('payment_intent').filter((intent) => terms.every(([, name = '', value]) => intent.metadata[name] === value));
}

/** For people and bots that want to see what was charged, less what was given back. */
export const chargesOf = (desk: StandInDesk) =>
  desk.memory.ofKind<PaymentIntent>('payment_intent').map(({ id, status, amount, amount_received, currency, metadata, created }) => ({
    id, status, amount, captured: amount_received - returnedOf(desk, id), currency, rideId: metadata['ride_id'] ?? null, purpose: metadata['purpose'] ?? null, created,
  }));
