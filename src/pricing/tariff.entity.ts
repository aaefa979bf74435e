import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TariffId } from '../platform/ids.js';
import type { Tariff } from './tariff.js';

/** Rides freeze tariffs as JSON, so the instant is text as soon as it leaves the database. */
const isoInstant = { from: (at: Date): string => at.toISOString(), to: (at: unknown): unknown => at };

@Entity('tariffs')
export class TariffEntity implements Tariff {
  @PrimaryColumn('uuid') id!: TariffId;
  @Column('text') name!: string;
  @Column('char', { length: 3 }) currency!: 'EUR';
  @Column('integer') rideMinuteCents!: number;
  @Column('integer') pauseMinuteCents!: number;
  @Column('integer') unlockCents!: number;
  @Column('integer') minimumCents!: number;
  @Column('integer') dayCapCents!: number;
  @Column('integer') holdCents!: number;
  @Column('integer') graceSeconds!: number;
  @Column('integer') graceMeters!: number;
  @Column('integer') taxPercent!: number;
  @Column('timestamptz', { transformer: isoInstant }) inForceFrom!: string;
  @Column('text') createdBy!: string;
  @Column('timestamptz') createdAt!: Date;
}
