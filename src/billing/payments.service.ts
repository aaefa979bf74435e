// Money of a ride, as steps inside the ride's own transaction. Nothing here speaks to Stripe: a row is
// the intent, the collector carries it out, and the answer comes back as an event.
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { newId, type PaymentId, type RideId, type RiderId } from '../platform/ids.js';
import { orRefuse } from '../platform/refusal.js';
import { together, unawaited } from '../platform/together.js';
import { CardsService, type WayToPay } from '../cards/cards.service.js';
import { DebtsService } from './debts.service.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { PaymentEntity } from './payment.entity.js';
import { INSERT_PAYMENT } from './payment-rows.queries.js';
import { paymentKey, rideMoney, type PaymentPurpose, type RideMoney } from './payment.js';
import { paymentState, UNDER_WAY, type PaymentStep } from './payment-state.js';
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

export type { WayToPay } from '../cards/cards.service.js';

/** What has just been ordered is to be carried out once its transaction is committed. */
type Collect = (tx: EntityManager, id: PaymentId) => void;

interface Order { readonly riderId: RiderId; readonly rideId: RideId; readonly amountCents: number; readonly currency: string }

@Injectable()
export class PaymentsService {
  private collect: Collect = () => undefined;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly debts: DebtsService,
    private readonly cards: CardsService,
  ) {}

  collectedBy(collect: Collect): void {
    this.collect = collect;
  }

  async credit(tx: EntityManager, riderId: RiderId): Promise<{ wayToPay: WayToPay | null; hasCard: boolean; openDebtCents: number }> {
    const [wayToPay, openDebtCents] = await together(this.cards.wayToPay(tx, riderId), this.debts.openCentsOfRider(tx, riderId));
    return { wayToPay, hasCard: wayToPay !== null, openDebtCents };
  }

  /** Asks for a hold, the first payment of a ride; `payment.authorised` or `payment.refused` will tell. */
  authorise(tx: EntityManager, order: Order, wayToPay: WayToPay | null): PaymentId {
    return this.insert(tx, 'hold', order, { wayToPay: orRefuse(wayToPay, 'card_missing'), attempt: 1 });
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
    const money = rideMoney(payments, await this.debts.openCentsOfRide(this.db.manager, rideId));
    if (money.paidCents === 0) return money;
    return { ...money, paidCents: money.paidCents - (await this.ledger.returnedCents(this.db.manager, rideId)) };
  }

  /** What a ride has brought in, newest first; null while any of its money is under way. */
  async received(tx: EntityManager, rideId: RideId): Promise<{ paymentId: PaymentId; paymentIntentId: string; capturedCents: number }[] | null> {
    const payments = await tx.find(PaymentEntity, { where: { rideId }, order: { attempt: 'DESC' } });
    if (payments.some(({ state }) => state === 'authorised' || UNDER_WAY.includes(state))) return null;
    return payments.flatMap(({ id, state, paymentIntentId, captureCents }) =>
      state === 'captured' && paymentIntentId !== null ? [{ paymentId: id, paymentIntentId, capturedCents: captureCents ?? 0 }] : []);
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
    const wayToPay = orRefuse(await this.cards.wayToPay(tx, order.riderId), 'card_missing');
    const attempt = 1 + ((await tx.maximum(PaymentEntity, 'attempt', { rideId: order.rideId })) ?? 0);
    return this.insert(tx, purpose, order, { wayToPay, attempt });
  }

  private insert(tx: EntityManager, purpose: PaymentPurpose, order: Order, first: { wayToPay: WayToPay; attempt: number }): PaymentId {
    const { wayToPay, attempt } = first;
    const { riderId, rideId, amountCents, currency } = order;
    const id = newId<PaymentId>();
    const captureCents = purpose === 'hold' ? null : amountCents;
    unawaited(tx.query(INSERT_PAYMENT, [
      id, riderId, rideId, attempt, purpose, currency, amountCents, captureCents, wayToPay.customerId, wayToPay.paymentMethodId,
      paymentKey(rideId, attempt), this.clock.now(),
    ]));
    this.collect(tx, id);
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
    this.collect(tx, payment.id);
  }
}

// What a rider pays of a debt is not in flight twice: the debt stays open until the money is there. What a correction
// still has to give back is in flight the other way.
const SUMS = `
  select (select coalesce(sum(e.amount_cents), 0) from ledger_entries e join ledger_transfers t on t.id = e.transfer_id
           where t.kind = 'fare' and e.side = 'debit')
       - (select coalesce(sum(e.amount_cents), 0) from ledger_entries e join ledger_transfers t on t.id = e.transfer_id
           where t.kind = 'correction' and e.side = 'credit') as fares,
         (select coalesce(sum(e.amount_cents), 0) from ledger_entries e join ledger_transfers t on t.id = e.transfer_id
           where t.kind = 'capture' and e.side = 'debit')
       - (select coalesce(sum(e.amount_cents), 0) from ledger_entries e join ledger_transfers t on t.id = e.transfer_id
           where t.kind = 'refund' and e.side = 'credit') as captured,
         (select coalesce(sum(amount_cents), 0) from debts where state = 'open') as debts,
         (select coalesce(sum(capture_cents), 0) from payments
           where state = 'capturing' or (state = 'created' and purpose = 'rest'))
       - (select coalesce(sum(amount_cents - forgiven_cents), 0) from corrections)
       + (select coalesce(sum(amount_cents), 0) from refunds where returned_at is not null) as in_flight`;
