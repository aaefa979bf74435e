import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import type { AlertId, StaffId } from '../platform/ids.js';
import { AlertFilter, AlertPage, AlertView, alertView, Assignment, Closing, Snooze } from './alerts.dto.js';
import { AlertsService } from './alerts.service.js';

type Operator = Extract<Actor, { audience: 'operator' }>;
const Id = z.uuid().transform((id) => id as AlertId);

@ApiTags('operator: alerts')
@Allow('operator')
@Controller('operator')
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  @Get('alerts')
  @Answers(200, AlertPage, 'Alerts, newest first: one row per trouble, with what to do about it.')
  async page(@Query({ schema: AlertFilter }) { cursor, ...filter }: AlertFilter) {
    const { alerts, nextCursor } = await this.alerts.page({ ...filter, before: cursor });
    return { items: alerts.map(alertView), nextCursor };
  }

  @Get('alerts/:alertId')
  @Answers(200, AlertView, 'One alert.')
  async one(@Param('alertId', { schema: Id }) id: AlertId): Promise<AlertView> {
    return alertView(await this.alerts.read(id));
  }

  @Post('alerts/:alertId/acknowledge')
  @Allow('operator', ['operator', 'admin'])
  @Answers(200, AlertView, 'You take it on; it is yours until you hand it over.')
  async acknowledge(@TheOperator() operator: Operator, @Param('alertId', { schema: Id }) id: AlertId): Promise<AlertView> {
    return alertView(await this.alerts.acknowledge(operator, id));
  }

  @Post('alerts/:alertId/snooze')
  @Allow('operator', ['operator', 'admin'])
  @Answers(200, AlertView, 'It comes back after so many minutes, unless it is over by then.')
  async snooze(
    @TheOperator() operator: Operator,
    @Param('alertId', { schema: Id }) id: AlertId,
    @Body({ schema: Snooze }) order: z.infer<typeof Snooze>,
  ): Promise<AlertView> {
    return alertView(await this.alerts.snooze(operator, id, order));
  }

  @Post('alerts/:alertId/assign')
  @Allow('operator', ['operator', 'admin'])
  @Answers(200, AlertView, 'It is this colleague’s now.')
  async assign(
    @TheOperator() operator: Operator,
    @Param('alertId', { schema: Id }) id: AlertId,
    @Body({ schema: Assignment }) { owner }: z.infer<typeof Assignment>,
  ): Promise<AlertView> {
    return alertView(await this.alerts.assign(operator, id, owner as StaffId));
  }

  @Post('alerts/:alertId/close')
  @Allow('operator', ['operator', 'admin'])
  @Answers(200, AlertView, 'It is over; should it show again, it is a new one.')
  async close(
    @TheOperator() operator: Operator,
    @Param('alertId', { schema: Id }) id: AlertId,
    @Body({ schema: Closing }) { reason }: z.infer<typeof Closing>,
  ): Promise<AlertView> {
    return alertView(await this.alerts.close(operator, id, reason));
  }
}
