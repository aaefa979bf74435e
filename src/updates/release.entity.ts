import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RolloutState, Stage } from './rollout-state.js';

@Entity('releases')
export class ReleaseEntity {
  @PrimaryColumn('text') name!: string;
  @Column('text') state!: RolloutState;
  /** How far it has come, also while it is halted. */
  @Column('text', { nullable: true }) stage!: Stage | null;
  @Column('text') sha256!: string;
  @Column('integer') sizeBytes!: number;
  @Column('text') notes!: string;
  @Column('text') uploadedBy!: string;
  @Column('timestamptz') uploadedAt!: Date;
  @Column('timestamptz') stateSince!: Date;
  /** Failures before this instant were seen by a person who let it go on. */
  @Column('timestamptz', { nullable: true }) countFrom!: Date | null;
  @Column('text', { nullable: true }) whyHalted!: string | null;
}
