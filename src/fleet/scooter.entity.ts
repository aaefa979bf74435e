import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';
import type { Scooter, ScooterState, Sensors } from './scooter.js';

/** PostgreSQL sends bigint as text; a scooter does not count beyond what JavaScript counts exactly. */
const count = { from: (text: string) => Number(text), to: (value: number) => value };

@Entity('scooters')
export class ScooterEntity implements Scooter {
  @PrimaryColumn('uuid') id!: ScooterId;
  @Column('text') plate!: string;
  @Column('text') vin!: string;
  @Column('text') state!: ScooterState;
  @Column('timestamptz', { nullable: true }) unsureSince!: Date | null;
  @Column('boolean') needsSwap!: boolean;
  @Column('boolean') rangeUnknown!: boolean;
  @Column('boolean') connected!: boolean;
  @Column('timestamptz', { nullable: true }) connectionChangedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) lastSeenAt!: Date | null;
  @Column('double precision', { nullable: true }) rangeKm!: number | null;
  @Column('double precision', { nullable: true }) chargePercent!: number | null;
  @Column('text', { nullable: true }) batterySerial!: string | null;
  @Column('integer') odometerM!: number;
  @Column('jsonb', { nullable: true }) sensors!: Sensors | null;
  @Column('double precision', { nullable: true }) latitude!: number | null;
  @Column('double precision', { nullable: true }) longitude!: number | null;
  @Column('double precision', { nullable: true }) accuracyM!: number | null;
  @Column('timestamptz', { nullable: true }) positionAt!: Date | null;
  @Column('integer') boot!: number;
  @Column('bigint', { transformer: count }) seq!: number;
  @Column('timestamptz') createdAt!: Date;
}
