import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { BillingModule } from '../billing/billing.module.js';
import { FleetModule } from '../fleet/fleet.module.js';
import { LoopService } from '../platform/loop.service.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ReservationsModule } from '../reservations/reservations.module.js';
import { TelematicsModule } from '../telematics/telematics.module.js';
import { ZonesModule } from '../zones/zones.module.js';
import { LeftOpenJob } from './left-open.job.js';
import { OverdueRidesJob } from './overdue-rides.job.js';
import { RideCourseService } from './ride-course.service.js';
import { RideEndService } from './ride-end.service.js';
import { RideTermsService } from './ride-terms.service.js';
import { RideOperationsController } from './ride-operations.controller.js';
import { RideRowsService } from './ride-rows.service.js';
import { RideViewsService } from './ride-views.service.js';
import { RiderReservationsController } from './rider-reservations.controller.js';
import { RiderRidesController } from './rider-rides.controller.js';
import { RidesListener } from './rides.listener.js';
import { RidesService } from './rides.service.js';

@Module({
  imports: [AccountsModule, ZonesModule, PricingModule, FleetModule, TelematicsModule, BillingModule, ReservationsModule],
  controllers: [RiderRidesController, RiderReservationsController, RideOperationsController],
  providers: [
    RideRowsService, RideTermsService, RideEndService, RideCourseService, RideViewsService,
    RidesService, RidesListener, OverdueRidesJob, LeftOpenJob,
  ],
})
export class RidesModule implements OnModuleInit {
  constructor(
    private readonly overdue: OverdueRidesJob,
    private readonly loops: LoopService,
  ) {}

  onModuleInit(): void {
    this.overdue.register(this.loops);
  }
}
