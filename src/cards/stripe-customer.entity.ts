import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RiderId } from '../platform/ids.js';

@Entity('stripe_customers')
export class StripeCustomerEntity {
  @PrimaryColumn('uuid') riderId!: RiderId;
  @Column('text') customerId!: string;
  @Column('timestamptz') createdAt!: Date;
}
