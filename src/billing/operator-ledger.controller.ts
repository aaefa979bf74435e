import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { sumCents } from '../platform/money.js';
import { LedgerAnswer } from './billing.dto.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { PaymentsService } from './payments.service.js';

@ApiTags('operator: ledger')
@Allow('operator')
@Controller('operator')
export class OperatorLedgerController {
  constructor(
    private readonly ledger: LedgerService,
    private readonly payments: PaymentsService,
  ) {}

  @Get('ledger')
  @Answers(200, LedgerAnswer, 'The books in one look: accounts, and whether fares, money received and debts agree to the cent.')
  async read(): Promise<LedgerAnswer> {
    const [accounts, sums] = await Promise.all([this.ledger.balances(), this.payments.sums()]);
    const sumOfAll = sumCents(accounts.map(({ balanceCents }) => balanceCents));
    return { currency: 'EUR', accounts, sumCents: sumOfAll, ...sums };
  }
}
