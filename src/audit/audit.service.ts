// Who looked at whom, and who ordered what, with the reason given. Rows are only ever added: the
// database refuses to change or delete them.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { actorName, type Actor } from '../platform/actor.js';
import { Clock } from '../platform/clock.js';
import { newId, type AuditId } from '../platform/ids.js';

export interface AuditEntry {
  readonly action: string;
  readonly subjectKind: 'rider' | 'ride' | 'scooter' | 'task' | 'zone' | 'tariff' | 'staff' | 'audit' | 'ledger' | 'release' | 'alert';
  readonly subjectId: string;
  readonly reason: string;
  readonly details?: Record<string, unknown>;
}

export interface AuditRow extends AuditEntry {
  readonly id: AuditId;
  readonly at: Date;
  readonly actor: string;
}

@Injectable()
export class AuditService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async note(tx: EntityManager, actor: Actor, entry: AuditEntry): Promise<void> {
    await tx.query(
      `insert into audit_entries (id, at, actor, action, subject_kind, subject_id, reason, details)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [newId<AuditId>(), this.clock.now(), actorName(actor), entry.action, entry.subjectKind, entry.subjectId, entry.reason, entry.details ?? {}],
    );
  }

  /** Newest first; `before` is the id of the last row already seen. */
  page(before: string | null, limit: number): Promise<AuditRow[]> {
    return this.db.query(
      `select id, at, actor, action, subject_kind as "subjectKind", subject_id as "subjectId", reason, details
         from audit_entries where $1::uuid is null or id < $1 order by id desc limit $2`,
      [before, limit],
    );
  }
}
