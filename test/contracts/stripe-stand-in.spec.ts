// The stand-in of Stripe, driven by the official SDK: it must behave as Stripe documents.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Stripe from 'stripe';
import type { Fault } from '../../src/embedded/stand-in-faults.js';
import { startStripeStandIn, type StripeStandIn } from '../../src/embedded/stripe-stand-in.js';

const WEBHOOK_SECRET = 'whsec_of_the_test';
let standIn: StripeStandIn;
let stripe: Stripe;
let dataFile: string;

const start = async (file: string | null = null, webhookUrl: string | null = null): Promise<void> => {
  standIn = await startStripeStandIn({ port: 0, dataFile: file, webhookUrl, webhookSecret: WEBHOOK_SECRET, now: () => new Date() });
  stripe = clientFor(standIn.secretKey);
};

const clientFor = (key: string, timeout = 2000): Stripe => {
  const { hostname, port } = new URL(standIn.url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, timeout, telemetry: false });
};

interface PhoneAnswer {
  status?: string;
  next_action?: { redirect_to_url: { url: string } } | null;
  error?: { code: string; decline_code?: string };
}
const bankPage = (body: PhoneAnswer): string => body.next_action?.redirect_to_url.url ?? '';

/** As the phone does it: the publishable key, the secret of the intent, a card. */
async function confirmOnPhone(id: string, clientSecret: string, card: string): Promise<{ status: number; body: PhoneAnswer }> {
  const answer = await fetch(`${standIn.url}/v1/setup_intents/${id}/confirm`, {
    method: 'POST',
    headers: { authorization: `Bearer ${standIn.publishableKey}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_secret: clientSecret, payment_method: card }),
  });
  return { status: answer.status, body: (await answer.json()) as PhoneAnswer };
}

async function riderWith(card: string): Promise<{ customer: string; paymentMethod: string }> {
  const customer = await stripe.customers.create({ metadata: { rider_id: 'r' } });
  const intent = await stripe.setupIntents.create({ customer: customer.id, usage: 'off_session', allowed_payment_method_types: ['card'] });
  const { body } = await confirmOnPhone(intent.id, intent.client_secret ?? '', card);
  if (body.status === 'requires_action') await fetch(bankPage(body), { method: 'POST' });
  const { payment_method: method } = await stripe.setupIntents.retrieve(intent.id);
  return { customer: customer.id, paymentMethod: typeof method === 'string' ? method : '' };
}

const hold = (rider: { customer: string; paymentMethod: string }, amount: number, idempotencyKey?: string) =>
  stripe.paymentIntents.create(
    {
      amount, currency: 'eur', customer: rider.customer, payment_method: rider.paymentMethod, confirm: true, capture_method: 'manual',
      allowed_payment_method_types: ['card'], metadata: { ride_id: 'ride-1', payment_id: 'pay-1' },
    },
    idempotencyKey === undefined ? undefined : { idempotencyKey },
  );

const charge = (rider: { customer: string; paymentMethod: string }, amount: number) =>
  stripe.paymentIntents.create({
    amount, currency: 'eur', customer: rider.customer, payment_method: rider.paymentMethod, confirm: true, off_session: true,
    allowed_payment_method_types: ['card'],
  });

beforeEach(async () => {
  dataFile = path.join(mkdtempSync(path.join(tmpdir(), 'stand-in-')), 'stripe.jsonl');
  await start(dataFile);
});
afterEach(() => standIn.stop());

describe('saving a card', () => {
  it('saves one that needs no confirmation at once', async () => {
    const customer = await stripe.customers.create();
    const intent = await stripe.setupIntents.create({ customer: customer.id, usage: 'off_session', allowed_payment_method_types: ['card'] });
    expect(intent).toMatchObject({ status: 'requires_payment_method', usage: 'off_session', payment_method: null });
    expect((await confirmOnPhone(intent.id, intent.client_secret ?? '', 'pm_card_visa')).body.status).toBe('succeeded');
    const read = await stripe.setupIntents.retrieve(intent.id, { expand: ['payment_method'] });
    expect(read).toMatchObject({ status: 'succeeded', payment_method: { card: { brand: 'visa', last4: '4242' }, customer: customer.id } });
  });

  it('sends the rider to the bank for 3DS and saves the card when the bank says yes', async () => {
    const intent = await stripe.setupIntents.create({ usage: 'off_session' });
    const { body } = await confirmOnPhone(intent.id, intent.client_secret ?? '', 'pm_card_threeDSecureRequired');
    expect(body).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    const page = await fetch(bankPage(body));
    expect(await page.text()).toContain('Your bank asks');
    expect((await stripe.setupIntents.retrieve(intent.id)).status).toBe('requires_action');
    expect((await fetch(bankPage(body), { method: 'POST' })).status).toBe(200);
    expect((await stripe.setupIntents.retrieve(intent.id)).status).toBe('succeeded');
  });

  it('keeps nothing when the rider refuses at the bank', async () => {
    const intent = await stripe.setupIntents.create({ usage: 'off_session' });
    const { body } = await confirmOnPhone(intent.id, intent.client_secret ?? '', 'pm_card_threeDSecureRequired');
    await fetch(bankPage(body), { method: 'POST', body: new URLSearchParams({ answer: 'no' }) });
    expect(await stripe.setupIntents.retrieve(intent.id)).toMatchObject({ status: 'requires_payment_method', payment_method: null });
  });

  it('does not save a card that declines', async () => {
    const intent = await stripe.setupIntents.create({ usage: 'off_session' });
    const { status, body } = await confirmOnPhone(intent.id, intent.client_secret ?? '', 'pm_card_chargeDeclined');
    expect([status, body.error?.code, body.error?.decline_code]).toEqual([402, 'card_declined', 'generic_decline']);
    expect((await stripe.setupIntents.retrieve(intent.id)).status).toBe('requires_payment_method');
  });

  it('opens nothing to a phone with the wrong secret, and nothing else to a publishable key', async () => {
    const intent = await stripe.setupIntents.create({ usage: 'off_session' });
    expect((await confirmOnPhone(intent.id, 'guessed', 'pm_card_visa')).status).toBe(404);
    await expect(clientFor(standIn.publishableKey).customers.create()).rejects.toMatchObject({ type: 'StripeAuthenticationError' });
    await expect(clientFor('sk_test_other').customers.create()).rejects.toMatchObject({ statusCode: 401 });
  });
});

describe('holding and charging', () => {
  it('holds an amount and captures less than it, once', async () => {
    const intent = await hold(await riderWith('pm_card_visa'), 1000);
    expect(intent).toMatchObject({ status: 'requires_capture', amount: 1000, amount_capturable: 1000, amount_received: 0 });
    const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 336 });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 336, amount_capturable: 0 });
    await expect(stripe.paymentIntents.capture(intent.id)).rejects.toMatchObject({ code: 'payment_intent_unexpected_state' });
  });

  it('refuses to capture more than was held', async () => {
    const intent = await hold(await riderWith('pm_card_visa'), 1000);
    await expect(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1001 })).rejects.toMatchObject({ code: 'amount_too_large', statusCode: 400 });
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
  });

  it('cancels a hold, and never after it was captured', async () => {
    const rider = await riderWith('pm_card_visa');
    const [first, second] = [await hold(rider, 1000), await hold(rider, 1000)];
    expect((await stripe.paymentIntents.cancel(first.id)).status).toBe('canceled');
    await stripe.paymentIntents.capture(second.id);
    await expect(stripe.paymentIntents.cancel(second.id)).rejects.toMatchObject({ code: 'payment_intent_unexpected_state' });
  });

  it.each`
    card                                 | atCharge
    ${'pm_card_chargeCustomerFail'}      | ${{ code: 'card_declined', decline_code: 'generic_decline', statusCode: 402 }}
    ${'pm_card_authenticationRequired'}  | ${{ code: 'authentication_required', statusCode: 402 }}
  `('refuses to charge $card off session', async (row) => {
    const { card, atCharge } = row as unknown as { card: string; atCharge: object };
    await expect(charge(await riderWith(card), 500)).rejects.toMatchObject({ type: 'StripeCardError', ...atCharge });
  });

  it.each(['pm_card_visa', 'pm_card_threeDSecureRequired', 'pm_card_authenticationRequiredOnSetup'])('charges %s off session once it is saved', async (card) => {
    expect(await charge(await riderWith(card), 500)).toMatchObject({ status: 'succeeded', amount_received: 500 });
  });

  it('asks a rider who is there to confirm at the bank', async () => {
    const intent = await hold(await riderWith('pm_card_authenticationRequired'), 1000);
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    await fetch(intent.next_action?.redirect_to_url?.url ?? '', { method: 'POST' });
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
  });

  it('refuses parameters that left the API, and amounts too small to charge', async () => {
    const rider = await riderWith('pm_card_visa');
    await expect(stripe.paymentIntents.create({ amount: 500, currency: 'eur', payment_method_types: ['card'] } as never)).rejects.toMatchObject({ code: 'parameter_unknown' });
    await expect(charge(rider, 49)).rejects.toMatchObject({ code: 'amount_too_small' });
  });

  it('finds payments by what we wrote on them, and lists those of a rider newest first', async () => {
    const rider = await riderWith('pm_card_visa');
    const [first, second] = [await hold(rider, 1000), await charge(rider, 600)];
    const found = await stripe.paymentIntents.search({ query: "metadata['payment_id']:'pay-1'" });
    expect(found.data.map(({ id }) => id)).toEqual([first.id]);
    const listed = await stripe.paymentIntents.list({ customer: rider.customer });
    expect(listed.data.map(({ id }) => id)).toEqual([second.id, first.id]);
  });
});

describe('idempotency', () => {
  it('gives the first answer again, a refusal too, and says so', async () => {
    const rider = await riderWith('pm_card_visa');
    const [first, again] = [await hold(rider, 1000, 'ride:1:1'), await hold(rider, 1000, 'ride:1:1')];
    expect(again.id).toBe(first.id);
    expect([first, again].map(({ lastResponse }) => lastResponse.headers['idempotent-replayed'])).toEqual([undefined, 'true']);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
  });

  it('refuses the same key for another request', async () => {
    const rider = await riderWith('pm_card_visa');
    await hold(rider, 1000, 'ride:1:1');
    await expect(hold(rider, 2000, 'ride:1:1')).rejects.toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
  });

  it('answers 409 to a second call while the first is under way', async () => {
    const rider = await riderWith('pm_card_visa');
    standIn.faults.next({ kind: 'slow', milliseconds: 300 });
    const answers = await Promise.allSettled([hold(rider, 1000, 'ride:1:1'), hold(rider, 1000, 'ride:1:1')]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { statusCode: 409, code: 'idempotency_key_in_use' } });
  });

  it('does not remember a request that failed validation', async () => {
    const rider = await riderWith('pm_card_visa');
    await expect(hold({ ...rider, customer: 'cus_nobody' }, 1000, 'ride:1:1')).rejects.toMatchObject({ code: 'resource_missing' });
    expect((await hold(rider, 1000, 'ride:1:1')).status).toBe('requires_capture');
  });
});

describe('bad days', () => {
  it.each`
    day                           | fault                                                    | times | charges
    ${'hangs before executing'}   | ${{ kind: 'hang', executed: false }}                     | ${1}  | ${0}
    ${'hangs after executing'}    | ${{ kind: 'hang', executed: true }}                      | ${1}  | ${1}
    ${'breaks before executing'}  | ${{ kind: 'error', executed: false, remembered: false }} | ${1}  | ${0}
    ${'breaks after executing'}   | ${{ kind: 'error', executed: true, remembered: true }}   | ${1}  | ${1}
    ${'resets before executing'}  | ${{ kind: 'reset', executed: false }}                    | ${2}  | ${0}
    ${'loses its answer'}         | ${{ kind: 'reset', executed: true }}                     | ${2}  | ${1}
  `('when Stripe $day, the caller knows nothing and $charges hold exists', async (row) => {
    const { fault, times, charges } = row as unknown as { fault: Fault; times: number; charges: number };
    const rider = await riderWith('pm_card_visa');
    standIn.faults.next(fault, { times });
    await expect(clientFor(standIn.secretKey, 300).paymentIntents.create(
      { amount: 1000, currency: 'eur', customer: rider.customer, payment_method: rider.paymentMethod, confirm: true }, { idempotencyKey: 'k' },
    )).rejects.toBeDefined();
    expect((await stripe.paymentIntents.list()).data).toHaveLength(charges);
  });
});

describe('webhooks', () => {
  let listener: Server;
  const heard: { body: string; signature: string }[] = [];
  let failures = 0;

  beforeEach(async () => {
    heard.length = 0;
    listener = createServer((request, reply) => {
      let body = '';
      request.on('data', (part) => { body += String(part); });
      request.on('end', () => {
        heard.push({ body, signature: String(request.headers['stripe-signature']) });
        reply.writeHead(failures-- > 0 ? 500 : 200).end();
      });
    });
    await new Promise<void>((resolve) => { listener.listen(0, '127.0.0.1', resolve); });
    standIn.setWebhookUrl(`http://127.0.0.1:${String((listener.address() as { port: number }).port)}/hook`);
  });
  afterEach(() => { listener.closeAllConnections(); listener.close(); });

  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };

  it('tells what happened with a signature the SDK accepts, again when it was not taken', async () => {
    failures = 1;
    const intent = await hold(await riderWith('pm_card_visa'), 1000);
    const types = () => heard.map(({ body, signature }) => stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET)).map(({ type }) => type);
    await until(() => types().includes('payment_intent.amount_capturable_updated') && heard.length >= 5);
    const last = heard.find(({ body }) => body.includes('amount_capturable_updated'));
    expect(JSON.parse(last?.body ?? '{}')).toMatchObject({ object: 'event', data: { object: { id: intent.id, status: 'requires_capture' } } });
    expect(() => stripe.webhooks.constructEvent(`${last?.body ?? ''} `, last?.signature ?? '', WEBHOOK_SECRET)).toThrow();
    expect(new Set(heard.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size).toBeLessThan(heard.length);
  });
});

describe('a second start', () => {
  it('knows cards, holds and keys, even when the last line was cut off', async () => {
    const rider = await riderWith('pm_card_visa');
    const intent = await hold(rider, 1000, 'ride:1:1');
    await standIn.stop();
    appendFileSync(dataFile, '["object",{"id":"pi_ha');
    await start(dataFile);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
    expect((await hold(rider, 1000, 'ride:1:1')).id).toBe(intent.id);
    expect((await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 28 })).amount_received).toBe(28);
    const charges = (await (await fetch(`${standIn.url}/_stand-in/charges`)).json()) as { items: object[] };
    expect(charges.items).toEqual([expect.objectContaining({ id: intent.id, captured: 28, rideId: 'ride-1' })]);
  });
});
