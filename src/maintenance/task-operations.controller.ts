import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import type { CrewId, TaskId } from '../platform/ids.js';
import { CrewsService } from './crews.service.js';
import { AssignOrder, CancelOrder, TaskFilter, TaskRow, taskRowOf, TaskRowPage } from './maintenance.dto.js';
import { CrewDraft, crewRowOf, CrewRowPage, shiftOf, ShiftView } from './maintenance.dto.js';
import { TasksService } from './tasks.service.js';

const Id = z.uuid().transform((id) => id as TaskId);

@ApiTags('operator: tasks')
@Allow('operator')
@Controller('operator')
export class TaskOperationsController {
  constructor(
    private readonly tasks: TasksService,
    private readonly crews: CrewsService,
  ) {}

  @Get('tasks')
  @Answers(200, TaskRowPage, 'Tasks, newest first.')
  async list(@Query({ schema: TaskFilter }) { state, cursor, limit }: TaskFilter) {
    const { tasks, nextCursor } = await this.tasks.page({ state, before: cursor, limit });
    return { items: (await this.crews.look(tasks)).map(taskRowOf), nextCursor };
  }

  @Post('tasks/:taskId/assign')
  @Allow('operator', ['operator', 'admin'])
  @Answers(200, TaskRow, 'The task is on the list of this crew; who ordered it, and why, is written down.')
  async assign(
    @TheOperator() operator: Actor,
    @Param('taskId', { schema: Id }) id: TaskId,
    @Body({ schema: AssignOrder }) { crewId, reason }: z.infer<typeof AssignOrder>,
  ): Promise<TaskRow> {
    await this.tasks.assignByHand(operator, id, { crewId: crewId as CrewId, reason });
    return this.show(id);
  }

  @Post('tasks/:taskId/cancel')
  @Allow('operator', ['operator', 'admin'])
  @Answers(200, TaskRow, 'The task is over; if the scooter still needs the work, another one has been opened.')
  async cancel(
    @TheOperator() operator: Actor,
    @Param('taskId', { schema: Id }) id: TaskId,
    @Body({ schema: CancelOrder }) { reason }: z.infer<typeof CancelOrder>,
  ): Promise<TaskRow> {
    await this.tasks.cancel(operator, id, reason);
    return this.show(id);
  }

  @Get('crews')
  @Answers(200, CrewRowPage, 'Every crew: on shift or not, packs in the van, open tasks. Never where its people are.')
  async all() {
    return { items: (await this.crews.all()).map(crewRowOf), nextCursor: null };
  }

  @Post('crews')
  @Allow('operator', ['operator', 'admin'])
  @Answers(201, ShiftView, 'A new crew, off shift.')
  async found(@Body({ schema: CrewDraft }) draft: z.infer<typeof CrewDraft>): Promise<ShiftView> {
    return shiftOf(await this.crews.read(await this.crews.found(draft)));
  }

  private async show(id: TaskId): Promise<TaskRow> {
    return taskRowOf(await this.crews.lookAt(await this.tasks.read(id)));
  }
}
