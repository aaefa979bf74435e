import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ZoneId } from '../platform/ids.js';
import type { Zone, ZoneKind, ZoneShape } from './zone.js';

@Entity('zones')
export class ZoneEntity implements Zone {
  @PrimaryColumn('uuid') id!: ZoneId;
  @Column('integer') version!: number;
  @Column('text') kind!: ZoneKind;
  @Column('text') name!: string;
  @Column('integer', { nullable: true }) priority!: number | null;
  @Column('integer', { nullable: true }) maxSpeedKmh!: number | null;
  @Column('jsonb') geometry!: ZoneShape;
  @Column('double precision') areaM2!: number;
  @Column('text') source!: string;
}
