// The rows of what we told the scooters: claimed once, answered or expired, told to the rest of the city.
import { Injectable } from '@nestjs/common';
import { In, LessThan, MoreThan, type EntityManager } from 'typeorm';
import { CredentialsService } from '../identity/credentials.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type CommandId, type ScooterId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import type { Statement } from '../platform/swift-client.provider.js';
import { together, unawaited } from '../platform/together.js';
import { commandStates, isLate, placeInAnswer, verdictOf, type CommandAnswer } from './command-state.js';
import { CommandEntity } from './command.entity.js';
import { LinkMetricsService } from '../telematics/link-metrics.service.js';
import type { PastCommand } from './trust.js';
import { COMMAND_LIVES_SECONDS, signCommand, type Command, type CommandKind } from '../telematics/wire.js';

const AT_ONCE = 50;
/** Real seconds an answer may be under way after the scooter's own deadline. */
const GRACE_SECONDS = 2;
/** Enough to find the fence of any unlock that is still open; a scooter is unsure after one or two. */
const LOOKED_BACK = 50;

/** What has just been ordered is to be sent once its transaction is committed. */
type Send = (tx: EntityManager, command: Command) => void;

export interface Order {
  readonly scooterId: ScooterId;
  readonly kind: CommandKind;
  /** Who wants it, as in `actorName`, or the part of the service that does. */
  readonly requestedBy: string;
  readonly reason?: string;
}

@Injectable()
export class CommandsService {
  private send: Send = () => undefined;
  private readonly orders = new WeakMap<EntityManager, { scooterId: ScooterId; next: Promise<NextOrder> }>();
  private readonly asked = new WeakMap<EntityManager, { commandId: string; asked: Promise<Asked[]> }>();

  constructor(
    private readonly credentials: CredentialsService,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
    private readonly metrics: LinkMetricsService,
  ) {}

  /** A row, which the sender of this process hears of as soon as it is committed. */
  async queue(tx: EntityManager, { scooterId, kind, requestedBy, reason }: Order): Promise<CommandId> {
    const { nonce, key } = await this.nextOrder(tx, scooterId);
    const commandId = newId<CommandId>();
    const notAfter = this.clock.inReal(COMMAND_LIVES_SECONDS);
    unawaited(tx.query(INSERT, [commandId, scooterId, kind, nonce, requestedBy, reason ?? null, notAfter, this.clock.now()]));
    const signed = signCommand(key, { commandId, scooterId, kind, nonce, notAfter: notAfter.getTime() });
    this.send(tx, signed);
    return commandId;
  }

  sentBy(send: Send): void {
    this.send = send;
  }

  /** Gives no row when another process has claimed it, or its time is over. */
  claimOf({ commandId }: Command): Statement {
    return [`update commands set state = 'sent', sent_at = $2 where id = $1 and state = 'queued' and not_after > $2 returning 1`, [commandId, this.clock.now()]];
  }

  /**
   * What the next order to this scooter needs, asked for beforehand: the scooter is held, and an order may follow. A
   * number that is not used is no loss, the scooter only wants them to rise.
   */
  async ready(tx: EntityManager, scooterId: ScooterId): Promise<void> {
    if (this.orders.get(tx)?.scooterId === scooterId) return;
    const next = this.credentials.nextOrder(tx, scooterId);
    this.orders.set(tx, { scooterId, next });
    // Whether it may be ordered at all is told to who orders.
    await next.catch(() => undefined);
  }

  /** The command an answer is to, and all that its settling will move, locked before the answer is judged. */
  async expect(tx: EntityManager, scooterId: ScooterId, { commandId }: CommandAnswer): Promise<void> {
    const asked = tx.query<Asked[]>(ASKED, [commandId, scooterId]);
    this.asked.set(tx, { commandId, asked });
    await together(asked, this.outbox.hold(tx, 'command.done', { scooterId, commandId: commandId as CommandId }));
  }

  /** Marks waiting commands as sent and signs them. What is claimed here is published once or never. */
  async claim(tx: EntityManager): Promise<Command[]> {
    const now = this.clock.now();
    const waiting = await tx
      .createQueryBuilder(CommandEntity, 'command')
      .where(`command.state = 'queued' and command.notAfter > :now`, { now })
      .orderBy('command.createdAt')
      .addOrderBy('command.nonce')
      .limit(AT_ONCE)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
    if (waiting.length === 0) return [];
    const keys = await this.credentials.keysOf(tx, waiting.map(({ scooterId }) => scooterId));
    await tx.update(CommandEntity, { id: In(waiting.map(({ id }) => id)) }, { state: 'sent', sentAt: now });
    return waiting.flatMap(({ id, scooterId, kind, nonce, notAfter }) => {
      const key = keys.get(scooterId);
      return key === undefined ? [] : [signCommand(key, { commandId: id, scooterId, kind, nonce, notAfter: notAfter.getTime() })];
    });
  }

  /** Nobody answered. What happened out there is unknown, and stays so until the scooter speaks. */
  async expireSilent(tx: EntityManager): Promise<boolean> {
    const silent = await tx
      .createQueryBuilder(CommandEntity, 'command')
      .where(`command.state in ('queued', 'sent') and command.notAfter < :due`, { due: this.clock.inReal(-GRACE_SECONDS) })
      .orderBy('command.notAfter')
      .limit(AT_ONCE)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
    for (const command of silent) await this.expire(tx, command);
    return silent.length > 0;
  }

