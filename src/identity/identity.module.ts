import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { TelematicsModule } from '../telematics/telematics.module.js';
import { AccessController } from './access.controller.js';
import { AccessService } from './access.service.js';
import { BrokerAccountsJob } from './broker-accounts.job.js';
import { CredentialsService } from './credentials.service.js';
import { IdentityListener } from './identity.listener.js';
import { KeyRotationJob } from './key-rotation.job.js';
import { KeyRotationService } from './key-rotation.service.js';
import { ProvisioningController } from './provisioning.controller.js';
import { ProvisioningService } from './provisioning.service.js';
import { ScooterDoorService } from './scooter-door.service.js';
import { ShutOutService } from './shut-out.service.js';
import { SigningService } from './signing.service.js';

const services = [AccessService, CredentialsService, ProvisioningService, ScooterDoorService, ShutOutService, SigningService];

@Module({
  imports: [FleetModule, TelematicsModule],
  controllers: [AccessController, ProvisioningController],
  providers: [...services, BrokerAccountsJob, IdentityListener, KeyRotationJob, KeyRotationService],
  exports: services,
})
export class IdentityModule {}
