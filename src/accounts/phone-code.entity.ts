import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PhoneCode } from './phone-code.js';

@Entity('phone_codes')
export class PhoneCodeEntity implements PhoneCode {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') phone!: string;
  @Column('text') codeHash!: string;
  @Column('integer') triesLeft!: number;
  @Column('timestamptz') sentAt!: Date;
  @Column('timestamptz') expiresAt!: Date;
  @Column('timestamptz', { nullable: true }) usedAt!: Date | null;
}