  /** For commands that could not leave: waiting for their deadline would only keep a person waiting. */
  async expireUnsent(tx: EntityManager, commandIds: readonly string[]): Promise<void> {
    const unsent = await tx
      .createQueryBuilder(CommandEntity, 'command')
      .where(`command.id = any(:commandIds) and command.state = 'sent'`, { commandIds })
      .setLock('pessimistic_write')
      .getMany();
    for (const command of unsent) await this.expire(tx, command);
  }

  /** Takes the scooter's answer in any state that is not settled; false when it changes nothing. */
  async answer(tx: EntityManager, scooterId: ScooterId, answer: CommandAnswer, receivedAt: Date): Promise<boolean> {
    const expected = this.asked.get(tx);
    const isExpected = expected?.commandId === answer.commandId;
    const [command] = await (isExpected ? expected.asked : tx.query<Asked[]>(ASKED, [answer.commandId, scooterId]));
    if (!command || (answer.kind === 'command_done' && answer.command !== command.kind)) return false;
    const verdict = verdictOf(answer);
    const state = commandStates.after(command.state, verdict.step);
    if (state === null) return false;

    const refusal = verdict.step === 'refuse' ? verdict.reason : null;
    unawaited(tx.query('update commands set state = $2, refusal = $3, settled_at = $4 where id = $1', [command.id, state, refusal, receivedAt]));
    const told = { commandId: command.id, scooterId, kind: command.kind, late: isLate(state), sensors: answer.sensors };
    if (verdict.step === 'refuse') await this.outbox.publish(tx, 'command.refused', scooterId, { ...told, reason: verdict.reason });
    else {
      // No command is obeyed before it exists, whatever the timer of a broken unit says: this instant is billed.
      const at = new Date(Math.max(command.createdAt.getTime(), receivedAt.getTime() - answer.ageMs)).toISOString();
      await this.outbox.publish(tx, 'command.done', scooterId, { ...told, at, fix: placeInAnswer(answer) });
    }
    this.metrics.command(command.kind, state);
    this.metrics.answered(command.kind, command.sentAt, receivedAt);
    return true;
  }

  /** Whether somebody of ours had asked for it when it happened. */
  async wasGiven(tx: EntityManager, scooterId: ScooterId, kind: CommandKind, at: Date): Promise<boolean> {
    const graceMs = GRACE_SECONDS * this.clock.speed * 1000;
    const [row] = await tx.query<unknown[]>(
      'select 1 from commands where scooter_id = $1 and kind = $2 and created_at <= $3 and not_after >= $4 limit 1',
      [scooterId, kind, new Date(at.getTime() + graceMs), new Date(at.getTime() - graceMs)]);
    return row !== undefined;
  }

  isUnderWay(tx: EntityManager, scooterId: ScooterId): Promise<boolean> {
    return tx.existsBy(CommandEntity, { scooterId, state: In(['queued', 'sent']) });
  }

  async followsUnlock(tx: EntityManager, commandId: CommandId, given: readonly CommandId[]): Promise<boolean> {
    const unlock = await tx.findOne(CommandEntity, { where: { id: In([...given]), kind: 'unlock' }, order: { nonce: 'desc' } });
    return unlock !== null && (await tx.existsBy(CommandEntity, { id: commandId, nonce: MoreThan(unlock.nonce) }));
  }

  /** Whom we tell nothing any more we do not believe either. */
  isRevoked(tx: EntityManager, scooterId: ScooterId): Promise<boolean> {
    return this.credentials.isRevoked(tx, scooterId);
  }

  past(tx: EntityManager, scooterId: ScooterId): Promise<PastCommand[]> {
    return tx.find(CommandEntity, {
      select: { kind: true, state: true, nonce: true, refusal: true }, where: { scooterId }, order: { nonce: 'desc' }, take: LOOKED_BACK,
    });
  }

  /** Newest first; `before` is the nonce of the last one already seen. */
  page(tx: EntityManager, scooterId: ScooterId, before: number, limit: number): Promise<CommandEntity[]> {
    return tx.find(CommandEntity, { where: { scooterId, nonce: LessThan(before) }, order: { nonce: 'desc' }, take: limit });
  }

  private nextOrder(tx: EntityManager, scooterId: ScooterId): Promise<NextOrder> {
    const ready = this.orders.get(tx);
    this.orders.delete(tx);
    return ready?.scooterId === scooterId ? ready.next : this.credentials.nextOrder(tx, scooterId);
  }

  private async expire(tx: EntityManager, { id, scooterId, kind, state }: CommandEntity): Promise<void> {
    await tx.update(CommandEntity, { id }, { state: commandStates.mustStep(state, 'expire') });
    await this.outbox.publish(tx, 'command.expired', scooterId, { commandId: id, scooterId, kind });
    this.metrics.command(kind, 'expired');
  }
}

type NextOrder = Awaited<ReturnType<CredentialsService['nextOrder']>>;
type Asked = Pick<CommandEntity, 'id' | 'kind' | 'state' | 'createdAt' | 'sentAt'>;

const INSERT = `insert into commands (id, scooter_id, kind, state, nonce, requested_by, reason, not_after, created_at)
  values ($1, $2, $3, 'queued', $4, $5, $6, $7, $8)`;

const ASKED = `select id, kind, state, created_at as "createdAt", sent_at as "sentAt" from commands
  where id = $1 and scooter_id = $2 for update`;
