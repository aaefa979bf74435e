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

@Module({
  imports: [CardsModule, LedgerModule],
  controllers: [RiderDebtsController, OperatorLedgerController],
  providers: [DebtsService, PaymentsService, OutcomesService, CollectorService, CollectJob, DebtPaymentService],
  exports: [PaymentsService, DebtsService],
})
export class BillingModule {}
