// The card a rider pays with. Card numbers never come here: the phone gives them to Stripe, and we keep
// what Stripe calls the card, its brand and its last four digits.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import type { RiderId } from '../platform/ids.js';
import { orRefuse, Refusal } from '../platform/refusal.js';
import { CardEntity } from './card.entity.js';
import { StripeCustomerEntity } from './stripe-customer.entity.js';
import { StripeClient } from './stripe.client.js';
import { whyNotSaved } from './why-not-saved.js';

export interface WayToPay { readonly customerId: string; readonly paymentMethodId: string }

const STRIPE_URL = 'https://api.stripe.com';

@Injectable()
export class CardsService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeClient,
    @Inject(CITY_CONFIG) private readonly config: CityConfig,
  ) {}

  /** What the phone needs to give Stripe a card and let its bank confirm it. */
  async setUp(riderId: RiderId): Promise<{ setupIntentId: string; clientSecret: string; publishableKey: string; stripeUrl: string }> {
    const customerId = await this.customerOf(riderId);
    const intent = await unlessAway(() => this.stripe.createSetupIntent(customerId));
    return { ...intent, publishableKey: this.config.stripe.publishableKey, stripeUrl: this.config.stripe.url ?? STRIPE_URL };
  }

  /** Stripe is asked again: what a phone says about a card proves nothing. An open debt is not paid by this. */
  async save(riderId: RiderId, setupIntentId: string): Promise<CardEntity> {
    const customer = await this.db.manager.findOneBy(StripeCustomerEntity, { riderId });
    const setup = await unlessAway(() => this.stripe.readSetupIntent(setupIntentId));

    const card = whyNotSaved(setup, customer?.customerId ?? null) === null ? setup?.card : null;
    const { paymentMethodId, brand, last4 } = orRefuse(card, 'card_not_confirmed', { status: setup?.status ?? 'unknown' });

    return this.db.manager.save(CardEntity, { riderId, paymentMethodId, setupIntentId, brand, last4, savedAt: this.clock.now() });
  }

  async cardOf(riderId: RiderId): Promise<CardEntity> {
    return orRefuse(await this.db.manager.findOneBy(CardEntity, { riderId }), 'card_missing');
  }

  /** What a payment is made with, null without a card; the payment keeps both, because the rider may change their card meanwhile. */
  async wayToPay(tx: EntityManager, riderId: RiderId): Promise<WayToPay | null> {
    const [way] = await tx.query<WayToPay[]>(
      `select customer_id as "customerId", payment_method_id as "paymentMethodId" from cards join stripe_customers using (rider_id) where rider_id = $1`,
      [riderId],
    );
    return way ?? null;
  }

  /** Made at Stripe first, under a key of the rider: two taps at once still make one. */
  private async customerOf(riderId: RiderId): Promise<string> {
    const known = await this.db.manager.findOneBy(StripeCustomerEntity, { riderId });
    if (known) return known.customerId;
    const customerId = await unlessAway(() => this.stripe.createCustomer(riderId));
    await this.db.query(
      'insert into stripe_customers (rider_id, customer_id, created_at) values ($1, $2, $3) on conflict (rider_id) do nothing',
      [riderId, customerId, this.clock.now()],
    );
    const { customerId: kept } = await this.db.manager.findOneByOrFail(StripeCustomerEntity, { riderId });
    return kept;
  }
}

/** Nothing was charged: a rider who saves a card can simply try again. */
async function unlessAway<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch {
    throw new Refusal('temporarily_unavailable');
  }
}
