import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StaffRole } from '../platform/actor.js';
import type { CrewId, StaffId } from '../platform/ids.js';

@Entity('staff_members')
export class StaffMemberEntity {
  @PrimaryColumn('uuid') id!: StaffId;
  @Column('text') email!: string;
  @Column('text') name!: string;
  @Column('text') passwordHash!: string;
  @Column('text') role!: StaffRole | 'crew';
  @Column('uuid', { nullable: true }) crewId!: CrewId | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) disabledAt!: Date | null;
}
