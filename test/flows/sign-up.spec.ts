// Becoming a rider: a phone that is proved, a licence that somebody looks at, a bank that asks back.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { expectStatus } from '../kit/people.js';
import { World } from '../kit/world.js';

describe('signing up', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const person = (number: number, birthDate = '1980-02-29') => ({
    firstName: 'Anaïs', lastName: `O’Neill ${String(number)}`, email: `anais${String(number)}@example.org`,
    phone: `+3370000${String(1000 + number)}`, birthDate, language: 'fr',
  });

  it('takes a code of six digits, once, and not after five wrong ones', async () => {
    const body = person(1);
    await expectStatus(world.door.post('/rider/sign-up', { body }), 201);
    const code = await world.people.codeFor(body.phone);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let tries = 0; tries < 5; tries++) {
      expect((await world.door.post('/rider/verify-phone', { body: { phone: body.phone, code: wrong } })).body.error?.code).toBe('code_wrong');
    }
    expect((await world.door.post('/rider/verify-phone', { body: { phone: body.phone, code } })).body.error?.code).toBe('code_wrong');

    await world.pass(2);
    await expectStatus(world.door.post('/rider/sign-in', { body: { phone: body.phone } }), 202);
    await world.until(() => world.sms.messagesTo(body.phone).length === 2, 'the second code');
    const second = await world.people.codeFor(body.phone);
    const { body: session } = await expectStatus(world.door.post<{ token: string }>('/rider/verify-phone', { body: { phone: body.phone, code: second } }), 200);
    expect((await world.door.get('/rider/profile', { token: session.token })).status).toBe(200);
    expect((await world.door.post('/rider/verify-phone', { body: { phone: body.phone, code: second } })).status).toBe(401);
  });

  it('asks who was born from 1988 for a licence, and a person looks at it before the first ride', async () => {
    const rider = await world.people.rider({ birthDate: '1995-06-01' });
    const { id } = await world.garage.scooter();
    expect((await rider.request(id)).body.error?.code).toBe('licence_missing');
    await expectStatus(rider.post('/rider/licence', { class: 'B', number: '13AA00002', issuedOn: '2014-07-01' }), [200, 201, 202]);
    expect((await rider.request(id)).body.error?.code).toBe('licence_in_review');

    const support = await world.people.staff('support');
    await expectStatus(support.post(`/operator/riders/${rider.riderId}/licence`, { decision: 'refuse', reason: 'the number cannot be read' }), [200, 201]);
    expect((await rider.request(id)).body.error?.code).toBe('licence_refused');
    expect(JSON.stringify((await rider.get('/rider/profile')).body)).toContain('the number cannot be read');
    await expectStatus(rider.post('/rider/licence', { class: 'B', number: '13AA00003', issuedOn: '2014-07-01' }), [200, 201, 202]);
    await expectStatus(support.post(`/operator/riders/${rider.riderId}/licence`, { decision: 'accept', reason: 'seen' }), [200, 201]);
    const ride = await rider.take(id);
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'released', 'released');
  });

  it('refuses children, and keeps nothing of them', async () => {
    const body = person(3, '2012-01-01');
    expect((await world.door.post('/rider/sign-up', { body })).body.error?.code).toBe('rider_too_young');
    expect(await world.db.query('select 1 from riders where phone = $1', [body.phone])).toEqual([]);
  });

  it('does not take a card whose bank has not been asked, and takes it once the rider has confirmed there', async () => {
    const rider = await world.people.rider({ card: null });
    const { body: setup } = await expectStatus(
      rider.post<{ setupIntentId: string; clientSecret: string; publishableKey: string }>('/rider/card/setup', {}), [200, 201]);
    expect((await rider.post('/rider/card', { setupIntentId: setup.setupIntentId })).body.error?.code).toBe('card_not_confirmed');
    const confirmed = await fetch(`${world.stripe.url}/v1/setup_intents/${setup.setupIntentId}/confirm`, {
      method: 'POST', headers: { authorization: `Bearer ${setup.publishableKey}` },
      body: new URLSearchParams({ client_secret: setup.clientSecret, payment_method: 'pm_card_threeDSecureRequired' }),
    });
    const intent = (await confirmed.json()) as { status: string; next_action: { redirect_to_url: { url: string } } };
    expect(intent.status).toBe('requires_action');
    expect((await rider.post('/rider/card', { setupIntentId: setup.setupIntentId })).body.error?.code).toBe('card_not_confirmed');
    const page = await fetch(intent.next_action.redirect_to_url.url);
    expect(await page.text()).toContain('<form');
    await fetch(intent.next_action.redirect_to_url.url, { method: 'POST', redirect: 'manual' });
    const { body: card } = await expectStatus(rider.post('/rider/card', { setupIntentId: setup.setupIntentId }), [200, 201]);
    expect(card).toMatchObject({ brand: 'visa', last4: '3220' });
    const stranger = await world.people.rider({ card: null });
    expect((await stranger.post('/rider/card', { setupIntentId: setup.setupIntentId })).status).toBeGreaterThanOrEqual(400);
  });
});
