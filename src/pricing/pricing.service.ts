// Which tariff is in force, and how a new one is announced.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { actorName, type Actor } from '../platform/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type TariffId } from '../platform/ids.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { tariffAt, whyNotAnnounce } from './tariff-choice.js';
import { TariffEntity } from './tariff.entity.js';
import type { Tariff, TariffDraft } from './tariff.js';

@Injectable()
export class PricingService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** For doors that only show prices. Within a transaction use the other one, or two connections are held. */
  inForce(at: Date): Promise<Tariff> {
    return this.inForceWithin(this.db.manager, at);
  }

  /** The tariff as plain data, ready to be frozen into a ride. */
  async inForceWithin(tx: EntityManager, at: Date): Promise<Tariff> {
    const latest = await tx.query<(Omit<Tariff, 'inForceFrom'> & { inForceFrom: Date })[]>(IN_FORCE, [at]);
    const begun = latest.map((row) => ({ ...row, inForceFrom: row.inForceFrom.toISOString() }));
    // Only a city that was never seeded has no tariff: it opens as soon as it has one.
    return orRefuse(tariffAt(begun, at), 'temporarily_unavailable');
  }

  /** All of them, the latest first: what was, what is, what comes. */
  async list(): Promise<Tariff[]> {
    const rows = await this.db.manager.find(TariffEntity, { order: { inForceFrom: 'desc' } });
    return rows.map(plain);
  }

  /** The control room sets a price for later. */
  announce(actor: Actor, draft: TariffDraft, reason: string): Promise<Tariff> {
    return this.db.transaction(async (tx) => {
      const tariff = { ...draft, id: newId<TariffId>(), inForceFrom: new Date(draft.inForceFrom).toISOString() };

      refuseIf(whyNotAnnounce(tariff.inForceFrom, this.clock.now()), { now: this.clock.now().toISOString() });

      const isNew = await this.publish(tx, tariff, actorName(actor));
      refuseIf(isNew ? null : 'tariff_instant_taken', { inForceFrom: tariff.inForceFrom });
      await this.audit.note(tx, actor, {
        action: 'tariff.announce',
        subjectKind: 'tariff',
        subjectId: tariff.id,
        reason,
        details: { ...draft },
      });
      return tariff;
    });
  }

  /** False when one begins at that instant already. Seeds use it too: they run twice, and begin in the past. */
  async publish(tx: EntityManager, tariff: Tariff, by: string): Promise<boolean> {
    const row = { ...tariff, createdBy: by, createdAt: this.clock.now() };
    const stored = await tx
      .createQueryBuilder()
      .insert()
      .into(TariffEntity)
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    return (stored.raw as unknown[]).length > 0;
  }
}

const IN_FORCE = `
  select id, name, currency, ride_minute_cents as "rideMinuteCents", pause_minute_cents as "pauseMinuteCents", unlock_cents as "unlockCents",
         minimum_cents as "minimumCents", day_cap_cents as "dayCapCents", hold_cents as "holdCents", grace_seconds as "graceSeconds",
         grace_meters as "graceMeters", tax_percent as "taxPercent", in_force_from as "inForceFrom"
    from tariffs where in_force_from <= $1 order by in_force_from desc limit 1`;

function plain(row: Tariff): Tariff {
  const { id, name, currency, rideMinuteCents, pauseMinuteCents, unlockCents, minimumCents } = row;
  const { dayCapCents, holdCents, graceSeconds, graceMeters, taxPercent, inForceFrom } = row;
  return {
    id,
    name,
    currency,
    rideMinuteCents,
    pauseMinuteCents,
    unlockCents,
    minimumCents,
    dayCapCents,
    holdCents,
    graceSeconds,
    graceMeters,
    taxPercent,
    inForceFrom,
  };
}
