import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';

@Entity('scooter_credentials')
export class ScooterCredentialEntity {
  @PrimaryColumn('uuid') scooterId!: ScooterId;
  /** The one the scooter has said it keeps, and we sign with. */
  @Column('text') commandKey!: string;
  @Column('text') passwordHash!: string;
  @Column('bigint', { transformer: { from: Number, to: (nonce: number) => nonce } }) lastNonce!: number;
  @Column('timestamptz') issuedAt!: Date;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
  /** Counts the telematics units this scooter has had; a new one counts its boots from 1 again. */
  @Column('integer') unit!: number;
  @Column('integer') keyId!: number;
  @Column('timestamptz', { nullable: true }) keyIssuedAt!: Date | null;
  @Column('text', { nullable: true }) nextCommandKey!: string | null;
  @Column('timestamptz', { nullable: true }) nextKeyOfferedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) nextKeyDueAt!: Date | null;
  @Column('timestamptz', { nullable: true }) lastOrderAt!: Date | null;
  /** The password in the words of a Mosquitto password file. */
  @Column('text', { nullable: true }) brokerHash!: string | null;
}
