// Hands out what waits: all open tasks and all crews on shift are looked at together, and a pure choice
// says who takes what. Also takes back the work of crews that went home.
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import type { Scooter } from '../fleet/scooter.js';
import { Clock } from '../platform/clock.js';
import type { Position } from '../platform/geo.js';
import { CrewEntity } from './crew.entity.js';
import { CrewsService } from './crews.service.js';
import { dispatchChoice, type DispatchCrew, type DispatchTask } from './dispatch-choice.js';
import { taskPriority } from './task-priority.js';
import { LISTED_STATES, OPEN_TASK_STATES } from './task-state.js';
import { TaskEntity } from './task.entity.js';
import type { Task } from './task.js';
import { TasksService } from './tasks.service.js';
import { placeOf } from './why-not-arrive.js';

/** Oldest first. More than this never waits in a city with crews on shift, and without them nothing is chosen. */
const LOOKED_AT_ONCE = 300;
/** Twenty minutes, as for a scooter that is offline (the trade's default). */
const DOUBT_SECONDS = 20 * 60;

@Injectable()
export class TaskDispatchService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly fleet: FleetService,
    private readonly crews: CrewsService,
    private readonly tasks: TasksService,
  ) {}

  /** Gives out as much as can be given out now; false when that is nothing. */
  async dispatch(): Promise<boolean> {
    const manager = this.db.manager;
    if (!(await manager.existsBy(TaskEntity, { state: 'created' }))) return false;
    if (!(await manager.existsBy(CrewEntity, { onShift: true }))) return false;
    return this.db.transaction((tx) => this.assignWaiting(tx));
  }

  /** A scooter that has been in doubt for long does not come back by itself: a crew goes and looks (promise V13). */
  async inspectDoubtful(): Promise<boolean> {
    for (const scooterId of await this.fleet.unsureSinceBefore(this.clock.in(-DOUBT_SECONDS))) {
      if (await this.db.manager.existsBy(TaskEntity, { scooterId, kind: 'inspect', state: In([...OPEN_TASK_STATES]) })) continue;
      await this.db.transaction((tx) => this.tasks.openInspect(tx, { scooterId }));
    }
    return false;
  }

  /** One task whose crew is off shift goes back to the pool; false when there is none. */
  async releaseOne(): Promise<boolean> {
    const left = await this.db.manager
      .createQueryBuilder(TaskEntity, 'task')
      .innerJoin(CrewEntity, 'crew', 'crew.id = task.crewId and not crew.onShift')
      .where("task.state in ('assigned', 'in_progress')")
      .orderBy('task.id')
      .getOne();
    if (!left) return false;
    return this.db.transaction(async (tx) => {
      const { task } = await this.tasks.hold(tx, left.id);
      if (task.crewId !== left.crewId || (task.state !== 'assigned' && task.state !== 'in_progress')) return true;
      await this.tasks.release(tx, task);
      return true;
    });
  }

  private async assignWaiting(tx: EntityManager): Promise<boolean> {
    // Two dispatchers meet here: the second finds the rows locked, skips them and has nothing to do.
    const waiting = await tx.find(TaskEntity, {
      where: { state: 'created' },
      order: { openedAt: 'asc', id: 'asc' },
      take: LOOKED_AT_ONCE,
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    });
    const crews = await tx.find(CrewEntity, {
      where: { onShift: true },
      order: { id: 'asc' },
      lock: { mode: 'pessimistic_write' },
    });
    const scooters = await this.fleet.readAll(waiting.map((task) => task.scooterId));

    const choice = dispatchChoice(this.ready(waiting, scooters), await this.vans(tx, crews));

    for (const { taskId, crewId } of choice) {
      const task = waiting.find(({ id }) => id === taskId);
      if (task) await this.tasks.assign(tx, task, crewId);
    }
    return choice.length > 0;
  }

  /** Tasks a crew can drive to: the place is known, and no rider has the scooter or is walking to it. */
  private ready(waiting: readonly Task[], scooters: readonly Scooter[]): DispatchTask[] {
    const now = this.clock.now();
    const byId = new Map(scooters.map((scooter) => [scooter.id, scooter]));
    return waiting.flatMap((task) => {
      const scooter = byId.get(task.scooterId);
      if (!scooter || scooter.state === 'taken' || scooter.state === 'reserved') return [];
      const position = placeOf(scooter);
      const { score } = taskPriority({ ...task, rangeKm: scooter.rangeKm }, now);
      return position ? [{ id: task.id, kind: task.kind, position, score }] : [];
    });
  }

  private async vans(tx: EntityManager, crews: readonly CrewEntity[]): Promise<DispatchCrew[]> {
    const ids = crews.map(({ id }) => id);
    const listed = await tx.findBy(TaskEntity, { crewId: In(ids), state: In([...LISTED_STATES]) });
    const vans: DispatchCrew[] = [];
    for (const crew of crews) {
      const list = listed.filter((task) => task.crewId === crew.id);
      // A reported swap has its pack already taken out of the stock.
      const packsPromised = list.filter((task) => task.kind === 'swap' && task.serialIn === null).length;
      const stops = list.map(placeOf).filter((place): place is Position => place !== null);
      const places: [Position, ...Position[]] = [await this.crews.placeOf(tx, crew), ...stops];
      vans.push({ id: crew.id, places, packsLeft: Math.max(0, crew.fullPacks - packsPromised), listed: list.length });
    }
    return vans;
  }
}
