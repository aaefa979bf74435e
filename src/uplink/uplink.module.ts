import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { FleetModule } from '../fleet/fleet.module.js';
import { AccessService } from '../identity/access.service.js';
import { IdentityModule } from '../identity/identity.module.js';
import { ShutOutService } from '../identity/shut-out.service.js';
import { TelematicsModule } from '../telematics/telematics.module.js';
import { RetentionService } from '../upkeep/retention.service.js';
import { IntakeService } from './intake.service.js';
import { OutcomeService } from './outcome.service.js';
import { RollCallService } from './roll-call.service.js';
import { TelemetryBatchService } from './telemetry-batch.service.js';
import { UplinkService } from './uplink.service.js';

@Module({
  imports: [CommandsModule, FleetModule, IdentityModule, TelematicsModule],
  providers: [IntakeService, OutcomeService, RollCallService, TelemetryBatchService, UplinkService],
  exports: [IntakeService],
})
export class UplinkModule {
  constructor(retention: RetentionService, access: AccessService, shutOut: ShutOutService, uplink: UplinkService) {
    access.alsoForget('delete from scooter_events where scooter_id = $1');
    shutOut.whenReplaced((scooterId) => { uplink.forget(scooterId); });
    retention.add({ name: 'events of scooters', days: 90, sql: 'delete from scooter_events where received_at < $1' });
  }
}
