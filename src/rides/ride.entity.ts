import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RefusalCode } from '../errors.js';
import type { CommandId, RideId, RiderId, ScooterId } from '../platform/ids.js';
import type { FareLine } from '../pricing/fare.js';
import type { Tariff } from '../pricing/tariff.js';
import type { RideState } from './ride-state.js';
import type { EndedBy, Ride, RideRefusal } from './ride.js';

@Entity('rides')
export class RideEntity implements Ride {
  @PrimaryColumn('uuid') id!: RideId;
  @Column('uuid') riderId!: RiderId;
  @Column('uuid') scooterId!: ScooterId;
  @Column('text') state!: RideState;
  @Column('jsonb') tariff!: Tariff;
  @Column('integer') zoneVersion!: number;
  @Column('uuid', { nullable: true }) commandId!: CommandId | null;
  @Column('timestamptz') requestedAt!: Date;
  @Column('timestamptz', { nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) endAskedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) endedAt!: Date | null;
  @Column('text', { nullable: true }) endedBy!: EndedBy | null;
  @Column('text', { nullable: true }) endedDespite!: RefusalCode | null;
  @Column('integer') endTries!: number;
  @Column('boolean') pausedBeforeEnd!: boolean;
  @Column('jsonb', { nullable: true }) refusal!: RideRefusal | null;
  @Column('text', { nullable: true }) failure!: RefusalCode | null;
  @Column('integer', { nullable: true }) fareCents!: number | null;
  @Column('jsonb', { nullable: true }) fareLines!: readonly FareLine[] | null;
  @Column('integer', { nullable: true }) startOdometerM!: number | null;
  @Column('integer', { nullable: true }) distanceM!: number | null;
  @Column('double precision', { nullable: true }) startLatitude!: number | null;
  @Column('double precision', { nullable: true }) startLongitude!: number | null;
  @Column('double precision', { nullable: true }) endLatitude!: number | null;
  @Column('double precision', { nullable: true }) endLongitude!: number | null;
}
