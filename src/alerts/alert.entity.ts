import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AlertId, ScooterId, StaffId } from '../platform/ids.js';
import type { Alert, AlertDetails } from './alert.js';
import type { AlertKind, Severity } from './alert-kinds.js';
import type { AlertState } from './alert-state.js';

@Entity('alerts')
export class AlertEntity implements Alert {
  @PrimaryColumn('uuid') id!: AlertId;
  @Column('text') kind!: AlertKind;
  @Column('uuid', { nullable: true }) scooterId!: ScooterId | null;
  @Column('text') severity!: Severity;
  @Column('text') state!: AlertState;
  @Column('uuid', { nullable: true }) owner!: StaffId | null;
  @Column('timestamptz') openedAt!: Date;
  @Column('timestamptz') lastSeenAt!: Date;
  @Column('integer') times!: number;
  @Column('timestamptz', { nullable: true }) snoozedUntil!: Date | null;
  @Column('timestamptz', { nullable: true }) closedAt!: Date | null;
  @Column('text', { nullable: true }) closedBy!: 'auto' | 'person' | null;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('jsonb') details!: AlertDetails;
}
