// The secret each scooter shares with us, and the number that makes every order to it a new one.
import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { In, IsNull, Not, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { orRefuse } from '../platform/refusal.js';
import { ANSWER_SECONDS } from './credential-rules.js';
import { passwordHash, SALT_BYTES } from './mosquitto-passwords.js';
import { ScooterCredentialEntity } from './scooter-credential.entity.js';

@Injectable()
export class CredentialsService {
  constructor(private readonly clock: Clock) {}

  /**
   * What of a password is kept: enough to know it again, at our own broker and at a Mosquitto, also when another
   * process than this one, or only a later one, keeps the accounts of that.
   */
  keptOf(password: string): { passwordHash: string; brokerHash: string } {
    return {
      passwordHash: createHash('sha256').update(password).digest('hex'),
      brokerHash: passwordHash(password, randomBytes(SALT_BYTES)),
    };
  }

  /** The keys the scooters have said they keep. */
  async keysOf(tx: EntityManager, scooterIds: readonly ScooterId[]): Promise<Map<ScooterId, string>> {
    const credentials = await tx.findBy(ScooterCredentialEntity, { scooterId: In([...scooterIds]) });
    return new Map(credentials.map(({ scooterId, commandKey }) => [scooterId, commandKey]));
  }

  /**
   * The number of the next order, and the key it is signed with. No number is given twice: the row stays locked until
   * the order is committed or never was. None is given to whom we no longer know, nor in the moment a new key is
   * under way, when nobody knows which of the two the scooter obeys.
   */
  async nextOrder(tx: EntityManager, scooterId: ScooterId): Promise<{ nonce: number; key: string }> {
    const [rows] = await tx.query<[{ nonce: string; key: string }[], number]>(
      `update scooter_credentials set last_nonce = last_nonce + 1, last_order_at = $2
        where scooter_id = $1 and revoked_at is null and (next_key_offered_at is null or next_key_offered_at < $3)
        returning last_nonce as nonce, command_key as key`,
      [scooterId, this.clock.now(), this.clock.inReal(-ANSWER_SECONDS)],
    );
    const { nonce, key } = orRefuse(rows[0], 'scooter_offline', { scooterId });
    return { nonce: Number(nonce), key };
  }

  /** By the database and not by heart: with the scooter's row held, it cannot become so meanwhile. */
  async isRevoked(tx: EntityManager, scooterId: ScooterId): Promise<boolean> {
    return tx.exists(ScooterCredentialEntity, { where: { scooterId, revokedAt: Not(IsNull()) } });
  }

  /** Locks the row, after that of the scooter. */
  async hold(tx: EntityManager, scooterId: ScooterId): Promise<ScooterCredentialEntity> {
    const found = await tx.findOne(ScooterCredentialEntity, { where: { scooterId }, lock: { mode: 'pessimistic_write' } });
    return orRefuse(found, 'scooter_unknown', { scooterId });
  }

  /** Once this is committed, every process of the service looks at once who may come in and what is to be offered. */
  async callOut(tx: EntityManager): Promise<void> {
    await tx.query(`select pg_notify('credentials', '')`);
  }

  /** Each secret once in the life of the fleet, also long after it was changed. @throws when one was given before. */
  async spend(tx: EntityManager, given: readonly { scooterId: ScooterId; secret: string }[]): Promise<void> {
    const digests = given.map(({ secret }) => createHash('sha256').update(secret).digest('hex'));
    await tx.query(
      'insert into spent_secrets (digest, scooter_id, given_at) select digest, scooter_id, $3 from unnest($1::text[], $2::uuid[]) as g (digest, scooter_id)',
      [digests, given.map(({ scooterId }) => scooterId), this.clock.now()],
    );
  }
}
