import { Module } from '@nestjs/common';
import { CardsService } from './cards.service.js';
import { ChargesService } from './charges.service.js';
import { RiderCardController } from './rider-card.controller.js';
import { StripeClient } from './stripe.client.js';

@Module({
  controllers: [RiderCardController],
  providers: [StripeClient, CardsService, ChargesService],
  exports: [CardsService, ChargesService],
})
export class CardsModule {}
