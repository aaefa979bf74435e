import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { CrewTasksController } from './crew-tasks.controller.js';
import { CrewWorkService } from './crew-work.service.js';
import { CrewsService } from './crews.service.js';
import { DispatchJob } from './dispatch.job.js';
import { MaintenanceListener } from './maintenance.listener.js';
import { TaskDispatchService } from './task-dispatch.service.js';
import { TaskOperationsController } from './task-operations.controller.js';
import { TasksService } from './tasks.service.js';

@Module({
  imports: [FleetModule, CommandsModule],
  controllers: [CrewTasksController, TaskOperationsController],
  providers: [TasksService, TaskDispatchService, CrewWorkService, CrewsService, DispatchJob, MaintenanceListener],
  exports: [CrewsService],
})
export class MaintenanceModule {}
