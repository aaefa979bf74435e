import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';

@Entity('scooter_credentials')
export class ScooterCredentialEntity {
  @PrimaryColumn('uuid') scooterId!: ScooterId;
  @Column('text') commandKey!: string;
  @Column('text') passwordHash!: string;
  @Column('bigint', { transformer: { from: Number, to: (nonce: number) => nonce } }) lastNonce!: number;
  @Column('timestamptz') issuedAt!: Date;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
}
