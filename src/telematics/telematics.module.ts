import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { BrokerClient } from './broker.client.js';
import { CommandsService } from './commands.service.js';
import { DownlinkJob } from './downlink.job.js';
import { DownlinkService } from './downlink.service.js';
import { IntakeService } from './intake.service.js';
import { LinkMetricsService } from './link-metrics.service.js';
import { OperatorCommandsController } from './operator-commands.controller.js';
import { RollCallService } from './roll-call.service.js';
import { UplinkService } from './uplink.service.js';
import { RetentionService } from '../upkeep/retention.service.js';

const inside = [BrokerClient, CommandsService, DownlinkJob, LinkMetricsService, RollCallService, UplinkService];
const outside = [DownlinkService, IntakeService];

@Module({
  imports: [FleetModule, IdentityModule],
  controllers: [OperatorCommandsController],
  providers: [...inside, ...outside],
  exports: outside,
})
export class TelematicsModule {
  constructor(retention: RetentionService) {
    retention.add({ name: 'events of scooters', days: 90, sql: 'delete from scooter_events where received_at < $1' });
  }
}
