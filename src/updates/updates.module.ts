import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { FleetModule } from '../fleet/fleet.module.js';
import { AccessService } from '../identity/access.service.js';
import { IdentityModule } from '../identity/identity.module.js';
import { LoopService } from '../platform/loop.service.js';
import { TelematicsModule } from '../telematics/telematics.module.js';
import { OffersService } from './offers.service.js';
import { ReleaseImageController } from './release-image.controller.js';
import { ReleaseImagesService } from './release-images.service.js';
import { ReleasesController } from './releases.controller.js';
import { ReleasesService } from './releases.service.js';
import { RolloutsService } from './rollouts.service.js';
import { UpdateEvidenceService } from './update-evidence.service.js';
import { UpdateMetricsService } from './update-metrics.service.js';
import { UpdatesJob } from './updates.job.js';
import { UpdatesListener } from './updates.listener.js';

@Module({
  imports: [AuditModule, FleetModule, IdentityModule, TelematicsModule],
  controllers: [ReleasesController, ReleaseImageController],
  providers: [
    OffersService, ReleaseImagesService, ReleasesService, RolloutsService, UpdateEvidenceService, UpdateMetricsService, UpdatesJob, UpdatesListener,
  ],
})
export class UpdatesModule {
  constructor(job: UpdatesJob, loops: LoopService, access: AccessService) {
    job.addTo(loops);
    // A new unit counts its boots from one and comes with its factory's release: that is no fall.
    access.alsoForget('delete from scooter_updates where scooter_id = $1');
    access.alsoForget('delete from scooter_releases where scooter_id = $1');
  }
}
