import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CommandId, CrewId, ScooterId, TaskId } from '../platform/ids.js';
import type { BayAnswer, Proof, Task, TaskKind } from './task.js';
import type { TaskState } from './task-state.js';

@Entity('tasks')
export class TaskEntity implements Task {
  @PrimaryColumn('uuid') id!: TaskId;
  @Column('text') kind!: TaskKind;
  @Column('uuid') scooterId!: ScooterId;
  @Column('text') state!: TaskState;
  @Column('uuid', { nullable: true }) crewId!: CrewId | null;
  @Column('timestamptz') openedAt!: Date;
  @Column('timestamptz') dueAt!: Date;
  @Column('double precision', { nullable: true }) openedRangeKm!: number | null;
  @Column('double precision', { nullable: true }) latitude!: number | null;
  @Column('double precision', { nullable: true }) longitude!: number | null;
  @Column('timestamptz', { nullable: true }) arrivedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) resolvedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) verifiedAt!: Date | null;
  @Column('uuid', { nullable: true }) commandId!: CommandId | null;
  @Column('text', { nullable: true }) bay!: BayAnswer | null;
  @Column('text', { nullable: true }) serialOut!: string | null;
  @Column('text', { nullable: true }) serialIn!: string | null;
  @Column('jsonb', { nullable: true }) proof!: Proof | null;
  @Column('text', { nullable: true }) note!: string | null;
}
