// What maintenance does when something happens elsewhere.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CommandId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import type { BayAnswer } from './task.js';
import { TasksService } from './tasks.service.js';

@Injectable()
export class MaintenanceListener implements OnModuleInit {
  constructor(
    private readonly outbox: OutboxService,
    private readonly tasks: TasksService,
  ) {}

  onModuleInit(): void {
    const { outbox, tasks } = this;
    const bay =
      (answer: BayAnswer) =>
      async (tx: EntityManager, { commandId, kind }: { commandId: CommandId; kind: string }) => {
        if (kind === 'open_bay') await tasks.bayAnswered(tx, commandId, answer);
      };
    outbox.on('scooter.ran_low', 'maintenance.open_swap', (tx, event) => tasks.openSwap(tx, event));
    outbox.on('scooter.range_unknown', 'maintenance.open_inspect', (tx, event) => tasks.openInspect(tx, event));
    outbox.on('scooter.battery_swapped', 'maintenance.prove_swap', (tx, event) => tasks.proveSwap(tx, event));
    outbox.on('scooter.range_known', 'maintenance.prove_range', (tx, event) => tasks.proveRange(tx, event));
    outbox.on('command.done', 'maintenance.bay_open', bay('open'));
    outbox.on('command.refused', 'maintenance.bay_refused', bay('refused'));
    outbox.on('command.expired', 'maintenance.bay_silent', bay('silent'));
  }
}
