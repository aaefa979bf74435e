// Holding, capturing, charging and giving back: every question to Stripe ends in an answer, and no answer
// is an answer too ("unknown").
import { Injectable } from '@nestjs/common';
import { isReturned, readIntent, readTrouble, type StripeAnswer, type StripeIntent } from './stripe-answer.js';
import type { StripeOrder, StripeRefundOrder } from './stripe-order.js';
import { StripeClient } from './stripe.client.js';

@Injectable()
export class ChargesService {
  constructor(private readonly stripe: StripeClient) {}

  create(order: StripeOrder): Promise<StripeAnswer> {
    return ask(true, () => this.stripe.createIntent(order));
  }

  read(intentId: string): Promise<StripeAnswer> {
    return ask(false, () => this.stripe.readIntent(intentId));
  }

  capture(intentId: string, amountCents: number, key: string): Promise<StripeAnswer> {
    return ask(false, () => this.stripe.captureIntent(intentId, amountCents, `${key}:capture`));
  }

  cancel(intentId: string, key: string): Promise<StripeAnswer> {
    return ask(false, () => this.stripe.cancelIntent(intentId, `${key}:release`));
  }

  /** What became of a payment whose answer we never got; found by the name we wrote on it. */
  async lookUp({ id, customerId }: Pick<StripeOrder, 'id' | 'customerId'>): Promise<StripeAnswer> {
    try {
      const intent = (await this.stripe.newestIntents(customerId)).find(({ metadata }) => metadata['payment_id'] === id);
      return intent ? readIntent(intent) : { kind: 'absent' };
    } catch (error) {
      return readTrouble(error, false);
    }
  }

  /** True when it is on its way back. Stripe forgets keys after a day, so from the second try on we look first. */
  async giveBack(order: StripeRefundOrder, tries: number): Promise<boolean> {
    const known = tries > 1 ? await this.stripe.refundsOf(order.paymentIntentId) : [];
    const made = known.find(({ metadata }) => metadata?.['refund_id'] === order.id);
    return isReturned(made ?? (await this.stripe.giveBack(order)));
  }
}

async function ask(creating: boolean, call: () => Promise<StripeIntent>): Promise<StripeAnswer> {
  try {
    return readIntent(await call());
  } catch (error) {
    return readTrouble(error, creating);
  }
}
