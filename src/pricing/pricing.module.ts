import { Module } from '@nestjs/common';
import { PricingService } from './pricing.service.js';
import { RiderPricesController } from './rider-prices.controller.js';
import { TariffsController } from './tariffs.controller.js';

@Module({
  controllers: [RiderPricesController, TariffsController],
  providers: [PricingService],
  exports: [PricingService],
})
export class PricingModule {}
