// What people do with alerts: look, take one on, let it sleep, hand it to somebody, close it. Each act has its line in
// the audit log.
import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { StaffService } from '../accounts/staff.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../platform/actor.js';
import { Clock } from '../platform/clock.js';
import type { AlertId, StaffId } from '../platform/ids.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { AlertBookService } from './alert-book.service.js';
import { AlertEntity } from './alert.entity.js';
import type { AlertKind, Severity } from './alert-kinds.js';
import type { AlertState } from './alert-state.js';
import type { Alert } from './alert.js';

type Operator = Extract<Actor, { audience: 'operator' }>;
export interface AlertSlice {
  readonly state?: AlertState | undefined;
  readonly severity?: Severity | undefined;
  readonly kind?: AlertKind | undefined;
  readonly owner?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

@Injectable()
export class AlertsService {
  constructor(
    private readonly db: DataSource,
    private readonly book: AlertBookService,
    private readonly staff: StaffService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Newest first; `before` is the id of the last one already seen. */
  async page({ state, severity, kind, owner, before, limit }: AlertSlice): Promise<{ alerts: Alert[]; nextCursor: AlertId | null }> {
    const where: FindOptionsWhere<AlertEntity> = {};
    if (state !== undefined) where.state = state;
    if (severity !== undefined) where.severity = severity;
    if (kind !== undefined) where.kind = kind;
    if (owner !== undefined) where.owner = owner as StaffId;
    if (before !== undefined) where.id = LessThan(before as AlertId);
    const found = await this.db.manager.find(AlertEntity, { where, order: { id: 'desc' }, take: limit + 1 });
    const alerts = found.slice(0, limit);
    return { alerts, nextCursor: found.length > limit ? (alerts.at(-1)?.id ?? null) : null };
  }

  async read(id: AlertId): Promise<Alert> {
    return orRefuse(await this.db.manager.findOneBy(AlertEntity, { id }), 'alert_unknown');
  }

  /** Whoever takes it on is its owner. */
  acknowledge(operator: Operator, id: AlertId): Promise<Alert> {
    return this.act(operator, id, { action: 'alert.acknowledge', reason: 'taken on' }, (tx, alert) =>
      this.book.take(tx, alert, 'acknowledge', { owner: operator.staffId }));
  }

  snooze(operator: Operator, id: AlertId, { minutes, reason }: { minutes: number; reason: string }): Promise<Alert> {
    return this.act(operator, id, { action: 'alert.snooze', reason, details: { minutes } }, (tx, alert) =>
      this.book.take(tx, alert, 'snooze', { snoozedUntil: this.clock.in(minutes * 60), reason }));
  }

  close(operator: Operator, id: AlertId, reason: string): Promise<Alert> {
    return this.act(operator, id, { action: 'alert.close', reason }, (tx, alert) =>
      this.book.take(tx, alert, 'close', { closedBy: 'person', reason, owner: alert.owner ?? operator.staffId }));
  }

  /** Whose it is now; the state stays, because the new owner has not said anything yet. */
  async assign(operator: Operator, id: AlertId, owner: StaffId): Promise<Alert> {
    refuseIf((await this.staff.isInControlRoom(owner)) ? null : 'staff_unknown');
    return this.act(operator, id, { action: 'alert.assign', reason: 'handed over', details: { owner } }, async (tx, alert) => {
      refuseIf(alert.state === 'closed' ? 'step_not_allowed' : null, { state: alert.state, step: 'assign' });
      await tx.update(AlertEntity, { id }, { owner });
      return { ...alert, owner };
    });
  }

  private act(
    operator: Operator, id: AlertId, noted: { action: string; reason: string; details?: Record<string, unknown> },
    step: (tx: EntityManager, alert: Alert) => Promise<Alert>,
  ): Promise<Alert> {
    return this.db.transaction(async (tx) => {
      const alert = orRefuse(await tx.findOne(AlertEntity, { where: { id }, lock: { mode: 'pessimistic_write' } }), 'alert_unknown');
      await this.audit.note(tx, operator, { ...noted, subjectKind: 'alert', subjectId: id });
      return step(tx, alert);
    });
  }
}
