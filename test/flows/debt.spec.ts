// A long ride costs more than the hold, and the bank says no to the rest: a debt, no ride before it is
// paid, and every cent in the books.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from '../kit/world.js';

describe('a debt', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  it('stops the next ride and never the one under way, and is gone when it is paid', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const ride = await rider.take(id);
    await world.pass(50 * 60 - 20);
    world.stripe.faults.next({ kind: 'decline', code: 'card_declined', declineCode: 'insufficient_funds' }, { operation: 'payment_intents.create' });
    await rider.post(`/rider/rides/${ride.id}/end`);
    const ended = await rider.until(ride.id, 'ended');
    expect(ended.fareCents).toBe(50 * 28);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'debt', 'a debt');
    expect((await rider.ride(ride.id)).payment).toEqual({ state: 'debt', paidCents: 1000, debtCents: 400 });
    expect(await world.books()).toEqual({ fares: 1400, captured: 1000, debts: 400 });

    expect((await rider.request(id)).body.error?.code).toBe('debt_open');
    const { body: debts } = await rider.get<{ items: { id: string; amountCents: number }[] }>('/rider/debts');
    expect(debts.items).toEqual([expect.objectContaining({ amountCents: 400 })]);
    await rider.post(`/rider/debts/${debts.items[0]?.id ?? ''}/pay`);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
    expect(await world.books()).toEqual({ fares: 1400, captured: 1400, debts: 0 });
    const next = await rider.take(id);
    await world.pass(10);
    await rider.post(`/rider/rides/${next.id}/end`);
    await rider.until(next.id, 'ended');
  });

  it('cannot grow beyond the price of a day', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const ride = await rider.take(id);
    await world.pass(3.5 * 3600, 4);
    expect((await rider.ride(ride.id)).runningFareCents).toBe(3360);
    await rider.post(`/rider/rides/${ride.id}/end`);
    expect((await rider.until(ride.id, 'ended')).fareCents).toBe(3360);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('of a rider without a card never comes to be: no card, no ride', async () => {
    const rider = await world.people.rider({ card: null });
    const { id } = await world.garage.scooter();
    expect((await rider.request(id)).body.error?.code).toBe('card_missing');
  });
});
