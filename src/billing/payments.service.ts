// Money of a ride, as steps inside the ride's own transaction. Nothing here speaks to Stripe: a row is
// the intent, the collector carries it out, and the answer comes back as an event.
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { newId, type PaymentId, type RideId, type RiderId } from '../platform/ids.js';
import { CardsService } from '../cards/cards.service.js';
import { DebtsService } from './debts.service.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { PaymentEntity } from './payment.entity.js';
import { paymentKey, rideMoney, type PaymentPurpose, type RideMoney } from './payment.js';
import { paymentState, type PaymentStep } from './payment-state.js';
import { fareEntries, type Fare } from '../ledger/posting.js';
import { splitFare } from './split-fare.js';

export interface LedgerSums {
  readonly faresCents: number;
  readonly capturedCents: number;
  readonly openDebtsCents: number;
  readonly inFlightCents: number;
  /** fares − captured − open debts − in flight: zero at every commit, or something is wrong. */
  readonly differenceCents: number;
}

interface Order { readonly riderId: RiderId; readonly rideId: RideId; readonly amountCents: number; readonly currency: string }

@Injectable()
export class PaymentsService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly debts: DebtsService,
    private readonly cards: CardsService,
  ) {}

  async credit(tx: EntityManager, riderId: RiderId): Promise<{ hasCard: boolean; openDebtCents: number }> {
    return { hasCard: await this.cards.hasCard(tx, riderId), openDebtCents: await this.debts.openCentsOfRider(tx, riderId) };
  }

  /** Asks for a hold; `payment.authorised` or `payment.refused` will tell. */
  authorise(tx: EntityManager, order: Order): Promise<PaymentId> {
    return this.start(tx, 'hold', order);
  }

  /** Writes the fare into the books and has it collected: from the hold, and the rest in one charge. */
  async settle(tx: EntityManager, ride: { riderId: RiderId; rideId: RideId; fare: Fare; currency: string; at: Date }): Promise<void> {
    const { riderId, rideId, fare, currency, at } = ride;
    const hold = await this.heldFor(tx, rideId);
    if (await this.ledger.hasFare(tx, rideId)) return;
    if (fare.totalCents === 0) return this.release(tx, rideId);

    const { captureCents, restCents } = splitFare(fare.totalCents, hold?.amountCents ?? 0);

    await this.ledger.post(tx, { kind: 'fare', subjectId: rideId, riderId, rideId, currency, at, entries: fareEntries(fare) });
    if (hold && captureCents > 0) await this.move(tx, hold, 'capture', { captureCents });
    else await this.release(tx, rideId);
    if (restCents > 0) await this.start(tx, 'rest', { riderId, rideId, amountCents: restCents, currency });
  }

  /** No hold of this ride stays: what is held is voided, also when we do not know yet whether it is. */
  async release(tx: EntityManager, rideId: RideId): Promise<void> {
    const holds = await tx.find(PaymentEntity, {
      where: { rideId, purpose: 'hold', state: In(['created', 'authorised']) }, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' },
    });
    for (const hold of holds) await this.move(tx, hold, hold.state === 'created' && hold.tries === 0 ? 'drop' : 'release');
  }

  async moneyOf(rideId: RideId): Promise<RideMoney> {
    const payments = await this.db.manager.findBy(PaymentEntity, { rideId });
    return rideMoney(payments, await this.debts.openCentsOfRide(this.db.manager, rideId));
  }

  /** One statement, so that all four sums are of the same instant. */
  async sums(): Promise<LedgerSums> {
    const [row] = await this.db.query<{ fares: string; captured: string; debts: string; in_flight: string }[]>(SUMS);
    const sums = [row?.fares, row?.captured, row?.debts, row?.in_flight].map(Number);
    const [fares = NaN, captured = NaN, debts = NaN, inFlight = NaN] = sums;
    return {
      faresCents: fares, capturedCents: captured, openDebtsCents: debts, inFlightCents: inFlight,
      differenceCents: fares - captured - debts - inFlight,
    };
  }

  /** The row and its key are committed before Stripe hears of it. */
  async start(tx: EntityManager, purpose: PaymentPurpose, order: Order): Promise<PaymentId> {
    const { riderId, rideId, amountCents, currency } = order;
    const wayToPay = await this.cards.wayToPay(tx, riderId);
    const attempt = 1 + ((await tx.maximum(PaymentEntity, 'attempt', { rideId })) ?? 0);
    const now = this.clock.now();
    const id = newId<PaymentId>();
    await tx.insert(PaymentEntity, {
      id, riderId, rideId, attempt, purpose, state: 'created', currency, amountCents,
      captureCents: purpose === 'hold' ? null : amountCents,
      ...wayToPay, idempotencyKey: paymentKey(rideId, attempt), paymentIntentId: null,
      refusal: null, unknownSince: null, tries: 0, nextTryAt: now, leasedUntil: null, createdAt: now, settledAt: null,
    });
    await wakeCollector(tx);
    return id;
  }

  private heldFor(tx: EntityManager, rideId: RideId): Promise<PaymentEntity | null> {
    return tx.findOne(PaymentEntity, { where: { rideId, purpose: 'hold', state: 'authorised' }, lock: { mode: 'pessimistic_write' } });
  }

  private async move(tx: EntityManager, payment: PaymentEntity, step: PaymentStep, also: { captureCents?: number } = {}): Promise<void> {
    const now = this.clock.now();
    const state = paymentState.mustStep(payment.state, step);
    // A hold whose creation is still unknown keeps its count and its age: the same key is asked again.
    const fresh = payment.state === 'authorised' ? { tries: 0, unknownSince: null } : {};
    await tx.update(PaymentEntity, payment.id, { state, nextTryAt: now, ...fresh, ...also, ...(step === 'drop' ? { settledAt: now } : {}) });
    await wakeCollector(tx);
  }
}

const wakeCollector = (tx: EntityManager): Promise<unknown> => tx.query(`select pg_notify('payments', '')`);

// What a rider pays of a debt is not in flight twice: the debt stays open until the money is there.
const SUMS = `
  select (select coalesce(sum(e.amount_cents), 0) from ledger_entries e join ledger_transfers t on t.id = e.transfer_id
           where t.kind = 'fare' and e.side = 'debit') as fares,
         (select coalesce(sum(e.amount_cents), 0) from ledger_entries e join ledger_transfers t on t.id = e.transfer_id
           where t.kind = 'capture' and e.side = 'debit') as captured,
         (select coalesce(sum(amount_cents), 0) from debts where state = 'open') as debts,
         (select coalesce(sum(capture_cents), 0) from payments
           where state = 'capturing' or (state = 'created' and purpose = 'rest')) as in_flight`;
