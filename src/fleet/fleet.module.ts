import { Module } from '@nestjs/common';
import { FleetOperationsController } from './fleet-operations.controller.js';
import { FleetService } from './fleet.service.js';
import { NearbyQueries } from './nearby.queries.js';
import { RiderMapController } from './rider-map.controller.js';
import { ScooterListQueries } from './scooter-list.queries.js';

@Module({
  controllers: [RiderMapController, FleetOperationsController],
  providers: [FleetService, NearbyQueries, ScooterListQueries],
  exports: [FleetService],
})
export class FleetModule {}
