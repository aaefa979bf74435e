// Payments and Stripe on good and bad days: whatever breaks in between, one ride is charged once, to the
// cent, and the books agree.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { entities, migrations } from '../../src/app.module.js';
import { BillingModule } from '../../src/billing/billing.module.js';
import { DebtPaymentService } from '../../src/billing/debt-payment.service.js';
import { PaymentsService } from '../../src/billing/payments.service.js';
import { HintsModule } from '../../src/hints/hints.module.js';
import { StripeHintsService } from '../../src/hints/stripe-hints.service.js';
import { CardsService } from '../../src/cards/cards.service.js';
import type { Fault, Operation } from '../../src/embedded/stand-in-faults.js';
import { signWebhook } from '../../src/embedded/stand-in-webhooks.js';
import { startStripeStandIn, type StripeStandIn } from '../../src/embedded/stripe-stand-in.js';
import type { CityConfig } from '../../src/platform/config.js';
import { databaseOptions } from '../../src/platform/database.provider.js';
import { newId, type DebtId, type RideId, type RiderId } from '../../src/platform/ids.js';
import { LoopService } from '../../src/platform/loop.service.js';
import { OutboxService } from '../../src/platform/outbox.service.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { UpkeepModule } from '../../src/upkeep/upkeep.module.js';
import { taxInside } from '../../src/platform/money.js';
import { dropDatabase, emptyDatabase } from '../kit/databases.js';
import { TestClock } from '../kit/test-clock.js';

let app: INestApplicationContext;
let stripe: StripeStandIn;
let db: DataSource;
let payments: PaymentsService;
let databaseUrl: string;
const clock = new TestClock();
const heard: { name: string; reason?: string }[] = [];

beforeAll(async () => {
  databaseUrl = await emptyDatabase();
  stripe = await startStripeStandIn({ port: 0, dataFile: null, webhookUrl: null, webhookSecret: 'whsec_test', now: () => clock.realNow() });
  const config: CityConfig = {
    databaseUrl, databasePool: 4, mqttUrl: '', smsUrl: '', signingKey: '5e'.repeat(32), clock: { from: new Date(0), since: new Date(0), speed: 1 }, ratePerSecond: 1000,
    logLevel: 'silent', loops: 'by_hand',
    stripe: { secretKey: stripe.secretKey, publishableKey: stripe.publishableKey, webhookSecret: 'whsec_test', url: stripe.url },
  };
  const module = await Test.createTestingModule({
    imports: [TypeOrmModule.forRoot(databaseOptions(config, entities, migrations)), PlatformModule.forCity(config, clock), UpkeepModule, BillingModule, HintsModule],
  }).compile();
  module.useLogger(false);
  app = await module.init();
  db = app.get(DataSource);
  payments = app.get(PaymentsService);
  const outbox = app.get(OutboxService);
  const note = (name: string) => (_tx: EntityManager, event: object) => Promise.resolve(heard.push({ name, ...event }));
  for (const name of ['payment.authorised', 'payment.refused', 'payment.captured', 'debt.opened'] as const) outbox.on(name, `test.${name}`, note(name));
});
afterEach(() => {
  stripe.faults.clear();
  heard.length = 0;
});
afterAll(async () => {
  await app.close();
  await stripe.stop();
  await dropDatabase(databaseUrl);
});

async function riderWith(card: string): Promise<RiderId> {
  const riderId = newId<RiderId>();
  const phone = `+336${riderId.replaceAll(/\D/g, '').slice(-8).padStart(8, '0')}`;
  await db.query(
    `insert into riders (id, first_name, last_name, email, phone, birth_date, language, state, licence_state, created_at)
     values ($1, 'Camille', 'Martin', $2, $3, '1980-01-01', 'fr', 'applied', 'missing', $4)`,
    [riderId, `${riderId}@example.org`, phone, clock.now()]);
  await newCard(riderId, card);
  return riderId;
}

