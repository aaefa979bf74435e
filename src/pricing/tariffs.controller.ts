import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../platform/actor.js';
import { Clock } from '../platform/clock.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import { OncePerKey } from '../platform/http/idempotency.interceptor.js';
import { NewTariff, TariffAnswer, tariffAnswerOf, TariffList, tariffListAnswer } from './pricing.dto.js';
import { PricingService } from './pricing.service.js';
import { tariffAt } from './tariff-choice.js';

@ApiTags('operator: tariffs')
@Allow('operator')
@Controller('operator/tariffs')
export class TariffsController {
  constructor(
    private readonly pricing: PricingService,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Answers(200, TariffList, 'Every tariff, the latest first: past, in force, announced.')
  async list(): Promise<TariffList> {
    const tariffs = await this.pricing.list();
    const now = this.clock.now();
    return tariffListAnswer(tariffs, tariffAt(tariffs, now)?.id ?? null, now);
  }

  @Post()
  @OncePerKey()
  @Allow('operator', ['operator', 'admin'])
  @Answers(201, TariffAnswer, 'A tariff for later; rides already asked for keep theirs.')
  async announce(
    @TheOperator() operator: Actor,
    @Body({ schema: NewTariff }) { tariff, reason }: NewTariff,
  ): Promise<TariffAnswer> {
    return tariffAnswerOf(await this.pricing.announce(operator, tariff, reason));
  }
}
