import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { BillingModule } from '../billing/billing.module.js';
import { FleetModule } from '../fleet/fleet.module.js';
import { LoopService } from '../platform/loop.service.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ReservationsModule } from '../reservations/reservations.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { RetentionService } from '../upkeep/retention.service.js';
import { ZonesModule } from '../zones/zones.module.js';
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

/** A year in use and a year at hand, as the CNIL accepted (SAN-2023-003); the ride itself is kept for the books. */
const PLACES_OF_RIDES = {
  name: 'places of rides',
  days: 730,
  sql: `update rides set start_latitude = null, start_longitude = null, end_latitude = null, end_longitude = null
         where requested_at < $1 and coalesce(start_latitude, end_latitude) is not null and state in ('ended', 'failed')`,
};

@Module({
  imports: [AccountsModule, ZonesModule, PricingModule, FleetModule, CommandsModule, BillingModule, ReservationsModule],
  controllers: [RiderRidesController, RiderReservationsController, RideOperationsController],
  providers: [
    RideRowsService, RideTermsService, RideEndService, RideCourseService, RideViewsService,
    RidesService, RidesListener, OverdueRidesJob,
  ],
  exports: [RideRowsService, RideTermsService, RideEndService],
})
export class RidesModule implements OnModuleInit {
  constructor(
    private readonly overdue: OverdueRidesJob,
    private readonly loops: LoopService,
    retention: RetentionService,
  ) {
    retention.add(PLACES_OF_RIDES);
  }

  onModuleInit(): void {
    this.overdue.register(this.loops);
  }
}
