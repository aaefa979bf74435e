// How a rider joins and signs in: with the six digits that reach their phone.
import { Injectable } from '@nestjs/common';
import { DataSource, Not, type EntityManager } from 'typeorm';
import { cityDay } from '../platform/city-time.js';
import { Clock } from '../platform/clock.js';
import { newId, type RiderId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import { Refusal, refuseIf } from '../platform/refusal.js';
import { SessionsService } from '../platform/sessions.service.js';
import type { SignUp } from './accounts.dto.js';
import { firstLicenceState, isOldEnough } from './licence.js';
import { PhoneCodeEntity } from './phone-code.entity.js';
import * as codes from './phone-code.js';
import { RiderEntity } from './rider.entity.js';
import { riderState } from './rider-state.js';
import { erasedPerson } from './rider.js';
import { SmsClient } from './sms.client.js';

const HOUR_SECONDS = 3600;

@Injectable()
export class SignInService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly outbox: OutboxService,
    private readonly sessions: SessionsService,
    private readonly sms: SmsClient,
  ) {}

  async signUp(person: SignUp): Promise<RiderId> {
    const { riderId, code } = await this.db.transaction(async (tx) => {
      const now = this.clock.now();
      const old = isOldEnough(person.birthDate, cityDay(now));

      // Nothing is kept of somebody who is too young, not even that they asked.
      refuseIf(old ? null : 'rider_too_young');

      await queueUp(tx, person.phone);
      await this.forgetAbandoned(tx, person);
      const id = newId<RiderId>();
      const row = {
        ...person,
        id,
        state: 'applied' as const,
        licenceState: firstLicenceState(person.birthDate),
        createdAt: now,
      };
      const stored = await tx
        .createQueryBuilder()
        .insert()
        .into(RiderEntity)
        .values(row)
        .orIgnore()
        .returning('id')
        .execute();
      refuseIf((stored.raw as unknown[]).length === 0 ? 'account_exists' : null);
      return { riderId: id, code: await this.makeCode(tx, person.phone) };
    });
    await this.send(code.id, person.phone, codes.codeText(code.digits, person.language));
    return riderId;
  }

  /** The same work and the same answer whether we know the phone or not: the door tells nobody who rides. */
  async askForCode(phone: string): Promise<void> {
    const { codeId, text } = await this.db.transaction(async (tx) => {
      const rider = await tx.findOneBy(RiderEntity, { phone, state: Not('erased') });
      const code = await this.makeCode(tx, phone);
      return { codeId: code.id, text: rider ? codes.codeText(code.digits, rider.language) : codes.strangerText };
    });
    await this.send(codeId, phone, text);
  }

  /** A wrong guess must count, so its transaction commits; the refusal comes after it. */
  async verifyPhone(phone: string, typed: string): Promise<{ token: string; riderId: RiderId }> {
    const session = await this.db.transaction(async (tx) => {
      if (!(await this.useCode(tx, phone, typed))) return null;
      const rider = await tx.findOne(RiderEntity, {
        where: { phone, state: Not('erased') },
        lock: { mode: 'pessimistic_write' },
      });
      if (!rider) return null;
      if (rider.state === 'applied') await this.verify(tx, rider);
      return { token: await this.sessions.open(tx, { audience: 'rider', riderId: rider.id }), riderId: rider.id };
    });
    if (!session) throw new Refusal('code_wrong');
    return session;
  }

  signOut(holderId: string): Promise<void> {
    return this.db.transaction((tx) => this.sessions.closeAll(tx, holderId));
  }

  private async verify(tx: EntityManager, rider: RiderEntity): Promise<void> {
    const state = riderState.mustStep(rider.state, 'verify');
    await tx.update(RiderEntity, { id: rider.id }, { state, verifiedAt: this.clock.now() });
    await this.outbox.publish(tx, 'rider.verified', rider.id, { riderId: rider.id });
  }

  /** Whether the newest code of this phone was typed; a wrong one costs a try, a right one is spent. */
  private async useCode(tx: EntityManager, phone: string, typed: string): Promise<boolean> {
    await queueUp(tx, phone);
    const kept = await tx.findOne(PhoneCodeEntity, { where: { phone }, order: { sentAt: 'desc', id: 'desc' } });
    if (!kept) return false;
    const verdict = codes.judgeCode(kept, typed, this.clock.now());
    if (verdict === 'right') await tx.update(PhoneCodeEntity, { id: kept.id }, { usedAt: this.clock.now() });
    if (verdict === 'wrong') await tx.update(PhoneCodeEntity, { id: kept.id }, { triesLeft: kept.triesLeft - 1 });
    return verdict === 'right';
  }

  /** A code the gateway did not take is forgotten, so that its outage does not use up the rider's hour. */
  private async send(codeId: string, phone: string, text: string): Promise<void> {
    try {
      await this.sms.send(phone, text);
    } catch (error) {
      await this.db.manager.delete(PhoneCodeEntity, { id: codeId });
      throw error;
    }
  }

  /** The limit counts rows, so it holds for every replica together. */
  private async makeCode(tx: EntityManager, phone: string): Promise<{ id: string; digits: string }> {
    await queueUp(tx, phone);
    await tx.query(PRUNE, [this.clock.inReal(-HOUR_SECONDS)]);
    const [sent] = await tx.query<{ count: number }[]>(
      'select count(*)::int as count from phone_codes where phone = $1 and sent_at > $2',
      [phone, this.clock.inReal(-HOUR_SECONDS)],
    );

    refuseIf(codes.whyNotSendCode(sent?.count ?? 0), { retryAfterSeconds: HOUR_SECONDS });

    const id = newId();
    const digits = codes.newCode();
    const times = { sentAt: this.clock.now(), expiresAt: this.clock.inReal(codes.CODE_LIVES_SECONDS) };
    await tx.insert(PhoneCodeEntity, {
      id,
      phone,
      codeHash: codes.hashOfCode(id, digits),
      triesLeft: codes.CODE_TRIES,
      ...times,
    });
    return { id, digits };
  }

  /** Who never confirmed a phone while the code was good holds neither that phone nor that e-mail against its owner. */
  private async forgetAbandoned(tx: EntityManager, { phone, email }: SignUp): Promise<void> {
    const since = this.clock.inReal(-codes.CODE_LIVES_SECONDS);
    const abandoned = await tx
      .createQueryBuilder(RiderEntity, 'rider')
      .setLock('pessimistic_write')
      .where(`rider.state = 'applied' and rider.createdAt < :since`, { since })
      .andWhere('(rider.phone = :phone or lower(rider.email) = :email)', { phone, email })
      .orderBy('rider.id')
      .getMany();
    for (const { id, state } of abandoned) {
      await tx.update(RiderEntity, { id }, { state: riderState.mustStep(state, 'erase'), ...erasedPerson(id) });
    }
  }
}

/** One at a time per phone, until the transaction ends: two taps at once cannot both be the fifth. */
const queueUp = (tx: EntityManager, phone: string): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [phone]);

const PRUNE = `delete from phone_codes where id in
  (select id from phone_codes where sent_at < $1 limit 100 for update skip locked)`;
