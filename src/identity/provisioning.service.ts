// New scooters: each gets a command key and a password of its own, and is not for riders until it has
// spoken and said that it is locked.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import type { Actor } from '../platform/actor.js';
import { invariant } from '../platform/assert.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type ScooterId } from '../platform/ids.js';
import { refuseIf } from '../platform/refusal.js';
import { newCredentials } from './access.service.js';
import { CredentialsService } from './credentials.service.js';
import { isKnownDefault, isKnownPassword } from './known-keys.js';
import { ScooterCredentialEntity } from './scooter-credential.entity.js';

export interface NewScooter {
  readonly id: ScooterId;
  readonly plate: string;
  readonly vin: string;
  /** 256 bits, hex. */
  readonly commandKey: string;
  readonly password: string;
}

@Injectable()
export class ProvisioningService {
  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly credentials: CredentialsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @returns the credentials, which are shown this once; of the password we keep only a hash. */
  order(actor: Actor, wanted: readonly { plate: string; vin: string }[]): Promise<NewScooter[]> {
    return this.admit(actor, wanted.map(({ plate, vin }) => ({ id: newId<ScooterId>(), plate, vin, ...newCredentials() })), 'joins the fleet');
  }

  /** With secrets that the maker has burnt in, which are therefore looked at twice. */
  takeOver(actor: Actor, made: readonly Omit<NewScooter, 'id'>[], reason: string): Promise<NewScooter[]> {
    return this.admit(actor, made.map((scooter) => ({ ...scooter, id: newId<ScooterId>() })), reason);
  }

  private admit(actor: Actor, scooters: NewScooter[], reason: string): Promise<NewScooter[]> {
    return this.db.transaction(async (tx) => {
      await this.provision(tx, scooters);
      for (const { id, plate } of scooters) {
        await this.audit.note(tx, actor, {
          action: 'scooter.provisioned', subjectKind: 'scooter', subjectId: id, reason, details: { plate },
        });
      }
      return scooters;
    });
  }

  /** @throws Refusal key_known for a key everybody knows or somebody had; plate_taken for a scooter we have already. */
  async provision(tx: EntityManager, scooters: readonly NewScooter[]): Promise<void> {
    for (const { plate, commandKey, password } of scooters) {
      invariant(/^[0-9a-f]{64}$/.test(commandKey), 'a key is 256 bits');
      refuseIf(isKnownDefault(commandKey) || isKnownPassword(password) ? 'key_known' : null, { plate });
    }
    const secrets = scooters.flatMap(({ id: scooterId, commandKey, password }) =>
      [{ scooterId, secret: commandKey }, { scooterId, secret: password }]);
    refuseIf(new Set(secrets.map(({ secret }) => secret)).size < secrets.length ? 'key_known' : null);

    const issuedAt = this.clock.now();
    await this.fleet.admit(tx, scooters.map(({ id, plate, vin }) => ({ id, plate, vin })));
    await tx.insert(ScooterCredentialEntity, scooters.map(({ id, commandKey, password }) => ({
      scooterId: id, commandKey, ...this.credentials.keptOf(password), lastNonce: 0, issuedAt, revokedAt: null,
    })));
    await this.credentials.spend(tx, secrets);
    await this.credentials.callOut(tx);
  }
}
