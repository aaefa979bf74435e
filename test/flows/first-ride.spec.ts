// The main job, end to end: a scooter is found, taken, ridden, paused, left and paid.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BASTILLE, LOUVRE, SAINT_DENIS } from '../kit/places.js';
import { World } from '../kit/world.js';

describe('a ride', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  it('goes from the first look at the map to the receipt, and costs what the clock of the scooter says', async () => {
    const rider = await world.people.rider();
    const { id, unit } = await world.garage.scooter({ at: LOUVRE });
    const near = await rider.get<{ items: { id: string; rangeKm: number }[] }>(`/rider/scooters?latitude=${LOUVRE.latitude}&longitude=${LOUVRE.longitude}`);
    expect(near.body.items.find((item) => item.id === id)?.rangeKm).toBeCloseTo(40, 0);

    const ride = await rider.take(id);
    expect(unit.sensors.lock).toBe('open');
    await world.pass(1);
    unit.ride({ waypoints: [BASTILLE] });
    await world.pass(600, 60);
    expect(unit.underway).toBe(false);
    expect((await rider.ride(ride.id)).runningFareCents).toBe(11 * 28);

    await rider.post(`/rider/rides/${ride.id}/end`);
    const refused = await rider.until(ride.id, 'riding');
    expect(refused.refusal?.code).toBe('ignition_on');
    unit.park();
    await rider.post(`/rider/rides/${ride.id}/end`);
    const ended = await rider.until(ride.id, 'ended');

    expect(unit.sensors.lock).toBe('closed');
    expect(ended.fareCents).toBe(11 * 28);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
    const receipt = await rider.get<Record<string, number>>(`/rider/rides/${ride.id}/receipt`);
    expect(receipt.body).toMatchObject({ totalCents: 308, netCents: 257, taxCents: 51, taxPercent: 20, currency: 'EUR' });
    expect(receipt.body['distanceM']).toBeGreaterThan(2000);
    expect(await world.books()).toEqual({ fares: 308, captured: 308, debts: 0 });
    const free = await world.garage.stateOf(id);
    expect(free).toMatchObject({ state: 'available' });
    expect(free['latitude']).toBeCloseTo(BASTILLE.latitude, 2);
  });

  it('costs less while it is paused, and says so line by line', async () => {
    const rider = await world.people.rider();
    const { id, unit } = await world.garage.scooter();
    const ride = await rider.take(id);
    await world.pass(150);
    await rider.post(`/rider/rides/${ride.id}/pause`);
    await rider.until(ride.id, 'paused');
    expect(unit.sensors.lock).toBe('closed');
    await world.pass(290);
    await rider.post(`/rider/rides/${ride.id}/resume`);
    await rider.until(ride.id, 'riding');
    await world.pass(100);
    await rider.post(`/rider/rides/${ride.id}/end`);
    const ended = await rider.until(ride.id, 'ended');
    expect(ended.fareCents).toBe(5 * 28 + 5 * 13);
    expect(ended['fareLines']).toEqual([
      expect.objectContaining({ kind: 'riding', minutes: 5, amountCents: 140 }),
      expect.objectContaining({ kind: 'pause', minutes: 5, amountCents: 65 }),
    ]);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('does not end outside the city, and says where it may', async () => {
    const rider = await world.people.rider();
    const { id, unit } = await world.garage.scooter();
    const ride = await rider.take(id);
    unit.ride({ waypoints: [SAINT_DENIS] });
    await world.pass(1500, 100);
    unit.park();
    await rider.post(`/rider/rides/${ride.id}/end`);
    const refused = await rider.until(ride.id, 'riding');
    expect(refused.refusal?.code).toBe('outside_service_area');
    const { nearestEnd } = refused.refusal?.details as { nearestEnd: { position: { latitude: number; longitude: number } } };
    unit.ride({ waypoints: [nearestEnd.position] });
    await world.pass(900, 60);
    unit.park();
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('is free when it was a mistake: back within two minutes, where it began', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const ride = await rider.take(id);
    await world.pass(60);
    await rider.post(`/rider/rides/${ride.id}/end`);
    expect((await rider.until(ride.id, 'ended')).fareCents).toBe(0);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'released', 'released');
  });

  it('is given to one of two riders who tap at once', async () => {
    const riders = await Promise.all([world.people.rider(), world.people.rider(), world.people.rider()]);
    const { id } = await world.garage.scooter();
    const answers = await Promise.all(riders.map((rider) => rider.request(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const at = answers.findIndex(({ status }) => status === 202);
    const [winner, won] = [riders[at], answers[at]];
    await winner?.until(won?.body.id ?? '', 'riding');
    await winner?.post(`/rider/rides/${won?.body.id ?? ''}/end`);
    await winner?.until(won?.body.id ?? '', 'ended');
  });
});
