// A payment: one attempt to get one amount from one rider, with the key under which Stripe knows it. And
// where the money of one ride stands, in one word for the rider.
import type { PaymentId, RideId, RiderId } from '../platform/ids.js';
import type { PaymentState } from './payment-state.js';

/** The loop that asks Stripe; whoever has news for it wakes it by this name. */
export const COLLECT = 'billing.collect';

/** hold: before the wheel turns. rest: what the hold did not cover, off session. debt: paid by the rider, on session. */
export type PaymentPurpose = 'hold' | 'rest' | 'debt';

export interface Payment {
  readonly id: PaymentId;
  readonly riderId: RiderId;
  readonly rideId: RideId;
  readonly attempt: number;
  readonly purpose: PaymentPurpose;
  readonly state: PaymentState;
  readonly currency: string;
  readonly amountCents: number;
  readonly captureCents: number | null;
  /** Frozen with the key: Stripe refuses a key that comes back with another card. */
  readonly customerId: string;
  readonly paymentMethodId: string;
  readonly idempotencyKey: string;
  readonly paymentIntentId: string | null;
  readonly refusal: string | null;
  /** Since when we have asked Stripe without knowing what became of it. */
  readonly unknownSince: Date | null;
  readonly tries: number;
  readonly createdAt: Date;
}

/** The key under which Stripe knows an attempt; capture and release add their own word. */
export const paymentKey = (rideId: RideId, attempt: number): string => `ride:${rideId}:${attempt}`;

export interface RideMoney {
  readonly state: 'none' | 'held' | 'collecting' | 'paid' | 'debt' | 'released';
  readonly paidCents: number;
  readonly debtCents: number;
}

type Part = Pick<Payment, 'purpose' | 'state' | 'captureCents'>;

export function rideMoney(payments: readonly Part[], debtCents: number): RideMoney {
  const paidCents = payments.filter(({ state }) => state === 'captured').reduce((sum, { captureCents }) => sum + (captureCents ?? 0), 0);
  return { state: stateOf(payments, paidCents, debtCents), paidCents, debtCents };
}

function stateOf(payments: readonly Part[], paidCents: number, debtCents: number): RideMoney['state'] {
  const collecting = payments.some(({ purpose, state }) => state === 'capturing' || (purpose !== 'hold' && state === 'created'));
  if (collecting) return 'collecting';
  if (debtCents > 0) return 'debt';
  if (paidCents > 0) return 'paid';
  if (payments.some(({ state }) => state === 'created' || state === 'authorised')) return 'held';
  return payments.length === 0 ? 'none' : 'released';
}
