// A new command key for a scooter: made, sealed under the old one, offered until the scooter says that it is in
// its flash, and only then ours to sign with. The old one is forgotten in the same moment.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { Actor } from '../platform/actor.js';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { refuseIf } from '../platform/refusal.js';
import { sealKey, type KeyOffer } from '../telematics/wire.js';
import { newCredentials } from './access.service.js';
import { isQuiet, QUIET_SECONDS, whyNotChangeKey } from './credential-rules.js';
import { CredentialsService } from './credentials.service.js';
import { ScooterCredentialEntity } from './scooter-credential.entity.js';

/** Real seconds between two offers of the same key to a scooter that hears us and says nothing. */
const AGAIN_SECONDS = 30;
const DAY_SECONDS = 86_400;

export interface Offered { readonly scooterId: ScooterId; readonly offer: KeyOffer }

@Injectable()
export class KeyRotationService {
  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly credentials: CredentialsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @returns the number of the key that is now on its way. */
  order(actor: Actor, scooterId: ScooterId, reason: string): Promise<number> {
    return this.db.transaction(async (tx) => {
      const keyId = await this.begin(tx, scooterId);
      await this.audit.note(tx, actor, {
        action: 'scooter.key_ordered', subjectKind: 'scooter', subjectId: scooterId, reason, details: { keyId },
      });
      return keyId;
    });
  }

  /** One scooter whose key is older than this gets a new one; null when there is none. */
  async orderOldest(olderThanDays: number): Promise<ScooterId | null> {
    const [oldest] = await this.db.query<{ scooterId: ScooterId }[]>(
      `select scooter_id as "scooterId" from scooter_credentials
        where revoked_at is null and next_command_key is null and coalesce(key_issued_at, issued_at) < $1
        order by coalesce(key_issued_at, issued_at) limit 1`,
      [this.clock.in(-olderThanDays * DAY_SECONDS)],
    );
    if (!oldest) return null;
    await this.db.transaction((tx) => this.begin(tx, oldest.scooterId));
    return oldest.scooterId;
  }

  /** It is there, or has just started: what waits for it is due now. */
  async dueNow(tx: EntityManager, scooterId: ScooterId): Promise<void> {
    const [, count] = await tx.query<[unknown[], number]>(
      'update scooter_credentials set next_key_due_at = $2 where scooter_id = $1 and next_command_key is not null',
      [scooterId, this.clock.now()],
    );
    if (count > 0) await this.credentials.callOut(tx);
  }

  /** The offer that is due for longest, to be sent now; `offered` is null when this is no moment for it. */
  async takeDue(): Promise<{ readonly offered: Offered | null } | null> {
    const [due] = await this.db.query<{ scooterId: ScooterId }[]>(
      'select scooter_id as "scooterId" from scooter_credentials where next_key_due_at <= $1 order by next_key_due_at limit 1',
      [this.clock.now()],
    );
    return due ? { offered: await this.db.transaction((tx) => this.offer(tx, due.scooterId)) } : null;
  }

  /** The scooter has it in its flash: from here on we sign with it. False for a key we are not waiting for. */
  async kept(tx: EntityManager, { scooterId, keyId }: { scooterId: ScooterId; keyId: number }): Promise<boolean> {
    const [, count] = await tx.query<[unknown[], number]>(
      `update scooter_credentials
          set command_key = next_command_key, key_id = key_id + 1, key_issued_at = $3,
              next_command_key = null, next_key_offered_at = null, next_key_due_at = null
        where scooter_id = $1 and key_id + 1 = $2 and next_key_offered_at is not null and revoked_at is null`,
      [scooterId, keyId, this.clock.now()],
    );
    return count > 0;
  }

  private async begin(tx: EntityManager, scooterId: ScooterId): Promise<number> {
    const { state: scooterState } = await this.fleet.hold(tx, scooterId);
    const { keyId, revokedAt, nextCommandKey } = await this.credentials.hold(tx, scooterId);

    refuseIf(whyNotChangeKey({ scooterState, isRevoked: revokedAt !== null, isChanging: nextCommandKey !== null }), { scooterId });

    const { commandKey } = newCredentials();
    await this.credentials.spend(tx, [{ scooterId, secret: commandKey }]);
    await tx.update(ScooterCredentialEntity, { scooterId }, { nextCommandKey: commandKey, nextKeyDueAt: this.clock.now() });
    await this.credentials.callOut(tx);
    return keyId + 1;
  }

  /** Under the scooter's own lock, so that no order can be given between the look and the offer. */
  private async offer(tx: EntityManager, scooterId: ScooterId): Promise<Offered | null> {
    const { connected, state: scooterState } = await this.fleet.hold(tx, scooterId);
    const { commandKey, keyId, nextCommandKey, lastOrderAt } = await this.credentials.hold(tx, scooterId);
    if (nextCommandKey === null) return null;
    const now = this.clock.now();
    const secondsSinceOrder = lastOrderAt && (now.getTime() - lastOrderAt.getTime()) / 1000 / this.clock.speed;
    const mayOffer = isQuiet({ connected, scooterState, secondsSinceOrder });
    await tx.update(ScooterCredentialEntity, { scooterId }, {
      nextKeyDueAt: this.clock.inReal(mayOffer ? AGAIN_SECONDS : QUIET_SECONDS), ...(mayOffer && { nextKeyOfferedAt: now }),
    });
    return mayOffer ? { scooterId, offer: sealKey(commandKey, scooterId, keyId + 1, nextCommandKey) } : null;
  }
}
