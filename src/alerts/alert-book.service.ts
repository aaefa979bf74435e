// The book of alerts: opened by what is seen, counted when it is seen again, closed when it is over. One row per
// trouble; when a kind of trouble befalls the fleet, one row for the fleet.
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan, Not, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type AlertId, type ScooterId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import type { Alert, AlertDetails, Sighting } from './alert.js';
import { AlertEntity } from './alert.entity.js';
import { LINK_BACK_AFTER_SECONDS, mayBeOfFleet, QUIET_MINUTES, ruleOf, severityOf, type AlertKind, type Severity } from './alert-kinds.js';
import { alertStates, type AlertStep } from './alert-state.js';
import { isFleetWide, TOGETHER_MINUTES } from './fleet-wide.js';

type Changes = Partial<Pick<Alert, 'owner' | 'snoozedUntil' | 'reason' | 'closedBy' | 'closedAt'>>;
interface Opening {
  readonly kind: AlertKind;
  readonly scooterId: ScooterId | null;
  readonly severity: Severity;
  readonly times: number;
  readonly details: AlertDetails;
}

@Injectable()
export class AlertBookService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly fleet: FleetService,
    private readonly outbox: OutboxService,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  /** Opens the transaction, for jobs. */
  noteNow(sighting: Sighting): Promise<void> {
    return this.db.transaction((tx) => this.note(tx, sighting));
  }

  /** Opens the transaction. A trouble of the whole fleet, or of our own line. */
  noteOfFleetNow(kind: AlertKind, times: number): Promise<void> {
    return this.db.transaction((tx) => this.noteOfFleet(tx, kind, times));
  }

  /** Opens the transaction. It is over by itself, unless somebody has closed it meanwhile. */
  closeNow({ id }: Alert, reason: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      const alert = await tx.findOneOrFail(AlertEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (alert.state !== 'closed') await this.take(tx, alert, 'close', { closedBy: 'auto', reason });
    });
  }

  /** Opens the transaction. Its sleep is over, and it is not. */
  wakeNow({ id }: Alert): Promise<void> {
    return this.db.transaction(async (tx) => {
      const alert = await tx.findOneOrFail(AlertEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (alert.state === 'snoozed') await this.take(tx, alert, 'wake');
    });
  }

  /** Seen once more. What is new opens a row, unless it belongs to a trouble of the whole fleet. */
  async note(tx: EntityManager, { kind, scooterId, isRidden, details = {} }: Sighting): Promise<void> {
    if (await this.again(tx, kind, scooterId, { times: 1, details })) return;
    // The scooter first, as everybody: a row that names it needs its row.
    await this.fleet.hold(tx, scooterId);
    await this.queueUp(tx, kind);
    if (mayBeOfFleet(kind)) {
      if (await this.again(tx, kind, null, { times: 1, details: {} })) return;
      if (await this.befallsFleet(tx, kind)) return this.noteOfFleet(tx, kind, 1);
    }
    await this.open(tx, { kind, scooterId, severity: severityOf(kind, isRidden), times: 1, details });
  }

  /** Of the fleet, goes on: nothing new, but not over either. */
  async goesOn({ id }: Alert): Promise<void> {
    await this.db.manager.update(AlertEntity, { id }, { lastSeenAt: this.clock.now() });
  }

  /** Each process knows its own line only, so it is up when nobody has said for a while that it is down. */
  isLinkUp({ lastSeenAt }: Alert): boolean {
    return lastSeenAt <= this.clock.inReal(-LINK_BACK_AFTER_SECONDS);
  }

  /** What the scooter itself said is the end of it. */
  async isOver(tx: EntityManager, kind: AlertKind, scooterId: ScooterId, reason: string): Promise<void> {
    const alert = await tx.findOne(AlertEntity, { where: { kind, scooterId, state: Not('closed') }, lock: { mode: 'pessimistic_write' } });
    if (alert) await this.take(tx, alert, 'close', { closedBy: 'auto', reason });
  }

  /** Those whose row of this kind is not closed, or was closed by a person since `since` who had seen enough of it. */
  async settledAmong(kind: AlertKind, spells: readonly { id: ScooterId; since: Date }[]): Promise<Set<ScooterId>> {
    const rows = await this.db.query<{ id: ScooterId }[]>(
      `select s.id from unnest($2::uuid[], $3::timestamptz[]) as s (id, since)
        where exists (select 1 from alerts a where a.scooter_id = s.id and a.kind = $1
                         and (a.state <> 'closed' or (a.closed_by = 'person' and a.opened_at >= s.since)))`,
      [kind, spells.map(({ id }) => id), spells.map(({ since }) => since)]);
    return new Set(rows.map(({ id }) => id));
  }

  ofFleet(kind: AlertKind): Promise<Alert | null> {
    return this.db.manager.findOneBy(AlertEntity, { kind, scooterId: IsNull(), state: Not('closed') });
  }

  /** Everything that is not closed, for looking whether it is over. */
  allOpen(): Promise<Alert[]> {
    return this.db.manager.find(AlertEntity, { where: { state: Not('closed') }, order: { id: 'asc' } });
  }

  /** Takes one step of the table and does what follows from it. */
  async take(tx: EntityManager, alert: Alert, step: AlertStep, changes: Changes = {}): Promise<Alert> {
    const state = alertStates.mustStep(alert.state, step);
    const over = state === 'closed' ? { closedAt: this.clock.now() } : {};
    const after: Alert = { ...alert, snoozedUntil: null, ...changes, ...over, state };
    const { owner, snoozedUntil, closedAt, closedBy, reason } = after;
    await tx.update(AlertEntity, { id: alert.id }, { state, owner, snoozedUntil, closedAt, closedBy, reason });
    const { id: alertId, kind, scooterId, severity } = alert;
    if (state === 'closed') await this.outbox.publish(tx, 'alert.closed', alertId, { alertId, kind, scooterId, by: closedBy ?? 'auto' });
    if (step === 'wake') await this.outbox.publish(tx, 'alert.opened', alertId, { alertId, kind, severity, scooterId });
    return after;
  }

  private async noteOfFleet(tx: EntityManager, kind: AlertKind, times: number): Promise<void> {
    await this.queueUp(tx, kind);
    if (await this.again(tx, kind, null, { times, details: {} })) return;
    if (await this.wasSettledOfFleet(tx, kind)) return;
    const lately = await this.openedLately(tx, kind);
    for (const alert of lately) await this.take(tx, alert, 'close', { closedBy: 'auto', reason: 'It is part of a trouble of the whole fleet.' });
    // A thousand small troubles are a large one.
    const severity = ruleOf(kind).severity === 'info' ? 'warning' : 'critical';
    await this.open(tx, { kind, scooterId: null, severity, times: times + lately.length, details: {} });
  }

  /** Who opens alerts of one kind waits for the other who does, so that a storm is counted and not raced. */
  private async queueUp(tx: EntityManager, kind: AlertKind): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 4))', [kind]);
  }

  /** After a person has closed the row of the fleet, what is seen but once is told by itself again. */
  private async befallsFleet(tx: EntityManager, kind: AlertKind): Promise<boolean> {
    const lately = await this.openedLately(tx, kind);
    return isFleetWide(lately.length + 1, await this.fleet.size()) && !(await this.wasSettledOfFleet(tx, kind));
  }

  /** A person has seen enough of it for now. */
  private wasSettledOfFleet(tx: EntityManager, kind: AlertKind): Promise<boolean> {
    return tx.existsBy(AlertEntity, { kind, scooterId: IsNull(), closedBy: 'person', closedAt: MoreThan(this.clock.in(-QUIET_MINUTES * 60)) });
  }

  /** Counts it on the row that is not closed, if there is one. */
  private async again(
    tx: EntityManager, kind: AlertKind, scooterId: ScooterId | null, seen: { times: number; details: AlertDetails },
  ): Promise<boolean> {
    const [, count] = await tx.query<[unknown[], number]>(
      `update alerts set times = times + $3, last_seen_at = $4, details = details || $5
        where kind = $1 and scooter_id is not distinct from $2 and state <> 'closed'`,
      [kind, scooterId, seen.times, this.clock.now(), seen.details]);
    return count > 0;
  }

  private openedLately(tx: EntityManager, kind: AlertKind): Promise<Alert[]> {
    return tx
      .createQueryBuilder(AlertEntity, 'a')
      .where(`a.kind = :kind and a.state = 'open' and a.scooterId is not null`, { kind })
      .andWhere('a.openedAt > :since', { since: this.clock.in(-TOGETHER_MINUTES * 60) })
      .setLock('pessimistic_write')
      .getMany();
  }

  /** The unique index has the last word: who comes second counts on the row of the first. */
  private async open(tx: EntityManager, { kind, scooterId, severity, times, details }: Opening): Promise<void> {
    const [opened] = await tx.query<{ id: AlertId; times: number }[]>(
      `insert into alerts (id, kind, scooter_id, severity, state, opened_at, last_seen_at, times, details)
       values ($1, $2, $3, $4, 'open', $5, $5, $6, $7)
       on conflict (scooter_id, kind) where state <> 'closed'
       do update set times = alerts.times + excluded.times, last_seen_at = excluded.last_seen_at returning id, times`,
      [newId<AlertId>(), kind, scooterId, severity, this.clock.now(), times, details]);
    if (opened?.times !== times) return;
    await this.outbox.publish(tx, 'alert.opened', opened.id, { alertId: opened.id, kind, severity, scooterId });
  }
}
