import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import { AccessService } from './access.service.js';
import { KeyRotationService } from './key-rotation.service.js';
import { NewSecrets, OrderedKey, Reason, Shut, WhichScooter } from './identity.dto.js';

@ApiTags('operator: scooters')
@Controller('operator/scooters/:scooterId')
export class AccessController {
  constructor(
    private readonly access: AccessService,
    private readonly keys: KeyRotationService,
  ) {}

  @Post('keys')
  @Allow('operator', ['operator', 'admin'])
  @Answers(202, OrderedKey, 'A new command key is on its way; the old one stays until the scooter has said that it keeps it.')
  async changeKey(
    @TheOperator() actor: Actor,
    @Param({ schema: WhichScooter }) { scooterId }: WhichScooter,
    @Body({ schema: Reason }) { reason }: Reason,
  ): Promise<OrderedKey> {
    return { scooterId, keyId: await this.keys.order(actor, scooterId, reason) };
  }

  @Post('revoke')
  @Allow('operator', ['operator', 'admin'])
  @Answers(200, Shut, 'It is told nothing and believed nothing from now on, and put out at the broker.')
  async revoke(
    @TheOperator() actor: Actor,
    @Param({ schema: WhichScooter }) { scooterId }: WhichScooter,
    @Body({ schema: Reason }) { reason }: Reason,
  ): Promise<Shut> {
    return { scooterId, revokedAt: (await this.access.revoke(actor, scooterId, reason)).toISOString() };
  }

  @Post('reinstate')
  @Allow('operator', ['admin'])
  @Answers(200, NewSecrets, 'New credentials, this once and never again; what the old unit counted is forgotten.')
  async reinstate(
    @TheOperator() actor: Actor,
    @Param({ schema: WhichScooter }) { scooterId }: WhichScooter,
    @Body({ schema: Reason }) { reason }: Reason,
  ): Promise<NewSecrets> {
    return { scooterId, ...(await this.access.reinstate(actor, scooterId, reason)) };
  }

  @Post('retire')
  @Allow('operator', ['admin'])
  @Answers(200, Shut, 'Out of the fleet for good, and revoked.')
  async retire(
    @TheOperator() actor: Actor,
    @Param({ schema: WhichScooter }) { scooterId }: WhichScooter,
    @Body({ schema: Reason }) { reason }: Reason,
  ): Promise<Shut> {
    return { scooterId, revokedAt: (await this.access.retire(actor, scooterId, reason)).toISOString() };
  }
}
