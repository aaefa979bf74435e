// The only place that speaks to Stripe, or to its stand-in. Every call has ten seconds and is sent once;
// what comes back is checked before it is believed.
import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { z } from 'zod';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import type { RiderId } from '../platform/ids.js';
import { StripeIntent, StripeRefund } from './stripe-answer.js';
import type { StripeOrder, StripeRefundOrder } from './stripe-order.js';

const TIMEOUT_MS = 10_000;

const SavedCard = z.object({ id: z.string().regex(/^pm_\w{1,100}$/), card: z.object({ brand: z.string().max(30), last4: z.string().length(4) }) });
const SetupIntent = z.object({
  id: z.string().regex(/^seti_\w{1,100}$/),
  status: z.string().max(50),
  customer: z.string().max(110).nullable(),
  client_secret: z.string().max(300).nullable(),
  payment_method: SavedCard.nullable(),
});
const NewSetupIntent = SetupIntent.pick({ id: true }).extend({ client_secret: z.string().max(300) });
const Customer = z.object({ id: z.string().regex(/^cus_\w{1,100}$/) });
const Intents = z.object({ data: z.array(StripeIntent) });
const Refunds = z.object({ data: z.array(StripeRefund) });

export interface CardSetup {
  readonly id: string;
  readonly status: string;
  readonly customerId: string | null;
  readonly card: { readonly paymentMethodId: string; readonly brand: string; readonly last4: string } | null;
}

@Injectable()
export class StripeClient {
  private readonly stripe: Stripe;

  constructor(@Inject(CITY_CONFIG) { stripe: { secretKey, url } }: CityConfig) {
    const common = { maxNetworkRetries: 0, timeout: TIMEOUT_MS, telemetry: false } as const;
    const { hostname, port, protocol } = new URL(url ?? 'https://api.stripe.com');
    const elsewhere = { host: hostname, port: port || (protocol === 'http:' ? 80 : 443), protocol: protocol === 'http:' ? 'http' : 'https' } as const;
    this.stripe = new Stripe(secretKey, url === null ? common : { ...common, ...elsewhere });
  }

  /** Stripe learns our id of the rider and nothing else about them. */
  async createCustomer(riderId: RiderId): Promise<string> {
    const customer = await this.stripe.customers.create({ metadata: { rider_id: riderId } }, { idempotencyKey: `customer:${riderId}` });
    return Customer.parse(customer).id;
  }

  async createSetupIntent(customerId: string): Promise<{ setupIntentId: string; clientSecret: string }> {
    const intent = NewSetupIntent.parse(
      await this.stripe.setupIntents.create({ customer: customerId, usage: 'off_session', allowed_payment_method_types: ['card'] }));
    return { setupIntentId: intent.id, clientSecret: intent.client_secret };
  }

  /** Null when Stripe knows no such SetupIntent. */
  async readSetupIntent(id: string): Promise<CardSetup | null> {
    try {
      const intent = SetupIntent.parse(await this.stripe.setupIntents.retrieve(id, { expand: ['payment_method'] }));
      const method = intent.payment_method;
      const card = method && { paymentMethodId: method.id, brand: method.card.brand, last4: method.card.last4 };
      return { id: intent.id, status: intent.status, customerId: intent.customer, card };
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 404) return null;
      throw error;
    }
  }

  /** The same order always makes the same request, so its key may be sent again. */
  createIntent(order: StripeOrder): Promise<StripeIntent> {
    const { riderId, rideId, purpose, idempotencyKey } = order;
    return checked(this.stripe.paymentIntents.create(
      {
        amount: order.amountCents,
        currency: order.currency.toLowerCase(),
        customer: order.customerId,
        payment_method: order.paymentMethodId,
        allowed_payment_method_types: ['card'],
        confirm: true,
        capture_method: purpose === 'hold' ? 'manual' : 'automatic',
        ...(purpose === 'rest' ? { off_session: true } : {}),
        metadata: { payment_id: order.id, ride_id: rideId, rider_id: riderId, purpose },
      },
      { idempotencyKey },
    ));
  }

  readIntent(intentId: string): Promise<StripeIntent> {
    return checked(this.stripe.paymentIntents.retrieve(intentId));
  }

  captureIntent(intentId: string, amountCents: number, idempotencyKey: string): Promise<StripeIntent> {
    return checked(this.stripe.paymentIntents.capture(intentId, { amount_to_capture: amountCents }, { idempotencyKey }));
  }

  cancelIntent(intentId: string, idempotencyKey: string): Promise<StripeIntent> {
    return checked(this.stripe.paymentIntents.cancel(intentId, {}, { idempotencyKey }));
  }

  giveBack({ id, paymentIntentId, amountCents }: StripeRefundOrder): Promise<StripeRefund> {
    return this.stripe.refunds.create(
      { payment_intent: paymentIntentId, amount: amountCents, metadata: { refund_id: id } }, { idempotencyKey: `refund:${id}` },
    ).then((refund) => StripeRefund.parse(refund));
  }

  /** What was given back of one payment. */
  async refundsOf(paymentIntentId: string): Promise<StripeRefund[]> {
    return Refunds.parse(await this.stripe.refunds.list({ payment_intent: paymentIntentId, limit: 100 })).data;
  }

  /** Not the search: search lags behind (docs.stripe.com/search), the list of a customer does not. */
  async newestIntents(customerId: string): Promise<StripeIntent[]> {
    return Intents.parse(await this.stripe.paymentIntents.list({ customer: customerId, limit: 100 })).data;
  }
}

const checked = async (answer: Promise<unknown>): Promise<StripeIntent> => StripeIntent.parse(await answer);
