// Riders after they joined: what the rules ask about them, their licence, and what support may do.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../platform/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { cityDay } from '../platform/city-time.js';
import { Clock } from '../platform/clock.js';
import type { RiderId } from '../platform/ids.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import type { LicenceDecision, NewLicence, RiderSearch } from './accounts.dto.js';
import { licenceState, whyNotSendLicence } from './licence.js';
import { RiderEntity } from './rider.entity.js';
import { riderState } from './rider-state.js';
import type { Rider, RiderFacts } from './rider.js';

@Injectable()
export class RidersService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** Read without a lock: a rider is not in the ladder of locks, and a suspension acts from the next ride on. */
  async facts(tx: EntityManager, riderId: RiderId): Promise<RiderFacts> {
    const [facts] = await tx.query<RiderFacts[]>(
      `select id, state, birth_date::text as "birthDate", licence_state as "licenceState", language from riders where id = $1`,
      [riderId],
    );
    return orRefuse(facts, 'rider_unknown');
  }

  async profile(riderId: RiderId): Promise<Rider> {
    return orRefuse(await this.db.manager.findOneBy(RiderEntity, { id: riderId }), 'rider_unknown');
  }

  sendLicence(riderId: RiderId, { class: licenceClass, number, issuedOn }: NewLicence): Promise<Rider> {
    return this.db.transaction(async (tx) => {
      const rider = await this.hold(tx, riderId);
      const today = cityDay(this.clock.now());

      refuseIf(whyNotSendLicence({ birthDate: rider.birthDate, issuedOn, today }), { field: 'issuedOn' });

      const state = licenceState.mustStep(rider.licenceState, 'send');
      return this.write(tx, rider, {
        licenceState: state,
        licenceClass,
        licenceNumber: number,
        licenceIssuedOn: issuedOn,
        licenceRefusal: null,
      });
    });
  }

  /** Support looks somebody up; every hit is a look at a person, and a miss is noted too. */
  search(actor: Actor, { phone, email, reason }: RiderSearch): Promise<Rider[]> {
    return this.db.transaction(async (tx) => {
      const found = await tx
        .createQueryBuilder(RiderEntity, 'rider')
        .where(phone === undefined ? 'lower(rider.email) = :email' : 'rider.phone = :phone', { phone, email })
        .andWhere(`rider.state <> 'erased'`)
        .getMany();
      const subjects = found.length === 0 ? ['nobody'] : found.map(({ id }) => id);
      for (const subjectId of subjects)
        await this.audit.note(tx, actor, { action: 'rider.search', subjectKind: 'rider', subjectId, reason });
      return found;
    });
  }

  look(actor: Actor, riderId: RiderId, reason: string): Promise<Rider> {
    return this.db.transaction(async (tx) => {
      const rider = orRefuse(await tx.findOneBy(RiderEntity, { id: riderId }), 'rider_unknown');
      await this.audit.note(tx, actor, { action: 'rider.look', subjectKind: 'rider', subjectId: riderId, reason });
      return rider;
    });
  }

  /** The reason of a refusal is what the rider reads, so that they know what to send instead. */
  decideLicence(actor: Actor, riderId: RiderId, { decision, reason }: LicenceDecision): Promise<Rider> {
    return this.db.transaction(async (tx) => {
      const rider = await this.hold(tx, riderId);
      const state = licenceState.mustStep(rider.licenceState, decision);
      await this.audit.note(tx, actor, {
        action: `rider.licence_${decision}`,
        subjectKind: 'rider',
        subjectId: riderId,
        reason,
      });
      return this.write(tx, rider, { licenceState: state, licenceRefusal: decision === 'refuse' ? reason : null });
    });
  }

  /** A suspended rider stays signed in: a ride under way must end, a debt can be paid, the reason can be read. */
  suspend(actor: Actor, riderId: RiderId, reason: string): Promise<Rider> {
    return this.step(actor, riderId, { step: 'suspend', reason });
  }

  reinstate(actor: Actor, riderId: RiderId, reason: string): Promise<Rider> {
    return this.step(actor, riderId, { step: 'reinstate', reason });
  }

  private step(
    actor: Actor,
    riderId: RiderId,
    { step, reason }: { step: 'suspend' | 'reinstate'; reason: string },
  ): Promise<Rider> {
    return this.db.transaction(async (tx) => {
      const rider = await this.hold(tx, riderId);
      const state = riderState.mustStep(rider.state, step);
      await this.audit.note(tx, actor, { action: `rider.${step}`, subjectKind: 'rider', subjectId: riderId, reason });
      return this.write(tx, rider, { state, suspendedBecause: step === 'suspend' ? reason : null });
    });
  }

  private async hold(tx: EntityManager, id: RiderId): Promise<RiderEntity> {
    return orRefuse(
      await tx.findOne(RiderEntity, { where: { id }, lock: { mode: 'pessimistic_write' } }),
      'rider_unknown',
    );
  }

  private async write(tx: EntityManager, rider: RiderEntity, changes: Partial<Rider>): Promise<Rider> {
    await tx.update(RiderEntity, { id: rider.id }, changes);
    return tx.findOneByOrFail(RiderEntity, { id: rider.id });
  }
}
