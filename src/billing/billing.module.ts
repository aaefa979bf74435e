import { Module } from '@nestjs/common';
import { CardsModule } from '../cards/cards.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { CollectJob } from './collect.job.js';
import { CollectorService } from './collector.service.js';
import { DebtPaymentService } from './debt-payment.service.js';
import { DebtsService } from './debts.service.js';
import { OperatorLedgerController } from './operator-ledger.controller.js';
import { OutcomesService } from './outcomes.service.js';
import { PaymentsService } from './payments.service.js';
import { RiderDebtsController } from './rider-debts.controller.js';
import { StripeHintsService } from './stripe-hints.service.js';
import { StripeWebhookController } from './stripe-webhook.controller.js';
import { RetentionService } from '../upkeep/retention.service.js';

@Module({
  imports: [CardsModule, LedgerModule],
  controllers: [RiderDebtsController, OperatorLedgerController, StripeWebhookController],
  providers: [DebtsService, PaymentsService, OutcomesService, CollectorService, CollectJob, DebtPaymentService, StripeHintsService],
  exports: [PaymentsService],
})
export class BillingModule {
  constructor(retention: RetentionService) {
    retention.add({ name: 'hints of Stripe', days: 90, sql: 'delete from stripe_events where received_at < $1' });
  }
}
