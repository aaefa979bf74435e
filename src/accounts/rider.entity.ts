import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RiderId } from '../platform/ids.js';
import type { LicenceClass, LicenceState } from './licence.js';
import type { RiderState } from './rider-state.js';
import type { Rider } from './rider.js';

@Entity('riders')
export class RiderEntity implements Rider {
  @PrimaryColumn('uuid') id!: RiderId;
  @Column('text') state!: RiderState;
  @Column('text') firstName!: string;
  @Column('text') lastName!: string;
  @Column('text') email!: string;
  @Column('text') phone!: string;
  @Column('date') birthDate!: string;
  @Column('text') language!: 'fr' | 'en';
  @Column('text') licenceState!: LicenceState;
  @Column('text', { nullable: true }) licenceClass!: LicenceClass | null;
  @Column('text', { nullable: true }) licenceNumber!: string | null;
  @Column('date', { nullable: true }) licenceIssuedOn!: string | null;
  @Column('text', { nullable: true }) licenceRefusal!: string | null;
  @Column('text', { nullable: true }) suspendedBecause!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) verifiedAt!: Date | null;
}
