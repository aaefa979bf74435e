import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DebtId, RideId, RiderId } from '../platform/ids.js';

@Entity('debts')
export class DebtEntity {
  @PrimaryColumn('uuid') id!: DebtId;
  @Column('uuid') riderId!: RiderId;
  @Column('uuid') rideId!: RideId;
  @Column('char', { length: 3 }) currency!: string;
  @Column('integer') amountCents!: number;
  @Column('text') state!: 'open' | 'paid';
  @Column('timestamptz') openedAt!: Date;
  @Column('timestamptz', { nullable: true }) paidAt!: Date | null;
}
