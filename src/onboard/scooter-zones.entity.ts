import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';
import type { HeldZones } from './behind.js';

@Entity('scooter_zones')
export class ScooterZonesEntity implements HeldZones {
  @PrimaryColumn('uuid') scooterId!: ScooterId;
  @Column('timestamptz') knownSince!: Date;
  @Column('integer', { nullable: true }) version!: number | null;
  @Column('timestamptz', { nullable: true }) keptAt!: Date | null;
  /** Why it did not take what it was given last; null when it did. */
  @Column('text', { nullable: true }) refused!: string | null;
  @Column('timestamptz', { nullable: true }) refusedAt!: Date | null;
}
