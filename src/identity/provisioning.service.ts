// New scooters: each gets a command key and a password of its own, and is not for riders until it has
// spoken and said that it is locked.
import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import type { Actor } from '../platform/actor.js';
import { invariant } from '../platform/assert.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type ScooterId } from '../platform/ids.js';
import { isKnownDefault } from './known-keys.js';
import { ScooterCredentialEntity } from './scooter-credential.entity.js';

export interface NewScooter {
  readonly id: ScooterId;
  readonly plate: string;
  readonly vin: string;
  /** 256 bits, hex. */
  readonly commandKey: string;
  readonly password: string;
}

const LEAST_PASSWORD_LENGTH = 16;

@Injectable()
export class ProvisioningService {
  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @returns the credentials, which are shown this once; of the password we keep only a hash. */
  order(actor: Actor, wanted: readonly { plate: string; vin: string }[]): Promise<NewScooter[]> {
    const scooters = wanted.map(({ plate, vin }) => ({
      id: newId<ScooterId>(), plate, vin, commandKey: randomBytes(32).toString('hex'), password: randomBytes(32).toString('base64url'),
    }));
    return this.db.transaction(async (tx) => {
      await this.provision(tx, scooters);
      for (const { id, plate } of scooters) {
        await this.audit.note(tx, actor, {
          action: 'scooter.provisioned', subjectKind: 'scooter', subjectId: id, reason: 'joins the fleet', details: { plate },
        });
      }
      return scooters;
    });
  }

  /** @throws InvariantBroken for a key everybody knows; Refusal plate_taken for a scooter we have already. */
  async provision(tx: EntityManager, scooters: readonly NewScooter[]): Promise<void> {
    for (const { commandKey, password } of scooters) {
      invariant(/^[0-9a-f]{64}$/.test(commandKey) && !isKnownDefault(commandKey), 'every scooter has a secret key of its own');
      invariant(password.length >= LEAST_PASSWORD_LENGTH, 'every scooter has a long password');
    }
    const distinct = new Set(scooters.flatMap(({ commandKey, password }) => [commandKey, password]));
    invariant(distinct.size === 2 * scooters.length, 'no two scooters share a key or a password');

    const issuedAt = this.clock.now();
    await this.fleet.admit(tx, scooters.map(({ id, plate, vin }) => ({ id, plate, vin })));
    await tx.insert(ScooterCredentialEntity, scooters.map(({ id, commandKey, password }) => ({
      scooterId: id, commandKey, passwordHash: createHash('sha256').update(password).digest('hex'), lastNonce: 0, issuedAt, revokedAt: null,
    })));
  }
}
