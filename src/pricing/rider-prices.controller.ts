import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Clock } from '../platform/clock.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { Prices, pricesAnswer } from './pricing.dto.js';
import { PricingService } from './pricing.service.js';

@ApiTags('rider: prices')
@Allow('anyone')
@Controller('rider/prices')
export class RiderPricesController {
  constructor(
    private readonly pricing: PricingService,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Answers(200, Prices, 'What a ride costs now, tax included, and when rides may start.')
  async show(): Promise<Prices> {
    const now = this.clock.now();
    return pricesAnswer(await this.pricing.inForce(now), now);
  }
}
