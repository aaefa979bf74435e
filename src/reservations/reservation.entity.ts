import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReservationId, RiderId, ScooterId } from '../platform/ids.js';
import type { Reservation, ReservationState } from './reservation.js';

@Entity('reservations')
export class ReservationEntity implements Reservation {
  @PrimaryColumn('uuid') id!: ReservationId;
  @Column('uuid') riderId!: RiderId;
  @Column('uuid') scooterId!: ScooterId;
  @Column('text') state!: ReservationState;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') expiresAt!: Date;
  @Column('timestamptz', { nullable: true }) endedAt!: Date | null;
}
