import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CommandId, ScooterId } from '../platform/ids.js';
import type { CommandState } from './command-state.js';
import type { CommandKind, Refused } from '../telematics/wire.js';

@Entity('commands')
export class CommandEntity {
  @PrimaryColumn('uuid') id!: CommandId;
  @Column('uuid') scooterId!: ScooterId;
  @Column('text') kind!: CommandKind;
  @Column('text') state!: CommandState;
  @Column('bigint', { transformer: { from: Number, to: (nonce: number) => nonce } }) nonce!: number;
  @Column('timestamptz') notAfter!: Date;
  @Column('text') requestedBy!: string;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('text', { nullable: true }) refusal!: Refused | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) sentAt!: Date | null;
  @Column('timestamptz', { nullable: true }) settledAt!: Date | null;
}
