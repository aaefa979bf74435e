import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { FleetModule } from '../fleet/fleet.module.js';
import { TelematicsModule } from '../telematics/telematics.module.js';
import { RetentionService } from '../upkeep/retention.service.js';
import { IntakeService } from './intake.service.js';
import { RollCallService } from './roll-call.service.js';
import { UplinkService } from './uplink.service.js';

@Module({
  imports: [CommandsModule, FleetModule, TelematicsModule],
  providers: [IntakeService, RollCallService, UplinkService],
  exports: [IntakeService],
})
export class UplinkModule {
  constructor(retention: RetentionService) {
    retention.add({ name: 'events of scooters', days: 90, sql: 'delete from scooter_events where received_at < $1' });
  }
}
