// A scooter kept for ten minutes while its rider walks to it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BASTILLE } from '../kit/places.js';
import { expectStatus } from '../kit/people.js';
import { World } from '../kit/world.js';

describe('a reservation', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const near = async () => (await world.door.get<{ items: { id: string }[] }>(`/rider/scooters?latitude=${BASTILLE.latitude}&longitude=${BASTILLE.longitude}`)).body.items.map(({ id }) => id);

  it('keeps the scooter from others for ten minutes, free of charge, and lets it go by itself', async () => {
    const [rider, other] = [await world.people.rider(), await world.people.rider()];
    const { id } = await world.garage.scooter();
    expect(await near()).toContain(id);
    const held = await expectStatus(rider.post<{ id: string; createdAt: string; expiresAt: string }>('/rider/reservations', { scooterId: id }), 201);
    expect(new Date(held.body.expiresAt).getTime() - new Date(held.body.createdAt).getTime()).toBeCloseTo(600_000, -2);
    expect(await near()).not.toContain(id);
    expect((await other.post('/rider/reservations', { scooterId: id })).body.error?.code).toBe('scooter_not_available');
    expect((await other.request(id)).body.error?.code).toBe('scooter_not_available');

    await world.pass(590, 2);
    expect((await rider.get('/rider/reservations/current')).status).toBe(200);
    await world.pass(15);
    await world.until(async () => (await near()).includes(id), 'the scooter being free again');
    expect((await rider.get('/rider/reservations/current')).status).toBe(404);
    expect((await rider.post('/rider/reservations', { scooterId: id })).body.error?.code).toBe('reserved_too_soon');
    await world.pass(600);
    const again = await expectStatus(rider.post<{ id: string }>('/rider/reservations', { scooterId: id }), 201);
    expect((await rider.delete(`/rider/reservations/${again.body.id}`)).status).toBe(204);
    expect(await world.books()).toEqual({ fares: 0, captured: 0, debts: 0 });
  });

  it('becomes the ride of the one who holds it, and of nobody else', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const another = await world.garage.scooter();
    await expectStatus(rider.post('/rider/reservations', { scooterId: id }), 201);
    expect((await rider.post('/rider/reservations', { scooterId: another.id })).body.error?.code).toBe('rider_already_reserved');
    expect((await rider.request(another.id)).body.error?.code).toBe('rider_already_reserved');
    const ride = await rider.take(id);
    expect((await rider.get('/rider/reservations/current')).status).toBe(404);
    await world.pass(700);
    expect((await rider.ride(ride.id)).state).toBe('riding');
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('is given to one of many who tap at once', async () => {
    const riders = await Promise.all(Array.from({ length: 6 }, () => world.people.rider()));
    const { id } = await world.garage.scooter();
    const answers = await Promise.all(riders.map((rider) => rider.post('/rider/reservations', { scooterId: id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('rings the scooter for the one who holds it', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const held = await expectStatus(rider.post<{ id: string }>('/rider/reservations', { scooterId: id }), 201);
    const tap = await world.tap();
    expect((await rider.post(`/rider/reservations/${held.body.id}/locate`)).status).toBe(202);
    await world.until(() => tap.commandsTo(id).some(({ kind }) => kind === 'locate'), 'the ring');
    const stranger = await world.people.rider();
    expect((await stranger.post(`/rider/reservations/${held.body.id}/locate`)).status).toBe(404);
    await tap.close();
  });

  it('is not given while the service is closed, nor in the last quarter of an hour', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const now = world.clock.now();
    const quarterToEleven = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), 21, 45, 5);
    await world.pass((quarterToEleven - now.getTime()) / 1000, 3);
    expect((await rider.post('/rider/reservations', { scooterId: id })).body.error?.code).toBe('service_closed');
    expect((await rider.request(id)).body.error?.code).toBe('service_closed');
    await world.pass(8.5 * 3600, 3);
    await world.until(async () => (await rider.post('/rider/reservations', { scooterId: id })).status === 201, 'the morning');
  });
});
