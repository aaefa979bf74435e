import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';

@Entity('scooter_doubts')
export class ScooterDoubtsEntity {
  @PrimaryColumn('uuid') scooterId!: ScooterId;
  @Column('bigint', { transformer: { from: Number, to: (count: number) => count } }) missingNumbers!: number;
  @Column('text', { nullable: true }) clock!: string | null;
  @Column('double precision', { nullable: true }) clockSkewS!: number | null;
  @Column('timestamptz', { nullable: true }) clockJudgedAt!: Date | null;
  @Column('integer') suspectPlaces!: number;
  @Column('double precision', { nullable: true }) suspectLatitude!: number | null;
  @Column('double precision', { nullable: true }) suspectLongitude!: number | null;
  @Column('double precision', { nullable: true }) suspectAccuracyM!: number | null;
  @Column('timestamptz', { nullable: true }) suspectAt!: Date | null;
}