async function newCard(riderId: RiderId, card: string): Promise<void> {
  const cards = app.get(CardsService);
  const setup = await cards.setUp(riderId);
  const answer = await fetch(`${setup.stripeUrl}/v1/setup_intents/${setup.setupIntentId}/confirm`, {
    method: 'POST', headers: { authorization: `Bearer ${setup.publishableKey}` },
    body: new URLSearchParams({ client_secret: setup.clientSecret, payment_method: card }),
  });
  const body = (await answer.json()) as { next_action?: { redirect_to_url: { url: string } } | null };
  if (body.next_action) await fetch(body.next_action.redirect_to_url.url, { method: 'POST' });
  await cards.save(riderId, setup.setupIntentId);
}

/** Turns the loops and moves the clock until Stripe has nothing more to be asked. */
async function settleDown(stepSeconds = 5): Promise<void> {
  for (let round = 0; round < 60; round++) {
    await app.get(LoopService).turn();
    const [{ open = 0 } = {}] = await db.query<{ open?: number }[]>(`select count(*)::int as open from payments where state in ('created', 'capturing', 'releasing')`);
    if (open > 0) clock.moveOn(stepSeconds);
    const [{ untold = 0 } = {}] = await db.query<{ untold?: number }[]>('select count(*)::int as untold from outbox_deliveries');
    if (open + untold === 0) return;
  }
  throw new Error('a payment never came to rest');
}

const hold = async (riderId: RiderId): Promise<RideId> => {
  const rideId = newId<RideId>();
  await db.transaction(async (tx) => {
    const { wayToPay } = await payments.credit(tx, riderId);
    payments.authorise(tx, { riderId, rideId, amountCents: 1000, currency: 'EUR' }, wayToPay);
  });
  return rideId;
};
const end = (riderId: RiderId, rideId: RideId, totalCents: number): Promise<void> =>
  db.transaction((tx) => payments.settle(tx, { riderId, rideId, fare: { totalCents, ...taxInside(totalCents, 20) }, currency: 'EUR', at: clock.now() }));
interface Charge { id: string; rideId: string; status: string; captured: number; amount: number }
const chargesOf = async (rideId: RideId): Promise<Charge[]> => {
  const { items } = (await (await fetch(`${stripe.url}/_stand-in/charges`)).json()) as { items: Charge[] };
  return items.filter((item) => item.rideId === rideId);
};
const capturedOf = async (rideId: RideId): Promise<number> => (await chargesOf(rideId)).reduce((sum, { captured }) => sum + captured, 0);
const mustBalance = async (): Promise<void> => {
  expect(await payments.sums()).toMatchObject({ differenceCents: 0, inFlightCents: 0 });
};

describe('a ride on a good day', () => {
  it.each`
    fare    | captures
    ${28}   | ${[28]}
    ${1000} | ${[1000]}
    ${1020} | ${[970, 50]}
    ${3360} | ${[1000, 2360]}
  `('takes a fare of $fare cents as $captures', async (row) => {
    const { fare, captures } = row as unknown as { fare: number; captures: number[] };
    const riderId = await riderWith('pm_card_visa');
    const rideId = await hold(riderId);
    await settleDown();
    expect(heard.map(({ name }) => name)).toEqual(['payment.authorised']);
    expect(await payments.moneyOf(rideId)).toEqual({ state: 'held', paidCents: 0, debtCents: 0 });
    await end(riderId, rideId, fare);
    expect(await payments.sums()).toMatchObject({ differenceCents: 0, inFlightCents: fare });
    await end(riderId, rideId, fare);
    await settleDown();
    expect((await chargesOf(rideId)).map(({ captured }) => captured).reverse()).toEqual(captures);
    expect(await payments.moneyOf(rideId)).toEqual({ state: 'paid', paidCents: fare, debtCents: 0 });
    await mustBalance();
  });

  it('gives the hold back when the ride costs nothing, or never began', async () => {
    const riderId = await riderWith('pm_card_threeDSecureRequired');
    const [free, failed] = [await hold(riderId), await hold(riderId)];
    await settleDown();
    await end(riderId, free, 0);
    await db.transaction((tx) => payments.release(tx, failed));
    await settleDown();
    for (const rideId of [free, failed]) {
      expect(await chargesOf(rideId)).toEqual([expect.objectContaining({ status: 'canceled', captured: 0 })]);
      expect(await payments.moneyOf(rideId)).toEqual({ state: 'released', paidCents: 0, debtCents: 0 });
    }
  });

  it('never asks Stripe for a hold that was given up before anybody asked', async () => {
    const rideId = await hold(await riderWith('pm_card_visa'));
    await db.transaction((tx) => payments.release(tx, rideId));
    await settleDown();
    expect(await chargesOf(rideId)).toEqual([]);
  });
});

