import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { cityDay } from '../platform/city-time.js';
import { Clock } from '../platform/clock.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import type { RiderId } from '../platform/ids.js';
import { LicenceDecision, riderAnswer, RiderOfOperator, RiderSearch, RidersFound, Why } from './accounts.dto.js';
import type { Rider } from './rider.js';
import { RidersService } from './riders.service.js';

/** People are for support; who watches scooters has no need to see them. */
@ApiTags('operator: riders')
@Allow('operator', ['support', 'admin'])
@Controller('operator/riders')
export class OperatorRidersController {
  constructor(
    private readonly riders: RidersService,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Answers(200, RidersFound, 'The rider with exactly this phone or e-mail; the look is noted with its reason.')
  async search(
    @TheOperator() operator: Actor,
    @Query({ schema: RiderSearch }) query: RiderSearch,
  ): Promise<RidersFound> {
    const found = await this.riders.search(operator, query);
    return { items: found.map((rider) => this.shape(rider)), nextCursor: null };
  }

  @Get(':riderId')
  @Answers(200, RiderOfOperator, 'One rider; the look is noted with its reason.')
  async look(
    @TheOperator() operator: Actor,
    @Param('riderId', { schema: z.uuid() }) id: RiderId,
    @Query({ schema: Why }) { reason }: Why,
  ): Promise<RiderOfOperator> {
    return this.shape(await this.riders.look(operator, id, reason));
  }

  @Post(':riderId/licence')
  @Answers(200, RiderOfOperator, 'The licence is accepted or refused; the rider reads the reason of a refusal.')
  async decide(
    @TheOperator() operator: Actor,
    @Param('riderId', { schema: z.uuid() }) id: RiderId,
    @Body({ schema: LicenceDecision }) decision: LicenceDecision,
  ): Promise<RiderOfOperator> {
    return this.shape(await this.riders.decideLicence(operator, id, decision));
  }

  @Post(':riderId/suspend')
  @Answers(200, RiderOfOperator, 'No ride starts from now on; the rider reads the reason.')
  async suspend(
    @TheOperator() operator: Actor,
    @Param('riderId', { schema: z.uuid() }) id: RiderId,
    @Body({ schema: Why }) { reason }: Why,
  ): Promise<RiderOfOperator> {
    return this.shape(await this.riders.suspend(operator, id, reason));
  }

  @Post(':riderId/reinstate')
  @Answers(200, RiderOfOperator, 'The rider may ride again.')
  async reinstate(
    @TheOperator() operator: Actor,
    @Param('riderId', { schema: z.uuid() }) id: RiderId,
    @Body({ schema: Why }) { reason }: Why,
  ): Promise<RiderOfOperator> {
    return this.shape(await this.riders.reinstate(operator, id, reason));
  }

  private shape(rider: Rider): RiderOfOperator {
    return riderAnswer(rider, cityDay(this.clock.now()));
  }
}
