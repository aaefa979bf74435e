// The Stripe objects the stand-in keeps, with the fields of Stripe's own API (2026-10-28), and the way
// it says no. Field names are Stripe's.
import { randomBytes } from 'node:crypto';

export interface Stored {
  readonly id: string;
  readonly object: string;
  readonly created: number;
}

export interface Customer extends Stored {
  readonly object: 'customer';
  readonly livemode: false;
  readonly metadata: Record<string, string>;
}

export interface PaymentMethod extends Stored {
  readonly object: 'payment_method';
  readonly type: 'card';
  readonly livemode: false;
  readonly metadata: Record<string, string>;
  readonly card: { readonly brand: string; readonly last4: string; readonly exp_month: number; readonly exp_year: number; readonly country: string };
  customer: string | null;
  /** Which test card it was made from: how it behaves. */
  readonly _card: string;
  /** Its holder has confirmed it for charges without them (SetupIntent, 3DS). */
  _setUp: boolean;
}

export interface NextAction {
  readonly type: 'redirect_to_url';
  readonly redirect_to_url: { readonly url: string; readonly return_url: string | null };
}

interface Intent extends Stored {
  readonly livemode: false;
  readonly client_secret: string;
  readonly metadata: Record<string, string>;
  readonly customer: string | null;
  readonly allowed_payment_method_types: readonly string[] | null;
  payment_method: string | null;
  next_action: NextAction | null;
}

export interface SetupIntent extends Intent {
  readonly object: 'setup_intent';
  readonly usage: string;
  status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'succeeded' | 'canceled';
  last_setup_error: object | null;
}

export interface PaymentIntent extends Intent {
  readonly object: 'payment_intent';
  readonly amount: number;
  readonly currency: string;
  readonly capture_method: 'automatic' | 'manual';
  amount_capturable: number;
  amount_received: number;
  canceled_at: number | null;
  cancellation_reason: string | null;
  latest_charge: string | null;
  last_payment_error: object | null;
  status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'requires_capture' | 'succeeded' | 'canceled';
  /** Until when a hold can be captured (seconds). */
  _captureBefore: number | null;
}

export interface Refund extends Stored {
  readonly object: 'refund';
  readonly amount: number;
  readonly currency: string;
  readonly payment_intent: string;
  readonly charge: string | null;
  readonly status: 'succeeded';
  readonly metadata: Record<string, string>;
}

export interface StripeEvent extends Stored {
  readonly object: 'event';
  readonly api_version: string;
  readonly type: string;
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly data: { readonly object: unknown };
}

/** What Stripe answers when it refuses; `saved` tells whether the idempotency layer remembers it. */
export class StripeNo extends Error {
  constructor(
    readonly status: number,
    readonly error: Record<string, unknown>,
    /** Parameters that fail validation are not remembered: execution never began. */
    readonly saved = true,
  ) {
    super(String(error['message']));
  }
}

export const invalid = (message: string, code: string | null = null, param: string | null = null, status = 400): StripeNo =>
  new StripeNo(status, { type: 'invalid_request_error', message, ...(code && { code }), ...(param && { param }) }, code !== null && status !== 404);

export const newStripeId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

/** What leaves the house: everything but the fields the stand-in keeps for itself. */
export function published(object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !name.startsWith('_')));
}
