import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { RefundsModule } from '../refunds/refunds.module.js';
import { RidesModule } from '../rides/rides.module.js';
import { ZonesModule } from '../zones/zones.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { LateBillService } from './late-bill.service.js';
import { LeftOpenJob } from './left-open.job.js';
import { LocalActsService } from './local-acts.service.js';
import { OfflineListener } from './offline.listener.js';
import { PowerLossService } from './power-loss.service.js';
import { SilentScootersJob } from './silent-scooters.job.js';

@Module({
  imports: [CommandsModule, FleetModule, ZonesModule, RidesModule, RefundsModule],
  providers: [LateBillService, LocalActsService, PowerLossService, OfflineListener, SilentScootersJob, LeftOpenJob],
})
export class OfflineModule {}
