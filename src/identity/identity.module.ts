import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { CredentialsService } from './credentials.service.js';
import { ProvisioningController } from './provisioning.controller.js';
import { ProvisioningService } from './provisioning.service.js';
import { ScooterDoorService } from './scooter-door.service.js';
import { SigningService } from './signing.service.js';

const services = [CredentialsService, ProvisioningService, ScooterDoorService, SigningService];

@Module({ imports: [FleetModule], controllers: [ProvisioningController], providers: services, exports: services })
export class IdentityModule {}