describe('a ride on a bad day', () => {
  it.each`
    day                          | operation                    | fault                                                    | times
    ${'loses the answer'}        | ${'payment_intents.create'}  | ${{ kind: 'reset', executed: true }}                     | ${2}
    ${'resets before'}           | ${'payment_intents.create'}  | ${{ kind: 'reset', executed: false }}                    | ${4}
    ${'breaks before'}           | ${'payment_intents.create'}  | ${{ kind: 'error', executed: false, remembered: false }} | ${3}
    ${'breaks after'}            | ${'payment_intents.create'}  | ${{ kind: 'error', executed: true, remembered: true }}   | ${1}
    ${'says busy'}               | ${'payment_intents.create'}  | ${{ kind: 'busy' }}                                      | ${2}
    ${'says too many'}           | ${'payment_intents.create'}  | ${{ kind: 'rate_limit' }}                                | ${3}
    ${'loses the answer'}        | ${'payment_intents.capture'} | ${{ kind: 'reset', executed: true }}                     | ${2}
    ${'breaks before, for good'} | ${'payment_intents.capture'} | ${{ kind: 'error', executed: false, remembered: false }} | ${5}
    ${'breaks after'}            | ${'payment_intents.capture'} | ${{ kind: 'error', executed: true, remembered: true }}   | ${1}
  `('is charged once when Stripe $day at $operation', async (row) => {
    const { operation, fault, times } = row as unknown as { operation: Operation; fault: Fault; times: number };
    const riderId = await riderWith('pm_card_visa');
    stripe.faults.next(fault, { operation, times });
    const rideId = await hold(riderId);
    await settleDown();
    expect(heard.map(({ name }) => name)).toEqual(['payment.authorised']);
    await end(riderId, rideId, 1500);
    await settleDown();
    expect(await capturedOf(rideId)).toBe(1500);
    expect(await chargesOf(rideId)).toHaveLength(2);
    await mustBalance();
  });

  it('gives a hold back that failed to answer while the ride already failed', async () => {
    const riderId = await riderWith('pm_card_visa');
    stripe.faults.next({ kind: 'reset', executed: true }, { operation: 'payment_intents.create', times: 2 });
    const rideId = await hold(riderId);
    await app.get(LoopService).turn();
    await db.transaction((tx) => payments.release(tx, rideId));
    await settleDown();
    expect(await chargesOf(rideId)).toEqual([expect.objectContaining({ status: 'canceled' })]);
    expect(heard).toEqual([]);
  });

  it('does not let a rider wait longer than a minute for a hold, and frees it when it appears', async () => {
    stripe.faults.next({ kind: 'rate_limit' }, { operation: 'payment_intents.create', times: 8 });
    const rideId = await hold(await riderWith('pm_card_visa'));
    await settleDown(30);
    expect(heard).toEqual([expect.objectContaining({ name: 'payment.refused', reason: 'not_reached' })]);
    expect((await chargesOf(rideId)).filter(({ status }) => status !== 'canceled')).toEqual([]);
  });

  it('looks instead of sending again once Stripe may have forgotten the key', async () => {
    const riderId = await riderWith('pm_card_visa');
    const rideId = await hold(riderId);
    await settleDown();
    stripe.faults.next({ kind: 'reset', executed: true }, { operation: 'payment_intents.create', times: 2 });
    await end(riderId, rideId, 1500);
    await app.get(LoopService).turn();
    clock.moveOn(23 * 3600 + 1);
    stripe.faults.next({ kind: 'decline', code: 'card_declined' }, { operation: 'payment_intents.create' });
    await settleDown();
    expect(await capturedOf(rideId)).toBe(1500);
    await mustBalance();
  });

  it('charges anew when the hold was gone before it could be used', async () => {
    const riderId = await riderWith('pm_card_visa');
    const rideId = await hold(riderId);
    await settleDown();
    const [charge] = await chargesOf(rideId);
    await fetch(`${stripe.url}/v1/payment_intents/${charge?.id ?? ''}/cancel`, { method: 'POST', headers: { authorization: `Bearer ${stripe.secretKey}` } });
    await end(riderId, rideId, 300);
    await settleDown();
    expect(await payments.moneyOf(rideId)).toEqual({ state: 'paid', paidCents: 300, debtCents: 0 });
    await mustBalance();
  });
});

