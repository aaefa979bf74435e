// When nobody answers: the scooter, the broker, the bank. Silence is never taken for a yes or a no, nothing
// that was asked for arrives later, and the rider never pays for it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestScooter } from '../kit/garage.js';
import type { TestRider } from '../kit/people.js';
import { World } from '../kit/world.js';

describe('silence', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const stateOf = async (id: string) => (await world.garage.stateOf(id as TestScooter['id']))['state'];
  /** The next so many messages pass, in either direction, and none after them. */
  const deafAfter = (scooter: TestScooter, messages: number): void => {
    let passed = 0;
    scooter.unit.setFaults({ get lost() { return passed++ < messages ? 0 : 1; } });
  };
  const unlockingOf = async (rider: TestRider, scooter: TestScooter): Promise<string> => {
    const { body } = await rider.request(scooter.id);
    await world.until(async () => (await world.db.query<unknown[]>(`select 1 from commands where scooter_id = $1 and state = 'sent'`, [scooter.id])).length > 0, 'a sent unlock');
    return body.id;
  };

  it('of a scooter that is not there is told at once, and nothing is sent or held', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    scooter.unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === false, 'the broker telling that it is gone');
    const tap = await world.tap();
    const began = performance.now();
    const answer = await rider.request(scooter.id);
    expect([answer.status, answer.body.error?.code]).toEqual([409, 'scooter_offline']);
    expect(performance.now() - began).toBeLessThan(3000);
    scooter.unit.findNetwork();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === true, 'the scooter being back');
    expect(tap.commandsTo(scooter.id)).toEqual([]);
    expect(await stateOf(scooter.id)).toBe('available');
    await tap.close();
  });

  it('of our own line to the broker is told within three seconds, the hold goes back, and nothing arrives later', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const tap = await world.tap();
    world.wire.cutNow();
    await world.until(async () => (await world.door.get('/health/ready')).status === 503, 'the service knowing it is cut off');
    const began = performance.now();
    const { status, body } = await rider.request(scooter.id);
    if (status === 202) expect((await rider.until(body.id, 'failed')).failure?.code).toBe('broker_down');
    else expect([status, body.error?.code]).toEqual([503, 'broker_down']);
    expect(performance.now() - began).toBeLessThan(3000);
    world.wire.mend();
    await world.until(async () => (await world.door.get('/health/ready')).status === 200, 'the line being back');
    await world.pass(30, 5);
    expect(tap.commandsTo(scooter.id)).toEqual([]);
    expect(scooter.unit.sensors.lock).toBe('closed');
    expect(await stateOf(scooter.id)).toBe('available');
    await tap.close();
  });

  it('after an unlock is unknown: fenced by a higher nonce, nobody gets the scooter, and it costs nothing', async () => {
    const [rider, other] = [await world.people.rider(), await world.people.rider()];
    const scooter = await world.garage.scooter();
    scooter.unit.setFaults({ lost: 1 });
    const rideId = await unlockingOf(rider, scooter);
    await world.pass(20, 4);
    expect((await rider.until(rideId, 'unsure')).failure).toBeNull();
    expect(await stateOf(scooter.id)).toBe('unsure');
    expect((await other.request(scooter.id)).body.error?.code).toBe('scooter_not_available');

    scooter.unit.setFaults({});
    await world.until(async () => {
      await world.pass(5);
      return (await rider.ride(rideId)).state === 'failed';
    }, 'the fence reaching the scooter');
    const commands = await world.db.query<{ kind: string; state: string }[]>('select kind, state from commands where scooter_id = $1 order by nonce', [scooter.id]);
    expect(commands[0]).toEqual({ kind: 'unlock', state: 'expired' });
    expect(commands.at(-1)).toEqual({ kind: 'lock', state: 'done' });
    expect(scooter.unit.sensors.lock).toBe('closed');
    expect(await stateOf(scooter.id)).toBe('available');
    await world.until(async () => (await rider.ride(rideId)).payment.state === 'released', 'the hold going back');
  });

  it('after an unlock that happened is a ride from its true beginning, once the scooter speaks', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    deafAfter(scooter, 1);
    const rideId = await unlockingOf(rider, scooter);
    await world.until(() => scooter.unit.sensors.lock === 'open', 'the scooter opening');
    const openedAt = world.clock.now().getTime();
    await world.pass(20, 4);
    await rider.until(rideId, 'unsure');
    // The rider sees an open scooter and rides away; a moving scooter refuses the fence.
    scooter.unit.ride({ waypoints: [{ latitude: 48.8601, longitude: 2.3801 }] });
    await world.pass(10, 5);
    scooter.unit.setFaults({});
    await world.until(async () => {
      await world.pass(2);
      return (await rider.ride(rideId)).state === 'riding';
    }, 'the late answer');
    const { startedAt } = await rider.ride(rideId);
    expect(Math.abs(new Date(startedAt ?? 0).getTime() - openedAt)).toBeLessThan(1500);
    await world.pass(300, 20);
    scooter.unit.park();
    await rider.post(`/rider/rides/${rideId}/end`);
    const ended = await rider.until(rideId, 'ended');
    expect(ended.fareCents).toBeGreaterThanOrEqual(6 * 28);
    await world.until(async () => (await rider.ride(rideId)).payment.state === 'paid', 'paid');
  });

  it('at the end stops the meter when the rider asked, and the lock follows when the scooter is heard again', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    await world.pass(290, 10);
    scooter.unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === false, 'the scooter being gone');
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'locking');
    const asked = (await rider.ride(ride.id)).runningFareCents;
    await world.pass(200, 5);
    expect((await rider.ride(ride.id)).runningFareCents).toBe(asked);
    scooter.unit.findNetwork();
    const ended = await rider.until(ride.id, 'ended');
    expect(ended.fareCents).toBe(5 * 28);
    expect(scooter.unit.sensors.lock).toBe('closed');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('that lasts ends the ride in the rider’s favour, and keeps the scooter from everyone until it speaks', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    await world.pass(100);
    scooter.unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === false, 'the scooter being gone');
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'locking');
    await world.pass(310);
    const ended = await rider.until(ride.id, 'ended');
    expect(ended.runningFareCents).toBeLessThanOrEqual(2 * 28);
    expect(await stateOf(scooter.id)).toBe('unsure');
    scooter.unit.findNetwork();
  });

  it('of the bank leaves the ride asking with the same key, and exactly one hold is made', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    world.stripe.faults.next({ kind: 'reset', executed: true }, { operation: 'payment_intents.create', times: 2 });
    const { body } = await rider.request(scooter.id);
    await world.until(async () => {
      await world.pass(2);
      return (await rider.ride(body.id)).state === 'riding';
    }, 'riding after the bank was asked again');
    await world.pass(60);
    await rider.post(`/rider/rides/${body.id}/end`);
    await rider.until(body.id, 'ended');
    const charges = (await (await fetch(`${world.stripe.url}/_stand-in/charges`)).json()) as { items: { rideId: string | null }[] };
    expect(charges.items.filter(({ rideId }) => rideId === body.id)).toHaveLength(1);
  });

  it('of the bank’s word no is a clear no: nothing is sent to the scooter', async () => {
    const rider = await world.people.rider({ card: 'pm_card_chargeCustomerFail' });
    const scooter = await world.garage.scooter();
    const tap = await world.tap();
    const { body } = await rider.request(scooter.id);
    const failed = await rider.until(body.id, 'failed');
    expect(failed.failure?.code).toBe('card_declined');
    expect(tap.commandsTo(scooter.id)).toEqual([]);
    expect(await stateOf(scooter.id)).toBe('available');
    await tap.close();
  });
});
