import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import { OncePerKey } from '../platform/http/idempotency.interceptor.js';
import { DownlinkService } from './downlink.service.js';
import { commandsOf, CommandsQuery, GivenCommands, NewCommand, OrderedCommand, ScooterPath } from './commands.dto.js';

@ApiTags('operator: scooters')
@Controller('operator/scooters/:scooterId/commands')
export class OperatorCommandsController {
  constructor(private readonly downlink: DownlinkService) {}

  @Post()
  @OncePerKey()
  @Allow('operator', ['operator', 'admin'])
  @Answers(202, OrderedCommand, 'The command is on its way; the list of commands tells what the scooter made of it.')
  async order(
    @TheOperator() actor: Actor,
    @Param({ schema: ScooterPath }) { scooterId }: ScooterPath,
    @Body({ schema: NewCommand }) command: NewCommand,
  ): Promise<OrderedCommand> {
    return { commandId: await this.downlink.orderByHand(actor, scooterId, command) };
  }

  @Get()
  @Allow('operator')
  @Answers(200, GivenCommands, 'Commands to one scooter, newest first: who asked, why, and what became of them.')
  async list(
    @Param({ schema: ScooterPath }) { scooterId }: ScooterPath,
    @Query({ schema: CommandsQuery }) { cursor, limit }: CommandsQuery,
  ): Promise<GivenCommands> {
    return commandsOf(await this.downlink.page(scooterId, cursor ?? Number.MAX_SAFE_INTEGER, limit), limit);
  }
}