describe('a hint of Stripe', () => {
  const tell = (eventId: string, object: object, type = 'payment_intent.succeeded'): Promise<void> => {
    const body = Buffer.from(JSON.stringify({ id: eventId, type, created: 1_700_000_000, data: { object } }));
    return app.get(StripeHintsService).take(body, signWebhook(body.toString(), 'whsec_test', Math.floor(clock.realNow().getTime() / 1000)));
  };
  const dueOf = async (rideId: RideId): Promise<boolean> => {
    const [row] = await db.query<{ due: boolean }[]>('select next_try_at <= $2 as due from payments where ride_id = $1', [rideId, clock.now()]);
    return row?.due ?? false;
  };

  it('has the payment asked about at once, is noted once, and changes nothing by itself', async () => {
    stripe.faults.next({ kind: 'rate_limit' }, { operation: 'payment_intents.create', times: 4 });
    const rideId = await hold(await riderWith('pm_card_visa'));
    await app.get(LoopService).turn();
    clock.moveOn(3);
    await app.get(LoopService).turn();
    clock.moveOn(4);
    await app.get(LoopService).turn();
    expect(await dueOf(rideId)).toBe(false);
    const [{ id: paymentId }] = await db.query('select id from payments where ride_id = $1', [rideId]);
    await Promise.all([1, 2, 3].map(() => tell('evt_one', { id: 'pi_unheard_of', status: 'succeeded', metadata: { payment_id: paymentId } })));
    expect(await dueOf(rideId)).toBe(true);
    expect(await db.query('select state from payments where ride_id = $1', [rideId])).toEqual([{ state: 'created' }]);
    expect(await db.query(`select 1 from stripe_events where id = 'evt_one'`)).toHaveLength(1);
    await settleDown();
    expect(await payments.moneyOf(rideId)).toMatchObject({ state: 'held' });
  });

  it.each`
    what                      | type                          | object
    ${'an unknown type'}      | ${'a.type.of.the.future'}     | ${{}}
    ${'an unknown payment'}   | ${'payment_intent.succeeded'} | ${{ id: 'pi_nobody' }}
    ${'a stranger’s payment'} | ${'payment_intent.canceled'}  | ${{ id: 'pi_x', metadata: { payment_id: 'no uuid' } }}
  `('of $what is noted and taken', async (row) => {
    const { what, type, object } = row as unknown as { what: string; type: string; object: object };
    await expect(tell(`evt_${what.replaceAll(/\W/g, '')}`, object, type)).resolves.toBeUndefined();
  });

  it('that Stripe did not sign, or cannot be read, is refused', async () => {
    const hints = app.get(StripeHintsService);
    const junk = Buffer.from('{"id":1}');
    const now = Math.floor(clock.realNow().getTime() / 1000);
    await expect(hints.take(junk, 't=1,v1=00')).rejects.toMatchObject({ code: 'signature_wrong' });
    await expect(hints.take(junk, signWebhook(junk.toString(), 'whsec_test', now))).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('a card that says no', () => {
  it.each`
    card                                | reason
    ${'pm_card_chargeCustomerFail'}     | ${'declined'}
    ${'pm_card_authenticationRequired'} | ${'needs_confirmation'}
  `('refuses the hold of $card: $reason', async (row) => {
    const { card, reason } = row as unknown as { card: string; reason: string };
    const rideId = await hold(await riderWith(card));
    await settleDown();
    expect(heard).toEqual([expect.objectContaining({ name: 'payment.refused', reason })]);
    expect(await payments.moneyOf(rideId)).toEqual({ state: 'released', paidCents: 0, debtCents: 0 });
  });

  async function rideWithDebt(): Promise<{ riderId: RiderId; rideId: RideId; debtId: DebtId }> {
    const riderId = await riderWith('pm_card_visa');
    const rideId = await hold(riderId);
    await settleDown();
    stripe.faults.next({ kind: 'decline', code: 'card_declined', declineCode: 'insufficient_funds' }, { operation: 'payment_intents.create' });
    await end(riderId, rideId, 1800);
    await settleDown();
    const [debt] = await db.query<{ id: DebtId }[]>('select id from debts where ride_id = $1', [rideId]);
    return { riderId, rideId, debtId: debt?.id ?? newId<DebtId>() };
  }

  it('makes a debt of what the hold did not cover, and the books still agree', async () => {
    const { riderId, rideId } = await rideWithDebt();
    expect(await payments.moneyOf(rideId)).toEqual({ state: 'debt', paidCents: 1000, debtCents: 800 });
    expect(await db.transaction((tx) => payments.credit(tx, riderId))).toMatchObject({ hasCard: true, openDebtCents: 800 });
    expect(heard.map(({ name }) => name)).toContain('debt.opened');
    await mustBalance();
  });

  it('is paid once by a rider who taps twice, and not by adding a card', async () => {
    const { riderId, rideId, debtId } = await rideWithDebt();
    await newCard(riderId, 'pm_card_mastercard');
    await settleDown();
    expect((await payments.moneyOf(rideId)).state).toBe('debt');
    const pay = app.get(DebtPaymentService);
    await Promise.all([pay.pay(riderId, debtId), pay.pay(riderId, debtId)]);
    await settleDown();
    expect(await pay.pay(riderId, debtId)).toEqual({ state: 'paid', confirmation: null });
    expect(await capturedOf(rideId)).toBe(1800);
    await mustBalance();
  });

  it('stays a debt when the card declines again, and sends the rider to the bank when it asks', async () => {
    const { riderId, rideId, debtId } = await rideWithDebt();
    const pay = app.get(DebtPaymentService);
    stripe.faults.next({ kind: 'decline', code: 'card_declined' }, { operation: 'payment_intents.create' });
    expect(await pay.pay(riderId, debtId)).toEqual({ state: 'declined', confirmation: null });
    stripe.faults.next({ kind: 'needs_confirmation' }, { operation: 'payment_intents.create' });
    const asked = await pay.pay(riderId, debtId);
    expect(asked).toMatchObject({ state: 'needs_confirmation', confirmation: { url: expect.stringContaining('/_stand-in/3ds/') } });
    await fetch(asked.confirmation?.url ?? '', { method: 'POST' });
    expect((await pay.pay(riderId, debtId)).state).toBe('paid');
    expect(await capturedOf(rideId)).toBe(1800);
    await mustBalance();
  });

  it('is nobody else’s to pay', async () => {
    const { debtId } = await rideWithDebt();
    await expect(app.get(DebtPaymentService).pay(await riderWith('pm_card_visa'), debtId)).rejects.toMatchObject({ code: 'debt_unknown' });
  });
});
