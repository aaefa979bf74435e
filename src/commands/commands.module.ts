import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { TelematicsModule } from '../telematics/telematics.module.js';
import { CommandsService } from './commands.service.js';
import { DownlinkJob } from './downlink.job.js';
import { DownlinkService } from './downlink.service.js';
import { OperatorCommandsController } from './operator-commands.controller.js';
import { RidePassService } from './ride-pass.service.js';

@Module({
  imports: [FleetModule, IdentityModule, TelematicsModule],
  controllers: [OperatorCommandsController],
  providers: [CommandsService, DownlinkJob, DownlinkService, RidePassService],
  exports: [CommandsService, DownlinkService, RidePassService],
})
export class CommandsModule {}
