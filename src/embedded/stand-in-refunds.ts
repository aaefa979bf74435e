// Giving money back at the stand-in of Stripe: part of a payment or all of it, never more than it brought in.
import { mapIn, textIn, type Form } from './stand-in-form.js';
import { invalid, newStripeId, type PaymentIntent, type Refund } from './stand-in-objects.js';
import { missing, type StandInDesk } from './stand-in-setup.js';

export function createRefund(desk: StandInDesk, form: Form): Refund {
  const id = textIn(form, 'payment_intent');
  if (id === null) throw invalid('Missing required param: payment_intent.', 'parameter_missing', 'payment_intent');
  const intent = desk.memory.get(id);
  if (intent?.object !== 'payment_intent') throw missing('payment_intent', id);
  const { status, amount_received: received, currency, latest_charge: charge } = intent as PaymentIntent;
  if (status !== 'succeeded') throw invalid('This PaymentIntent does not have a successful charge to refund.', 'payment_intent_unexpected_state');
  const left = received - returnedOf(desk, id);
  const amount = Number(textIn(form, 'amount') ?? left);
  if (!Number.isSafeInteger(amount) || amount < 1) throw invalid('Invalid positive integer', 'parameter_invalid_integer', 'amount');
  if (left === 0) throw invalid(`Charge ${charge ?? ''} has already been refunded.`, 'charge_already_refunded');
  if (amount > left) throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, null, 'amount');
  const refund: Refund = {
    id: newStripeId('re'), object: 'refund', created: desk.seconds(), amount, currency, payment_intent: id, charge,
    status: 'succeeded', metadata: mapIn(form, 'metadata'),
  };
  desk.memory.put(refund);
  desk.tell('refund.created', refund);
  return refund;
}

export const refundsOf = (desk: StandInDesk, intentId: string | null): Refund[] =>
  desk.memory.ofKind<Refund>('refund').filter((refund) => intentId === null || refund.payment_intent === intentId);

export const returnedOf = (desk: StandInDesk, intentId: string): number =>
  refundsOf(desk, intentId).reduce((sum, { amount }) => sum + amount, 0);
