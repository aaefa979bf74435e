// What is no longer needed is forgotten by itself, and what the books need stays.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from '../kit/world.js';

const DAY = 86_400;

describe('forgetting', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const count = async (what: string): Promise<number> =>
    (await world.db.query<{ n: number }[]>(`select count(*)::int as n from ${what}`))[0]?.n ?? -1;

  it('happens on time: answers after two days, codes after a month, places of rides after two years', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const { body } = await rider.request(id, { headers: { 'idempotency-key': 'tap-1' } });
    await rider.until(body.id, 'riding');
    await world.pass(200);
    await rider.post(`/rider/rides/${body.id}/end`);
    await rider.until(body.id, 'ended');
    await world.until(async () => (await rider.ride(body.id)).payment.state === 'paid', 'paid');
    const books = await world.books();
    expect([await count('idempotency_keys'), await count('phone_codes'), await count('rides where start_latitude is not null')]).toEqual([1, 1, 1]);

    await world.pass(1 * DAY);
    expect(await count('idempotency_keys')).toBe(1);
    await world.pass(1.1 * DAY);
    await world.until(async () => (await count('idempotency_keys')) === 0, 'the answer being forgotten');
    expect(await count('phone_codes')).toBe(1);
    await world.pass(29 * DAY);
    await world.until(async () => (await count('phone_codes')) === 0, 'the code being forgotten');
    expect(await count('sessions')).toBeGreaterThan(0);
    await world.pass(60 * DAY);
    await world.until(async () => (await count('sessions')) + (await count('scooter_events where kind = $$command_done$$')) + (await count('stripe_events')) === 0, 'sessions and hints being forgotten');
    expect(await count('rides where start_latitude is not null')).toBe(1);
    await world.pass(640 * DAY);
    await world.until(async () => (await count('rides where coalesce(start_latitude, end_latitude) is not null')) === 0, 'places being forgotten');
    expect(await count('rides where fare_cents is not null')).toBe(1);
    expect(await world.books()).toEqual(books);
  });
});
