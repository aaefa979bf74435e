import { Module, type OnModuleInit } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { CardsModule } from '../cards/cards.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { LoopService } from '../platform/loop.service.js';
import { CorrectionsService } from './corrections.service.js';
import { GiveBackJob } from './give-back.job.js';

@Module({ imports: [BillingModule, CardsModule, LedgerModule], providers: [CorrectionsService, GiveBackJob], exports: [CorrectionsService] })
export class RefundsModule implements OnModuleInit {
  constructor(
    private readonly job: GiveBackJob,
    private readonly loops: LoopService,
  ) {}

  onModuleInit(): void {
    this.job.register(this.loops);
  }
}
