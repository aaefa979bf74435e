import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RiderId } from '../platform/ids.js';

@Entity('cards')
export class CardEntity {
  @PrimaryColumn('uuid') riderId!: RiderId;
  @Column('text') paymentMethodId!: string;
  @Column('text') setupIntentId!: string;
  @Column('text') brand!: string;
  @Column('text') last4!: string;
  @Column('timestamptz') savedAt!: Date;
}
