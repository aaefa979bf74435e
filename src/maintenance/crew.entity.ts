import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CrewId } from '../platform/ids.js';
import type { Crew } from './crew.js';

@Entity('crews')
export class CrewEntity implements Crew {
  @PrimaryColumn('uuid') id!: CrewId;
  @Column('text') name!: string;
  @Column('double precision') hubLatitude!: number;
  @Column('double precision') hubLongitude!: number;
  @Column('boolean') onShift!: boolean;
  @Column('timestamptz', { nullable: true }) shiftChangedAt!: Date | null;
  @Column('integer') fullPacks!: number;
  @Column('integer') emptyPacks!: number;
}
