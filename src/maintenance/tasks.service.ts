// The life of every task: opened by what scooters tell, closed by what they prove. Every step first holds
// the scooter and then the task, so a crew, an operator and telemetry never pass each other.
import { Injectable } from '@nestjs/common';
import { DataSource, In, LessThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { Events } from '../events.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { Scooter } from '../fleet/scooter.js';
import type { Actor } from '../platform/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type CommandId, type CrewId, type ScooterId, type TaskId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { CrewEntity } from './crew.entity.js';
import { joinProofs, stepOnProof } from './task-evidence.js';
import { dueInHours } from './task-priority.js';
import { IN_HAND_STATES, mustStep, OPEN_TASK_STATES, type TaskState, type TaskStep } from './task-state.js';
import { TaskEntity } from './task.entity.js';
import { stepBack, type BayAnswer, type Proof, type Task, type TaskKind } from './task.js';
import { placeOf } from './why-not-arrive.js';

type OpenTask = Pick<Task, 'kind' | 'scooterId' | 'openedRangeKm'>;
type Changes = Partial<Omit<Task, 'id' | 'kind' | 'scooterId' | 'state'>>;
interface Slice {
  readonly state?: TaskState | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}
const FORGET_CREW = { crewId: null, arrivedAt: null, commandId: null, bay: null } as const;

@Injectable()
export class TasksService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly fleet: FleetService,
    private readonly outbox: OutboxService,
    private readonly audit: AuditService,
  ) {}

  async openSwap(tx: EntityManager, { scooterId, rangeKm }: Events['scooter.ran_low']): Promise<void> {
    const scooter = await this.fleet.hold(tx, scooterId);
    if (scooter.needsSwap) await this.open(tx, scooter, { kind: 'swap', scooterId, openedRangeKm: rangeKm });
  }

  /** Somebody has to go and look: it does not know its range, or we do not know whether it is locked. */
  async openInspect(tx: EntityManager, { scooterId }: { scooterId: ScooterId }): Promise<void> {
    const scooter = await this.fleet.hold(tx, scooterId);
    if (scooter.rangeUnknown || scooter.state === 'unsure') await this.open(tx, scooter, { kind: 'inspect', scooterId, openedRangeKm: null });
  }

  proveSwap(tx: EntityManager, event: Events['scooter.battery_swapped']): Promise<void> {
    const { scooterId, serialBefore, serialAfter, chargeGained } = event;
    return this.prove(tx, scooterId, { kind: 'swap', serialBefore, between: [], serialAfter, chargeGained });
  }

  proveRange(tx: EntityManager, { scooterId, rangeKm }: Events['scooter.range_known']): Promise<void> {
    return this.prove(tx, scooterId, { kind: 'range', rangeKm });
  }

  /** The scooter's answer to the crew's open_bay; commands of others are no task's business. */
  async bayAnswered(tx: EntityManager, commandId: CommandId, bay: BayAnswer): Promise<void> {
    // Silence is only told of a command that has no answer yet; a late answer may have overtaken it.
    await tx.update(TaskEntity, bay === 'silent' ? { commandId, bay: 'asked' } : { commandId }, { bay });
  }

  /** The task and its scooter, both locked, in the order everybody locks them. */
  async hold(tx: EntityManager, id: TaskId): Promise<{ task: Task; scooter: Scooter }> {
    const { scooterId } = orRefuse(await tx.findOneBy(TaskEntity, { id }), 'task_unknown');
    const scooter = await this.fleet.hold(tx, scooterId);
    const task = await tx.findOneOrFail(TaskEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return { task, scooter };
  }

  /** Takes one step of the table and does what follows from the state it leads to. */
  async advance(tx: EntityManager, task: Task, step: TaskStep, changes: Changes = {}): Promise<TaskState> {
    const state = mustStep(task.state, step);
    const verifiedAt = state === 'verified' ? this.clock.now() : task.verifiedAt;
    await tx.update(TaskEntity, { id: task.id }, { ...changes, state, verifiedAt });
    const { id: taskId, scooterId } = task;
    if (state === 'verified') await this.outbox.publish(tx, 'task.verified', taskId, { taskId, scooterId });
    if (state === 'verified' || state === 'cancelled' || state === 'created') await this.giveBack(tx, scooterId);
    return state;
  }

  async assign(tx: EntityManager, task: Task, crewId: CrewId): Promise<void> {
    const scooter = await this.fleet.read(task.scooterId);
    const { latitude, longitude } = placeOf(scooter) ?? task;
    await this.advance(tx, task, 'assign', { crewId, latitude, longitude });
    await this.outbox.publish(tx, 'task.assigned', task.id, { taskId: task.id, scooterId: task.scooterId, crewId });
  }

  /** Back to the pool: the crew went home, or somebody else shall go. */
  async release(tx: EntityManager, task: Task): Promise<Task> {
    const state = await this.advance(tx, task, 'release', FORGET_CREW);
    await tx.query("select pg_notify('tasks', '')");
    return { ...task, ...FORGET_CREW, state };
  }

  assignByHand(operator: Actor, id: TaskId, to: { crewId: CrewId; reason: string }): Promise<void> {
    const { crewId, reason } = to;
    return this.db.transaction(async (tx) => {
      const { task } = await this.hold(tx, id);
      const found = await tx.findOne(CrewEntity, { where: { id: crewId }, lock: { mode: 'pessimistic_write' } });
      const crew = orRefuse(found, 'crew_unknown');
      refuseIf(crew.onShift ? null : 'crew_off_shift', { crewId });

      const order = { action: 'task.assign', subjectKind: 'task', subjectId: id, reason, details: { crewId } } as const;
      await this.audit.note(tx, operator, order);
      if (task.state === 'assigned' && task.crewId === crewId) return;
      await this.assign(tx, task.state === 'assigned' ? await this.release(tx, task) : task, crewId);
    });
  }

  cancel(operator: Actor, id: TaskId, reason: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      const { task } = await this.hold(tx, id);
      await this.audit.note(tx, operator, { action: 'task.cancel', subjectKind: 'task', subjectId: id, reason });
      await this.advance(tx, task, 'cancel', { note: reason });
    });
  }

  async read(id: TaskId): Promise<Task> {
    return orRefuse(await this.db.manager.findOneBy(TaskEntity, { id }), 'task_unknown');
  }

  /** Newest first; `before` is the id of the last task already seen. */
  async page({ state, before, limit }: Slice): Promise<{ tasks: Task[]; nextCursor: TaskId | null }> {
    const where: FindOptionsWhere<TaskEntity> = {};
    if (state !== undefined) where.state = state;
    if (before !== undefined) where.id = LessThan(before as TaskId);
    const found = await this.db.manager.find(TaskEntity, { where, order: { id: 'desc' }, take: limit + 1 });
    const tasks = found.slice(0, limit);
    return { tasks, nextCursor: found.length > limit ? (tasks.at(-1)?.id ?? null) : null };
  }

  private async prove(tx: EntityManager, scooterId: ScooterId, news: Proof): Promise<void> {
    await this.fleet.hold(tx, scooterId);
    const kind: TaskKind = news.kind === 'swap' ? 'swap' : 'inspect';
    const open = { scooterId, kind, state: In([...OPEN_TASK_STATES]) };
    const task = await tx.findOne(TaskEntity, { where: open, lock: { mode: 'pessimistic_write' } });
    if (!task) {
      // Nobody asked for this swap (a hub, a second telling): what it changes is still given back to riders.
      await this.giveBack(tx, scooterId);
      return;
    }
    const proof = joinProofs(task.proof, news);
    const { step, note } = stepOnProof(task, proof);
    await this.advance(tx, task, step, { proof, note });
  }

  /** When nobody works on the scooter any more it goes back to riders, or waits for what it still lacks. */
  private async giveBack(tx: EntityManager, scooterId: ScooterId): Promise<void> {
    const held = await this.fleet.hold(tx, scooterId);
    const inHand = await tx.existsBy(TaskEntity, { scooterId, state: In([...IN_HAND_STATES]) });
    const step = inHand ? null : stepBack(held);
    const scooter = step === null ? held : await this.fleet.become(tx, scooterId, step);
    if (scooter.state === 'retired') return;
    // A crossing told while its predecessor was open, or a task cancelled too early: never silence (V13).
    if (scooter.needsSwap) await this.open(tx, scooter, { kind: 'swap', scooterId, openedRangeKm: scooter.rangeKm });
    if (scooter.rangeUnknown) await this.open(tx, scooter, { kind: 'inspect', scooterId, openedRangeKm: null });
  }

  /** One open task of a kind per scooter: the unique index has the last word, so two tellings make one task. */
  private async open(tx: EntityManager, scooter: Scooter, task: OpenTask): Promise<void> {
    const openedAt = this.clock.now();
    const dueAt = this.clock.in(dueInHours(task.openedRangeKm) * 3600);
    const place = scooter.state === 'taken' ? null : placeOf(scooter);
    const { latitude = null, longitude = null } = place ?? {};
    const { kind, scooterId, openedRangeKm } = task;
    const values = [newId<TaskId>(), kind, scooterId, openedAt, dueAt, openedRangeKm, latitude, longitude];
    const [opened] = await tx.query<{ id: TaskId }[]>(
      `insert into tasks (id, kind, scooter_id, state, opened_at, due_at, opened_range_km, latitude, longitude)
       values ($1, $2, $3, 'created', $4, $5, $6, $7, $8)
       on conflict (scooter_id, kind) where state not in ('verified', 'cancelled') do nothing returning id`,
      values,
    );
    if (!opened) return;
    await this.outbox.publish(tx, 'task.opened', opened.id, { taskId: opened.id, scooterId });
    await tx.query("select pg_notify('tasks', '')");
  }
}
