// What a rider still owes for a ride, opened when their card refused it. It never stops a ride that is
// under way; it only stands before the next one.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { newId, type DebtId, type RideId, type RiderId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import { DebtEntity } from './debt.entity.js';
import type { Payment } from './payment.js';

@Injectable()
export class DebtsService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly outbox: OutboxService,
  ) {}

  /** One debt per ride: what is refused later is added to it. */
  async open(tx: EntityManager, payment: Payment): Promise<void> {
    const [debt] = await tx.query<{ id: DebtId }[]>(
      `insert into debts as d (id, rider_id, ride_id, currency, amount_cents, state, opened_at) values ($1, $2, $3, $4, $5, 'open', $6)
       on conflict (ride_id) do update set state = 'open', paid_at = null,
         amount_cents = excluded.amount_cents + case when d.state = 'open' then d.amount_cents else 0 end
       returning id`,
      [newId<DebtId>(), payment.riderId, payment.rideId, payment.currency, payment.amountCents, this.clock.now()],
    );
    if (!debt) return;
    const { rideId, riderId, amountCents } = payment;
    await this.outbox.publish(tx, 'debt.opened', rideId, { debtId: debt.id, rideId, riderId, amountCents });
  }

  /** The money of a debt has come: it shrinks by that amount, and is paid when nothing is left. */
  async reduce(tx: EntityManager, payment: Payment): Promise<void> {
    const debt = await tx.findOneOrFail(DebtEntity, { where: { rideId: payment.rideId }, lock: { mode: 'pessimistic_write' } });
    const left = debt.amountCents - payment.amountCents;
    if (left > 0) await tx.update(DebtEntity, debt.id, { amountCents: left });
    else await tx.update(DebtEntity, debt.id, { state: 'paid', paidAt: this.clock.now() });
  }

  /** The bill was too high: so much of what is owed for this ride is owed no more. */
  async forgive(tx: EntityManager, rideId: RideId, amountCents: number): Promise<void> {
    if (amountCents === 0) return;
    const debt = await tx.findOneOrFail(DebtEntity, { where: { rideId, state: 'open' }, lock: { mode: 'pessimistic_write' } });
    const left = debt.amountCents - amountCents;
    await tx.update(DebtEntity, debt.id, left > 0 ? { amountCents: left } : { state: 'paid', paidAt: this.clock.now() });
  }

  async openCentsOfRider(tx: EntityManager, riderId: RiderId): Promise<number> {
    const [row] = await tx.query<{ cents: string }[]>(
      `select coalesce(sum(amount_cents), 0) as cents from debts where rider_id = $1 and state = 'open'`, [riderId]);
    return Number(row?.cents ?? 0);
  }

  /** Who pays a debt holds it too, so that nobody pays what is being forgiven. */
  async holdOfRide(tx: EntityManager, rideId: RideId): Promise<void> {
    await tx.query('select 1 from debts where ride_id = $1 order by id for update', [rideId]);
  }

  async openCentsOfRide(tx: EntityManager, rideId: RideId): Promise<number> {
    const debt = await tx.findOneBy(DebtEntity, { rideId, state: 'open' });
    return debt?.amountCents ?? 0;
  }

  /** Newest first; open ones and paid ones. `after` is the id of the last one already seen. */
  page(riderId: RiderId, after: string | null, limit: number): Promise<DebtEntity[]> {
    const query = this.db.manager.createQueryBuilder(DebtEntity, 'debt').where('debt.riderId = :riderId', { riderId });
    if (after !== null) query.andWhere('debt.id < :after', { after });
    return query.orderBy('debt.id', 'DESC').take(limit).getMany();
  }
}
