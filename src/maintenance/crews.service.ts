// Crews and their shifts: who is out, with how many packs, and which stops in which order. Where a crew is,
// is told by its work alone (the last scooter it stood at, or its hub); nobody tracks people.
import { Injectable } from '@nestjs/common';
import { DataSource, In, MoreThanOrEqual, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import type { Scooter } from '../fleet/scooter.js';
import { Clock } from '../platform/clock.js';
import type { Position } from '../platform/geo.js';
import { newId, type CrewId, type TaskId } from '../platform/ids.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { CrewEntity } from './crew.entity.js';
import { crewOrder, type Stop } from './crew-order.js';
import type { Crew } from './crew.js';
import { taskPriority, type PriorityReason } from './task-priority.js';
import { LISTED_STATES, OPEN_TASK_STATES } from './task-state.js';
import { TaskEntity } from './task.entity.js';
import type { Task } from './task.js';
import { placeOf } from './why-not-arrive.js';

export interface NewCrew {
  readonly id?: CrewId;
  readonly name: string;
  readonly hub: Position;
}

/** A task as people look at it: with the scooter as it is now, and why it comes when it comes. */
export interface CrewStop {
  readonly task: Task;
  readonly scooter: Scooter;
  readonly score: number;
  readonly why: readonly PriorityReason[];
}

@Injectable()
export class CrewsService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly fleet: FleetService,
  ) {}

  async create(tx: EntityManager, { id = newId<CrewId>(), name, hub }: NewCrew): Promise<CrewId> {
    refuseIf((await tx.existsBy(CrewEntity, { name })) ? 'crew_name_taken' : null, { name });
    const place = { hubLatitude: hub.latitude, hubLongitude: hub.longitude };
    const offShift = { onShift: false, shiftChangedAt: null, fullPacks: 0, emptyPacks: 0 };
    await tx.insert(CrewEntity, { id, name, ...place, ...offShift });
    return id;
  }

  /** For operators: opens the transaction. */
  found(crew: NewCrew): Promise<CrewId> {
    return this.db.transaction((tx) => this.create(tx, crew));
  }

  /** The van is counted as it leaves the hub; saying it again on shift is a refill. */
  startShift(id: CrewId, fullPacks: number): Promise<Crew> {
    return this.db.transaction(async (tx) => {
      const crew = await this.hold(tx, id);
      const shiftChangedAt = crew.onShift ? crew.shiftChangedAt : this.clock.now();
      const changes = { onShift: true, shiftChangedAt, fullPacks, emptyPacks: 0 };
      await tx.update(CrewEntity, { id }, changes);
      await tx.query("select pg_notify('tasks', '')");
      return { ...crew, ...changes };
    });
  }

  /** What is not finished goes back to the pool by the dispatch loop, even when we fall over in between. */
  endShift(id: CrewId): Promise<Crew> {
    return this.db.transaction(async (tx) => {
      const crew = await this.hold(tx, id);
      if (!crew.onShift) return crew;
      const changes = { onShift: false, shiftChangedAt: this.clock.now() };
      await tx.update(CrewEntity, { id }, changes);
      await tx.query("select pg_notify('tasks', '')");
      return { ...crew, ...changes };
    });
  }

  async read(id: CrewId): Promise<Crew> {
    return orRefuse(await this.db.manager.findOneBy(CrewEntity, { id }), 'crew_unknown');
  }

  /** Every crew with the number of its open tasks, by name. */
  async all(): Promise<{ crew: Crew; openTasks: number }[]> {
    const crews = await this.db.manager.find(CrewEntity, { order: { name: 'asc' } });
    const open = await this.db.manager.findBy(TaskEntity, { state: In([...OPEN_TASK_STATES]) });
    return crews.map((crew) => ({ crew, openTasks: open.filter((task) => task.crewId === crew.id).length }));
  }

  /** The last scooter of this shift the crew stood at, else its hub. */
  async placeOf(tx: EntityManager, crew: Crew): Promise<Position> {
    const hub = { latitude: crew.hubLatitude, longitude: crew.hubLongitude };
    if (!crew.onShift || crew.shiftChangedAt === null) return hub;
    const last = await tx.findOne(TaskEntity, {
      where: { crewId: crew.id, arrivedAt: MoreThanOrEqual(crew.shiftChangedAt) },
      order: { arrivedAt: 'desc', id: 'desc' },
    });
    return (last && placeOf(last)) ?? hub;
  }

  /** The crew's list, in the order to drive it. */
  async stopsOf(id: CrewId): Promise<CrewStop[]> {
    const manager = this.db.manager;
    const from = await this.placeOf(manager, await this.read(id));
    const stops = await this.look(await manager.findBy(TaskEntity, { crewId: id, state: In([...LISTED_STATES]) }));
    const order = crewOrder(from, stops.map(asStop));
    return order.flatMap((taskId) => stops.find(({ task }) => task.id === taskId) ?? []);
  }

  async stopOf(id: CrewId, taskId: TaskId): Promise<CrewStop> {
    const task = orRefuse(await this.db.manager.findOneBy(TaskEntity, { id: taskId }), 'task_unknown');
    refuseIf(task.crewId === id ? null : 'task_unknown');
    return this.lookAt(task);
  }

  async lookAt(task: Task): Promise<CrewStop> {
    return orRefuse((await this.look([task]))[0], 'scooter_unknown');
  }

  async look(tasks: readonly Task[]): Promise<CrewStop[]> {
    const now = this.clock.now();
    const read = await this.fleet.readAll(tasks.map((task) => task.scooterId));
    const scooters = new Map(read.map((scooter) => [scooter.id, scooter]));
    return tasks.flatMap((task) => {
      const scooter = scooters.get(task.scooterId);
      return scooter ? [{ task, scooter, ...taskPriority({ ...task, rangeKm: scooter.rangeKm }, now) }] : [];
    });
  }

  private async hold(tx: EntityManager, id: CrewId): Promise<Crew> {
    const crew = await tx.findOne(CrewEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return orRefuse(crew, 'crew_unknown');
  }
}

const asStop = ({ task, scooter, score }: CrewStop): Stop => ({
  id: task.id,
  position: placeOf(scooter) ?? placeOf(task),
  score,
  started: task.state !== 'assigned',
});
