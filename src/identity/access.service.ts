// Taking a scooter's credentials away, giving it new ones, and letting it go for good. What is revoked is
// neither told nor believed anything, whoever has it now.
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { Actor } from '../platform/actor.js';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { refuseIf } from '../platform/refusal.js';
import { whyNotReinstate, whyNotRetire, whyNotRevoke, type CredentialFacts } from './credential-rules.js';
import { CredentialsService } from './credentials.service.js';
import { ScooterCredentialEntity } from './scooter-credential.entity.js';

export interface NewCredentials { readonly commandKey: string; readonly password: string }

/** 256 random bits each. */
export const newCredentials = (): NewCredentials => ({
  commandKey: randomBytes(32).toString('hex'), password: randomBytes(32).toString('base64url'),
});

@Injectable()
export class AccessService {
  private readonly forgetting: string[] = [];

  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly credentials: CredentialsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** What a room has counted of an old unit and must not hold against the new one: one statement, $1 the scooter. */
  alsoForget(sql: string): void {
    this.forgetting.push(sql);
  }

  /** Stolen: from the next second on it is nobody's. */
  revoke(actor: Actor, scooterId: ScooterId, reason: string): Promise<Date> {
    return this.change(scooterId, async (tx, facts, before) => {
      refuseIf(whyNotRevoke(facts), { scooterId });

      const at = await this.shut(tx, before);
      if (facts.scooterState === 'available' || facts.scooterState === 'low') await this.fleet.become(tx, scooterId, 'lose_trust');
      await this.audit.note(tx, actor, { action: 'scooter.revoked', subjectKind: 'scooter', subjectId: scooterId, reason });
      return at;
    });
  }

  /** Back with new secrets, and perhaps with a new unit that counts from 1: what the old one counted is forgotten here and now. */
  reinstate(actor: Actor, scooterId: ScooterId, reason: string): Promise<NewCredentials> {
    return this.change(scooterId, async (tx, facts, { unit }) => {
      refuseIf(whyNotReinstate(facts), { scooterId });

      const given = newCredentials();
      const now = this.clock.now();
      await this.credentials.spend(tx, [{ scooterId, secret: given.commandKey }, { scooterId, secret: given.password }]);
      await tx.update(ScooterCredentialEntity, { scooterId }, {
        commandKey: given.commandKey, ...this.credentials.keptOf(given.password),
        keyId: 1, keyIssuedAt: now, issuedAt: now, revokedAt: null, unit: unit + 1,
      });
      await this.fleet.expectNewUnit(tx, scooterId);
      for (const sql of this.forgetting) await tx.query(sql, [scooterId]);
      await this.credentials.callOut(tx);
      await this.audit.note(tx, actor, {
        action: 'scooter.reinstated', subjectKind: 'scooter', subjectId: scooterId, reason, details: { unit: unit + 1 },
      });
      return given;
    });
  }

  /** The end of its life with us: locked as far as anybody can tell, no ride, no credentials. */
  retire(actor: Actor, scooterId: ScooterId, reason: string): Promise<Date> {
    return this.change(scooterId, async (tx, facts, before) => {
      const { sensors } = await this.fleet.hold(tx, scooterId);

      refuseIf(whyNotRetire(sensors?.lock ?? null, facts), { scooterId });

      await this.fleet.become(tx, scooterId, 'retire');
      const at = before.revokedAt ?? await this.shut(tx, before);
      await this.audit.note(tx, actor, { action: 'scooter.retired', subjectKind: 'scooter', subjectId: scooterId, reason });
      return at;
    });
  }

  private change<T>(
    scooterId: ScooterId,
    step: (tx: EntityManager, facts: CredentialFacts, before: ScooterCredentialEntity) => Promise<T>,
  ): Promise<T> {
    return this.db.transaction(async (tx) => {
      const { state: scooterState } = await this.fleet.hold(tx, scooterId);
      const before = await this.credentials.hold(tx, scooterId);
      return step(tx, { scooterState, isRevoked: before.revokedAt !== null, isChanging: before.nextCommandKey !== null }, before);
    });
  }

  private async shut(tx: EntityManager, { scooterId }: ScooterCredentialEntity): Promise<Date> {
    const revokedAt = this.clock.now();
    await tx.update(ScooterCredentialEntity, { scooterId }, { revokedAt, nextCommandKey: null, nextKeyOfferedAt: null, nextKeyDueAt: null });
    await this.fleet.recordPresence(tx, scooterId, false);
    await this.credentials.callOut(tx);
    return revokedAt;
  }
}
