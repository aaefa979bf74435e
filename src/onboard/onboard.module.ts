import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { TelematicsModule } from '../telematics/telematics.module.js';
import { ZonesModule } from '../zones/zones.module.js';
import { OnboardController } from './onboard.controller.js';
import { OnboardListener } from './onboard.listener.js';
import { ZoneBroadcastService } from './zone-broadcast.service.js';
import { ZoneKeepingService } from './zone-keeping.service.js';

@Module({
  imports: [FleetModule, ZonesModule, IdentityModule, TelematicsModule],
  controllers: [OnboardController],
  providers: [ZoneBroadcastService, ZoneKeepingService, OnboardListener],
})
export class OnboardModule {}
