// The secret each scooter shares with us, and the number that makes every order to it a new one.
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';
import { orRefuse } from '../platform/refusal.js';
import { ScooterCredentialEntity } from './scooter-credential.entity.js';

@Injectable()
export class CredentialsService {
  async keysOf(tx: EntityManager, scooterIds: readonly ScooterId[]): Promise<Map<ScooterId, string>> {
    const credentials = await tx.findBy(ScooterCredentialEntity, { scooterId: In([...scooterIds]) });
    return new Map(credentials.map(({ scooterId, commandKey }) => [scooterId, commandKey]));
  }

  /** Never given twice: the row stays locked until the order is committed or never was. */
  async nextNonce(tx: EntityManager, scooterId: ScooterId): Promise<number> {
    const [rows] = await tx.query<[{ nonce: string }[], number]>(
      `update scooter_credentials set last_nonce = last_nonce + 1
        where scooter_id = $1 and revoked_at is null returning last_nonce as nonce`,
      [scooterId],
    );
    return Number(orRefuse(rows[0], 'scooter_offline', { scooterId }).nonce);
  }
}
