import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import { ProvisioningService } from './provisioning.service.js';
import { admittedOf, AdmittedScooters, credentialsOf, MadeScooters, NewScooters, ScooterCredentials } from './identity.dto.js';

@ApiTags('operator: scooters')
@Controller('operator/scooters')
export class ProvisioningController {
  constructor(private readonly provisioning: ProvisioningService) {}

  @Post()
  @Allow('operator', ['admin'])
  @Answers(201, ScooterCredentials, 'The keys and passwords of the new scooters, this once and never again.')
  async provision(
    @TheOperator() actor: Actor,
    @Body({ schema: NewScooters }) { scooters }: NewScooters,
  ): Promise<ScooterCredentials> {
    return credentialsOf(await this.provisioning.order(actor, scooters));
  }

  @Post('import')
  @Allow('operator', ['admin'])
  @Answers(201, AdmittedScooters, 'Scooters whose keys and passwords their maker has burnt in; secrets that are no secrets are refused.')
  async takeOver(
    @TheOperator() actor: Actor,
    @Body({ schema: MadeScooters }) { scooters, reason }: MadeScooters,
  ): Promise<AdmittedScooters> {
    return admittedOf(await this.provisioning.takeOver(actor, scooters, reason));
  }
}
