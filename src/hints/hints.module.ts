import { Module } from '@nestjs/common';
import { RetentionService } from '../upkeep/retention.service.js';
import { StripeHintsService } from './stripe-hints.service.js';
import { StripeWebhookController } from './stripe-webhook.controller.js';

@Module({ controllers: [StripeWebhookController], providers: [StripeHintsService] })
export class HintsModule {
  constructor(retention: RetentionService) {
    retention.add({ name: 'hints of Stripe', days: 90, sql: 'delete from stripe_events where received_at < $1' });
  }
}
