import { Module } from '@nestjs/common';
import { FleetMirrorService } from './fleet-mirror.service.js';
import { FleetOperationsController } from './fleet-operations.controller.js';
import { FleetTelemetryService } from './fleet-telemetry.service.js';
import { FleetService } from './fleet.service.js';
import { RiderMapController } from './rider-map.controller.js';
import { ScooterListQueries } from './scooter-list.queries.js';
import { TelemetryBatchQueries } from './telemetry-batch.queries.js';

@Module({
  controllers: [RiderMapController, FleetOperationsController],
  providers: [FleetMirrorService, FleetService, FleetTelemetryService, ScooterListQueries, TelemetryBatchQueries],
  exports: [FleetService, FleetTelemetryService],
})
export class FleetModule {}
