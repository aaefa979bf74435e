import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheCrew } from '../platform/http/auth.guard.js';
import { OncePerKey } from '../platform/http/idempotency.interceptor.js';
import type { TaskId } from '../platform/ids.js';
import { CrewWorkService } from './crew-work.service.js';
import { CrewsService } from './crews.service.js';
import { Arrival, CrewTask, crewTaskOf, CrewTaskPage, Finding, SwapReport } from './maintenance.dto.js';
import { shiftOf, ShiftStart, ShiftView } from './maintenance.dto.js';

type CrewActor = Extract<Actor, { audience: 'crew' }>;
const Id = z.uuid().transform((id) => id as TaskId);

@ApiTags('crew: shift and tasks')
@Allow('crew')
@Controller('crew')
export class CrewTasksController {
  constructor(
    private readonly crews: CrewsService,
    private readonly work: CrewWorkService,
  ) {}

  @Get('shift')
  @Answers(200, ShiftView, 'Whether you are on shift, and the packs in your van.')
  async shift(@TheCrew() { crewId }: CrewActor): Promise<ShiftView> {
    return shiftOf(await this.crews.read(crewId));
  }

  @Post('shift/start')
  @Answers(200, ShiftView, 'You are on shift with this many full packs; said again during the shift, it is a refill.')
  async startShift(
    @TheCrew() { crewId }: CrewActor,
    @Body({ schema: ShiftStart }) { fullPacks }: z.infer<typeof ShiftStart>,
  ): Promise<ShiftView> {
    return shiftOf(await this.crews.startShift(crewId, fullPacks));
  }

  @Post('shift/end')
  @Answers(200, ShiftView, 'Your shift is over; what you had not finished goes to other crews.')
  async endShift(@TheCrew() { crewId }: CrewActor): Promise<ShiftView> {
    return shiftOf(await this.crews.endShift(crewId));
  }

  @Get('tasks')
  @Answers(200, CrewTaskPage, 'Your tasks, in the order to drive them.')
  async list(@TheCrew() { crewId }: CrewActor) {
    return { items: (await this.crews.stopsOf(crewId)).map(crewTaskOf), nextCursor: null };
  }

  @Get('tasks/:taskId')
  @Answers(200, CrewTask, 'One task of yours.')
  one(@TheCrew() crew: CrewActor, @Param('taskId', { schema: Id }) id: TaskId): Promise<CrewTask> {
    return this.show(crew, id);
  }

  @Post('tasks/:taskId/arrive')
  @Answers(200, CrewTask, 'You stand at the scooter; riders no longer see it. Your position is compared and not kept.')
  async arrive(
    @TheCrew() crew: CrewActor,
    @Param('taskId', { schema: Id }) id: TaskId,
    @Body({ schema: Arrival }) { position }: z.infer<typeof Arrival>,
  ): Promise<CrewTask> {
    await this.work.arrive(crew, id, position);
    return this.show(crew, id);
  }

  @Post('tasks/:taskId/open-bay')
  @OncePerKey()
  @Answers(202, CrewTask, 'The scooter has been asked to open its battery bay; poll the task for its answer.')
  async openBay(@TheCrew() crew: CrewActor, @Param('taskId', { schema: Id }) id: TaskId): Promise<CrewTask> {
    await this.work.openBay(crew, id);
    return this.show(crew, id);
  }

  @Post('tasks/:taskId/report')
  @OncePerKey()
  @Answers(200, CrewTask, 'The swap is noted; the scooter goes back to riders when its telemetry agrees.')
  async report(
    @TheCrew() crew: CrewActor,
    @Param('taskId', { schema: Id }) id: TaskId,
    @Body({ schema: SwapReport }) report: z.infer<typeof SwapReport>,
  ): Promise<CrewTask> {
    await this.work.reportSwap(crew, id, report);
    return this.show(crew, id);
  }

  @Post('tasks/:taskId/finding')
  @Answers(200, CrewTask, 'What you found is noted; the task is over when the scooter tells its range again.')
  async finding(
    @TheCrew() crew: CrewActor,
    @Param('taskId', { schema: Id }) id: TaskId,
    @Body({ schema: Finding }) { finding }: z.infer<typeof Finding>,
  ): Promise<CrewTask> {
    await this.work.reportFinding(crew, id, finding);
    return this.show(crew, id);
  }

  private async show({ crewId }: CrewActor, id: TaskId): Promise<CrewTask> {
    return crewTaskOf(await this.crews.stopOf(crewId, id));
  }
}
