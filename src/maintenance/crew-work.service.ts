// What a crew does at the scooter: arrive, open the battery bay, say what was done. A claim alone moves no
// scooter back to riders; see task-evidence for what a report is held against.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { actorName, type Actor } from '../platform/actor.js';
import { Clock } from '../platform/clock.js';
import type { Position } from '../platform/geo.js';
import type { TaskId } from '../platform/ids.js';
import { Refusal, refuseIf } from '../platform/refusal.js';
import { DownlinkService } from '../commands/downlink.service.js';
import { CrewEntity } from './crew.entity.js';
import { joinReports, stepOnReport, type SwapReport } from './task-evidence.js';
import { IN_HAND_STATES, type TaskState } from './task-state.js';
import { TaskEntity } from './task.entity.js';
import type { Task, TaskKind } from './task.js';
import { TasksService } from './tasks.service.js';
import { placeOf, whyNotArrive } from './why-not-arrive.js';

type CrewActor = Extract<Actor, { audience: 'crew' }>;
const inHand: ReadonlySet<TaskState> = new Set(IN_HAND_STATES);

@Injectable()
export class CrewWorkService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly fleet: FleetService,
    private readonly downlink: DownlinkService,
    private readonly tasks: TasksService,
  ) {}

  /** The crew's position is compared with the scooter's and forgotten. */
  arrive({ crewId }: CrewActor, id: TaskId, position: Position): Promise<void> {
    return this.db.transaction(async (tx) => {
      const { task, scooter } = await this.tasks.hold(tx, id);
      const crew = await tx.findOneByOrFail(CrewEntity, { id: crewId });
      if (task.crewId === crewId && inHand.has(task.state)) return;

      refuseIf(whyNotArrive({ task, scooter, crew, position }), { taskId: id });

      const { latitude, longitude } = placeOf(scooter) ?? task;
      await this.tasks.advance(tx, task, 'arrive', { arrivedAt: this.clock.now(), latitude, longitude });
      if (scooter.state !== 'maintenance') await this.fleet.become(tx, scooter.id, 'service');
    });
  }

  /** Asking again while the scooter has not answered asks nothing new. */
  openBay(actor: CrewActor, id: TaskId): Promise<void> {
    return this.db.transaction(async (tx) => {
      const { task, scooter } = await this.mine(tx, actor, id);
      const crew = await tx.findOneByOrFail(CrewEntity, { id: actor.crewId });
      refuseIf(crew.onShift ? null : 'crew_off_shift');
      mustBeInHand(task, 'open_bay');
      if (task.bay === 'asked') return;

      const wish = { scooterId: scooter.id, kind: 'open_bay', reason: `task:${id}` } as const;
      const commandId = await this.downlink.command(tx, { ...wish, requestedBy: actorName(actor) });
      await tx.update(TaskEntity, { id }, { commandId, bay: 'asked' });
    });
  }

  reportSwap(actor: CrewActor, id: TaskId, said: SwapReport): Promise<void> {
    return this.db.transaction(async (tx) => {
      const { task } = await this.mine(tx, actor, id);
      mustBeOfKind(task, 'swap');
      const report = joinReports(task, said);
      if (task.serialIn === report.serialIn && task.serialOut === report.serialOut) return;

      const { step, note } = stepOnReport(task, report);

      await this.tasks.advance(tx, task, step, { ...report, note, resolvedAt: this.clock.now() });
      // One visit uses one pack, however often its report is put right.
      if (task.serialIn === null) await this.takePack(tx, actor);
    });
  }

  reportFinding(actor: CrewActor, id: TaskId, finding: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      const { task, scooter } = await this.mine(tx, actor, id);
      mustBeOfKind(task, 'inspect');
      if (task.note === finding && task.resolvedAt !== null) return;
      const state = await this.tasks.advance(tx, task, 'report', { note: finding, resolvedAt: this.clock.now() });
      // It was the lock that was in doubt and not the range: the crew has seen it, and telemetry has nothing to add.
      if (state === 'resolved' && !scooter.rangeUnknown) await this.tasks.advance(tx, { ...task, state, note: finding }, 'prove');
    });
  }

  private async mine(tx: EntityManager, { crewId }: CrewActor, id: TaskId) {
    const held = await this.tasks.hold(tx, id);
    refuseIf(held.task.crewId === crewId ? null : 'task_unknown');
    return held;
  }

  /** Never below zero: a miscounted van is no reason to disbelieve a swap. */
  private async takePack(tx: EntityManager, { crewId }: CrewActor): Promise<void> {
    await tx.query(
      'update crews set full_packs = greatest(full_packs - 1, 0), empty_packs = empty_packs + 1 where id = $1',
      [crewId],
    );
  }
}

function mustBeInHand(task: Task, step: string): void {
  if (!inHand.has(task.state)) throw new Refusal('step_not_allowed', { state: task.state, step });
}

function mustBeOfKind(task: Task, kind: TaskKind): void {
  if (task.kind !== kind) throw new Refusal('step_not_allowed', { kind: task.kind, step: `report_${kind}` });
}
