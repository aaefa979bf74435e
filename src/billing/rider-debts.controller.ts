import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheRider } from '../platform/http/auth.guard.js';
import type { DebtId } from '../platform/ids.js';
import { DebtListAnswer, DebtPage, DebtPath, DebtPaymentView, shapeDebts } from './billing.dto.js';
import { DebtPaymentService } from './debt-payment.service.js';
import { DebtsService } from './debts.service.js';

type Rider = Extract<Actor, { audience: 'rider' }>;

@ApiTags('rider: wallet')
@Allow('rider')
@Controller('rider/debts')
export class RiderDebtsController {
  constructor(
    private readonly debts: DebtsService,
    private readonly debtPayment: DebtPaymentService,
  ) {}

  @Get()
  @Answers(200, DebtListAnswer, 'What is still to be paid and what was, newest first.')
  async listDebts(@TheRider() rider: Rider, @Query({ schema: DebtPage }) { cursor, limit }: DebtPage): Promise<DebtListAnswer> {
    return shapeDebts(await this.debts.page(rider.riderId, cursor ?? null, limit + 1), limit);
  }

  @Post(':debtId/pay')
  @Answers(200, DebtPaymentView, 'Pay a debt with the saved card. Asked twice, it is still charged once.')
  pay(@TheRider() rider: Rider, @Param({ schema: DebtPath }) { debtId }: DebtPath): Promise<z.infer<typeof DebtPaymentView>> {
    // The schema has checked that it is a UUID.
    return this.debtPayment.pay(rider.riderId, debtId as DebtId);
  }
}
