import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PaymentId, RideId, RiderId } from '../platform/ids.js';
import type { Payment, PaymentPurpose } from './payment.js';
import type { PaymentState } from './payment-state.js';

@Entity('payments')
export class PaymentEntity implements Payment {
  @PrimaryColumn('uuid') id!: PaymentId;
  @Column('uuid') riderId!: RiderId;
  @Column('uuid') rideId!: RideId;
  @Column('integer') attempt!: number;
  @Column('text') purpose!: PaymentPurpose;
  @Column('text') state!: PaymentState;
  @Column('char', { length: 3 }) currency!: string;
  @Column('integer') amountCents!: number;
  @Column('integer', { nullable: true }) captureCents!: number | null;
  @Column('text') customerId!: string;
  @Column('text') paymentMethodId!: string;
  @Column('text') idempotencyKey!: string;
  @Column('text', { nullable: true }) paymentIntentId!: string | null;
  @Column('text', { nullable: true }) refusal!: string | null;
  @Column('timestamptz', { nullable: true }) unknownSince!: Date | null;
  @Column('integer') tries!: number;
  @Column('timestamptz') nextTryAt!: Date;
  @Column('timestamptz', { nullable: true }) leasedUntil!: Date | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) settledAt!: Date | null;
}
