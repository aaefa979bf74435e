// One wish to Stripe: hold or charge this amount, on this card, under this key.
import type { PaymentId, RefundId, RideId, RiderId } from '../platform/ids.js';

/** What Stripe is asked to hold or charge; the same order always makes the same request. */
export interface StripeOrder {
  readonly id: PaymentId;
  readonly riderId: RiderId;
  readonly rideId: RideId;
  readonly purpose: 'hold' | 'rest' | 'debt';
  readonly amountCents: number;
  readonly currency: string;
  readonly customerId: string;
  readonly paymentMethodId: string;
  readonly idempotencyKey: string;
}

/** So much of what a payment brought in goes back. */
export interface StripeRefundOrder {
  readonly id: RefundId;
  readonly paymentIntentId: string;
  readonly amountCents: number;
}
