// No ride runs on for ever: not with a jammed bolt, not with a dead scooter, not with a dead phone; and no
// broken timer of a scooter makes a bill.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestScooter } from '../kit/garage.js';
import { TestClock } from '../kit/test-clock.js';
import { World } from '../kit/world.js';

describe('a ride always ends', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const stateOf = async (scooter: TestScooter) => (await world.garage.stateOf(scooter.id))['state'];
  const tasksOf = (scooter: TestScooter) => world.db.query<{ kind: string; state: string }[]>('select kind, state from tasks where scooter_id = $1', [scooter.id]);

  it('when the bolt is jammed: the meter stands at the first asking, nobody else gets the scooter, and a crew goes to look', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    await world.pass(200, 5);
    scooter.unit.put({ thing: 'bolt', state: 'jammed' });
    await rider.post(`/rider/rides/${ride.id}/end`);
    const locking = await rider.until(ride.id, 'locking');
    await world.until(async () => (await rider.ride(ride.id)).refusal !== null, 'the rider being told');
    expect((await rider.ride(ride.id)).refusal?.details).toEqual({ reason: 'jammed' });
    await world.pass(290, 3);
    expect((await rider.ride(ride.id)).runningFareCents).toBe(locking.runningFareCents);
    await world.pass(20);
    const ended = await rider.until(ride.id, 'ended');
    expect(ended.fareCents).toBe(4 * 28);
    expect(await stateOf(scooter)).toBe('unsure');
    expect(await tasksOf(scooter)).toEqual([]);
    await world.pass(1260, 3);
    await world.until(async () => (await tasksOf(scooter)).length === 1, 'an inspection');
    expect(await tasksOf(scooter)).toEqual([expect.objectContaining({ kind: 'inspect' })]);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
    scooter.unit.put({ thing: 'bolt', state: 'free' });
    await world.until(async () => { await world.pass(30); return scooter.unit.sensors.lock === 'closed'; }, 'the lock at last');
  });

  it('when the scooter dies on the way and the rider does nothing: after four hours, for no more than a day costs', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    await world.pass(60);
    scooter.unit.loseNetwork();
    await world.pass(3.9 * 3600, 3);
    expect((await rider.ride(ride.id)).state).toBe('riding');
    await world.pass(0.15 * 3600);
    await rider.until(ride.id, 'locking');
    await world.pass(310);
    expect((await rider.until(ride.id, 'ended')).fareCents).toBe(3360);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('when the rider forgets it: after four hours the scooter locks by itself', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    await world.pass(4.1 * 3600, 4);
    await rider.until(ride.id, 'ended');
    expect(scooter.unit.sensors.lock).toBe('closed');
    expect(await stateOf(scooter)).toBe('available');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('and begins no earlier than it was asked for, whatever the scooter’s timer says', async () => {
    const rider = await world.people.rider();
    const timer = new TestClock(world.clock.now());
    const scooter = await world.garage.scooter({ clock: timer });
    let heard = 0;
    scooter.unit.setFaults({ get lost() { return heard++ === 0 ? 0 : 1; } });
    const { body } = await rider.request(scooter.id);
    await world.until(() => scooter.unit.sensors.lock === 'open', 'the scooter opening');
    timer.moveOn(86_400);
    scooter.unit.setFaults({});
    const riding = await rider.until(body.id, 'riding');
    expect(new Date(riding.startedAt ?? 0).getTime()).toBeGreaterThanOrEqual(new Date(String(riding['requestedAt'])).getTime());
    expect(riding.runningFareCents).toBeLessThanOrEqual(28);
    await rider.post(`/rider/rides/${body.id}/end`);
    await world.until(async () => { await world.pass(5); return ['ended', 'locking'].includes((await rider.ride(body.id)).state); }, 'the end being asked for');
    await world.pass(320, 2);
    expect((await rider.until(body.id, 'ended')).fareCents).toBeLessThanOrEqual(3 * 28);
    await world.until(async () => ['paid', 'released'].includes((await rider.ride(body.id)).payment.state), 'settled');
  });
});
