import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';
import type { UpdateReason, UpdateState } from './update-state.js';

@Entity('scooter_updates')
export class ScooterUpdateEntity {
  @PrimaryColumn('text') release!: string;
  @PrimaryColumn('uuid') scooterId!: ScooterId;
  @Column('text') state!: UpdateState;
  @Column('text', { nullable: true }) reason!: UpdateReason | null;
  @Column('integer', { default: 0 }) attempts!: number;
  @Column('timestamptz') chosenAt!: Date;
  @Column('timestamptz', { nullable: true }) offeredAt!: Date | null;
  @Column('timestamptz', { nullable: true }) lastOfferAt!: Date | null;
  @Column('timestamptz') nextOfferAt!: Date;
  @Column('timestamptz', { nullable: true }) settledAt!: Date | null;
}
