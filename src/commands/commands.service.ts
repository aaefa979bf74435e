// The rows of what we told the scooters: claimed once, answered or expired, told to the rest of the city.
import { Injectable } from '@nestjs/common';
import { In, LessThan, MoreThan, type EntityManager } from 'typeorm';
import { CredentialsService } from '../identity/credentials.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type CommandId, type ScooterId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
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

export interface Order {
  readonly scooterId: ScooterId;
  readonly kind: CommandKind;
  /** Who wants it, as in `actorName`, or the part of the service that does. */
  readonly requestedBy: string;
  readonly reason?: string;
}

@Injectable()
export class CommandsService {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
    private readonly metrics: LinkMetricsService,
  ) {}

  async queue(tx: EntityManager, { scooterId, kind, requestedBy, reason }: Order): Promise<CommandId> {
    const nonce = await this.credentials.nextNonce(tx, scooterId);
    const id = newId<CommandId>();
    await tx.insert(CommandEntity, {
      id, scooterId, kind, state: 'queued', nonce, requestedBy, reason: reason ?? null,
      notAfter: this.clock.inReal(COMMAND_LIVES_SECONDS), createdAt: this.clock.now(),
    });
    await tx.query(`select pg_notify('commands', '')`);
    return id;
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
    const command = await tx.findOne(CommandEntity, {
      where: { id: answer.commandId as CommandId, scooterId }, lock: { mode: 'pessimistic_write' },
    });
    if (!command || (answer.kind === 'command_done' && answer.command !== command.kind)) return false;
    const verdict = verdictOf(answer);
    const state = commandStates.after(command.state, verdict.step);
    if (state === null) return false;

    const refusal = verdict.step === 'refuse' ? verdict.reason : null;
    await tx.update(CommandEntity, { id: command.id }, { state, refusal, settledAt: receivedAt });
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

  isUnderWay(tx: EntityManager, scooterId: ScooterId): Promise<boolean> {
    return tx.existsBy(CommandEntity, { scooterId, state: In(['queued', 'sent']) });
  }

  async followsUnlock(tx: EntityManager, commandId: CommandId, given: readonly CommandId[]): Promise<boolean> {
    const unlock = await tx.findOne(CommandEntity, { where: { id: In([...given]), kind: 'unlock' }, order: { nonce: 'desc' } });
    return unlock !== null && (await tx.existsBy(CommandEntity, { id: commandId, nonce: MoreThan(unlock.nonce) }));
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

  private async expire(tx: EntityManager, { id, scooterId, kind, state }: CommandEntity): Promise<void> {
    await tx.update(CommandEntity, { id }, { state: commandStates.mustStep(state, 'expire') });
    await this.outbox.publish(tx, 'command.expired', scooterId, { commandId: id, scooterId, kind });
    this.metrics.command(kind, 'expired');
  }
}
