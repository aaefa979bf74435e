import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import type { RideId } from '../platform/ids.js';
import { RideViewsService } from './ride-views.service.js';
import { LookReason, RideFile, RideFilter, RideRowPage } from './rides.dto.js';

@ApiTags('operator: rides')
@Allow('operator')
@Controller('operator/rides')
export class RideOperationsController {
  constructor(
    private readonly db: DataSource,
    private readonly audit: AuditService,
    private readonly views: RideViewsService,
  ) {}

  @Get()
  @Answers(200, RideRowPage, 'Rides, newest first, without riders and places.')
  all(@Query({ schema: RideFilter }) { state, ...slice }: z.infer<typeof RideFilter>) {
    return this.views.all(state, slice);
  }

  @Get(':rideId')
  @Allow('operator', ['support', 'admin'])
  @Answers(200, RideFile, 'One ride with its rider; the look is written down with its reason.')
  async file(
    @TheOperator() actor: Actor,
    @Param('rideId', { schema: z.uuid() }) rideId: string,
    @Query({ schema: LookReason }) { reason }: z.infer<typeof LookReason>,
  ) {
    const entry = { action: 'ride.looked_at', subjectKind: 'ride', subjectId: rideId, reason } as const;
    await this.audit.note(this.db.manager, actor, entry);
    return this.views.file(rideId as RideId);
  }
}
