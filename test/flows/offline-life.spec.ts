// Life without a network on either side: rides end, pause and go on at the scooter itself, by its button, by Bluetooth,
// on its keypad; scooters die on the way. The city hears of it at once or days later, and the bill is the same.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openStreet } from '../../firmware-sim/street.js';
import type { TestScooter } from '../kit/garage.js';
import type { TestRider } from '../kit/people.js';
import { SAINT_DENIS } from '../kit/places.js';
import { World } from '../kit/world.js';

describe('a ride without a network', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const stateOf = async (scooter: TestScooter) => (await world.garage.stateOf(scooter.id))['state'];
  const rowOf = async (rideId: string) => {
    const [row] = await world.db.query<{ ended_by: string | null; ended_despite: string | null; end_latitude: number | null }[]>('select * from rides where id = $1', [rideId]);
    return row;
  };
  const tasksOf = (scooter: TestScooter) => world.db.query<{ kind: string; state: string }[]>('select kind, state from tasks where scooter_id = $1', [scooter.id]);
  /** The scooter open, its rider's phone with what it needs, and the network gone. */
  const outOfReach = async (rider: TestRider, scooter: TestScooter) => {
    const { id } = await rider.take(scooter.id);
    const { offline } = await rider.ride(id);
    scooter.unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === false, 'the scooter being gone');
    if (!offline) throw new Error('the rider was given nothing for the way');
    return { id, ...offline };
  };
  const paid = (rider: TestRider, rideId: string) =>
    world.until(async () => ['paid', 'released'].includes((await rider.ride(rideId)).payment.state), 'paid');

  it('ends on the keypad, and two days later the receipt says the minutes until then', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await outOfReach(rider, scooter);
    await world.pass(570, 3);
    scooter.unit.park();
    expect(scooter.unit.act({ by: 'keypad', code: ride.code, doing: 'end' })).toBeNull();
    expect(scooter.unit.sensors.lock).toBe('closed');
    await world.pass(48 * 3600, 40);
    const billed = await rider.until(ride.id, 'ended');
    expect(billed.fareCents).toBe(3360);

    scooter.unit.findNetwork();
    await world.until(async () => (await rider.ride(ride.id)).fareCents === 10 * 28, 'the true bill');
    const receipt = await rider.get(`/rider/rides/${ride.id}/receipt`);
    expect(receipt.body).toMatchObject({ totalCents: 280, lines: [{ kind: 'riding', minutes: 10 }] });
    await world.until(async () => (await rider.ride(ride.id)).payment.paidCents === 280, 'the difference being given back');
    expect(await rowOf(ride.id)).toMatchObject({ ended_by: 'keypad', ended_despite: null });
    await world.until(async () => (await stateOf(scooter)) === 'available', 'the scooter in service');
  });

  it('pauses, goes on and ends by the pass on a phone that has no network either', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const { id, pass } = await outOfReach(rider, scooter);
    await world.pass(150);
    expect(scooter.unit.act({ by: 'bluetooth', pass, doing: 'pause' })).toBeNull();
    expect(scooter.unit.act({ by: 'button' })).toBe('locked');
    await world.pass(290);
    expect(scooter.unit.act({ by: 'bluetooth', pass, doing: 'resume' })).toBeNull();
    await world.pass(100);
    expect(scooter.unit.act({ by: 'bluetooth', pass, doing: 'end' })).toBeNull();
    await world.pass(3600, 6);
    scooter.unit.findNetwork();
    const ended = await rider.until(id, 'ended');
    expect(ended.fareCents).toBe(5 * 28 + 5 * 13);
    expect(scooter.unit.act({ by: 'bluetooth', pass, doing: 'resume' })).toBe('no_ride');
    expect(await stateOf(scooter)).toBe('available');
    await paid(rider, id);
  });

  it('is paused at the scooter and goes on from the phone, as if it had been asked from there', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const { id } = await rider.take(scooter.id);
    const { offline } = await rider.ride(id);
    await world.pass(30);
    expect(scooter.unit.act({ by: 'keypad', code: offline?.code ?? '', doing: 'pause' })).toBeNull();
    await rider.until(id, 'paused');
    await rider.post(`/rider/rides/${id}/resume`);
    await rider.until(id, 'riding');
    expect(scooter.unit.sensors.lock).toBe('open');
    await rider.post(`/rider/rides/${id}/end`);
    await rider.until(id, 'ended');
    await paid(rider, id);
  });

  it('ends by the button, also where it may not: that is written down, and the rider walks home', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await outOfReach(rider, scooter);
    scooter.unit.ride({ waypoints: [SAINT_DENIS] });
    expect(scooter.unit.act({ by: 'button' })).toBe('ignition_on');
    await world.pass(1500, 100);
    expect(scooter.unit.act({ by: 'bluetooth', pass: ride.pass, doing: 'end' })).toBe('stand_up');
    scooter.unit.park();
    expect(scooter.unit.act({ by: 'button' })).toBeNull();
    scooter.unit.findNetwork();
    await rider.until(ride.id, 'ended');
    expect(await rowOf(ride.id)).toMatchObject({ ended_by: 'button', ended_despite: 'outside_service_area' });
    expect((await rowOf(ride.id))?.end_latitude).toBeCloseTo(SAINT_DENIS.latitude, 2);
    await paid(rider, ride.id);
  });

  it('does not end while the bolt is jammed, whoever says so', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await outOfReach(rider, scooter);
    scooter.unit.put({ thing: 'bolt', state: 'jammed' });
    expect(scooter.unit.act({ by: 'keypad', code: ride.code, doing: 'end' })).toBe('jammed');
    scooter.unit.findNetwork();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === true, 'the scooter being back');
    expect((await rider.ride(ride.id)).state).toBe('riding');
    scooter.unit.put({ thing: 'bolt', state: 'free' });
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await paid(rider, ride.id);
  });

  it('goes on through a power cut of the unit, which still knows its code; and a lock from afar makes it worthless', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const { id } = await rider.take(scooter.id);
    const { offline } = await rider.ride(id);
    const code = offline?.code ?? '';
    scooter.unit.reboot();
    await world.until(async () => Number((await world.garage.stateOf(scooter.id))['boot']) === 2, 'the second life of the unit');
    expect((await rider.ride(id)).state).toBe('riding');
    expect(scooter.unit.act({ by: 'keypad', code, doing: 'pause' })).toBeNull();
    await rider.until(id, 'paused');
    await rider.post(`/rider/rides/${id}/end`);
    await rider.until(id, 'ended');
    expect(scooter.unit.act({ by: 'keypad', code, doing: 'resume' })).toBe('no_ride');
    await paid(rider, id);
  });

  it('gives its pass and code to its rider only, while it runs, and to no list, receipt, log or colleague', async () => {
    const [rider, other] = [await world.people.rider(), await world.people.rider()];
    const scooter = await world.garage.scooter();
    const support = await world.people.staff('support');
    const { id } = await rider.take(scooter.id);
    const { offline } = await rider.ride(id);
    const { pass, code } = offline ?? { pass: '', code: '' };
    expect(pass).toMatch(/^[0-9a-f]{64}$/);
    expect(code).toMatch(/^\d{4}$/);
    const current = await rider.get('/rider/rides/current');
    expect(current.body).toMatchObject({ id, offline: { pass, code } });
    expect((await other.get(`/rider/rides/${id}`)).status).toBe(404);
    const elsewhere = [
      await rider.get('/rider/rides'), await rider.post(`/rider/rides/${id}/pause`), await support.get(`/operator/rides/${id}?reason=the+rider+called`),
      await support.get('/operator/rides'), await support.get(`/operator/scooters/${scooter.id}`),
    ];
    for (const { status, body } of elsewhere) {
      expect([200, 202]).toContain(status);
      expect(JSON.stringify(body)).not.toContain(pass);
      expect(body).not.toHaveProperty('offline');
    }
    await rider.until(id, 'paused');
    await rider.post(`/rider/rides/${id}/end`);
    expect(await rider.until(id, 'ended')).toMatchObject({ offline: null });
    const receipt = await rider.get(`/rider/rides/${id}/receipt`);
    expect(JSON.stringify(receipt.body)).not.toContain(pass);
    expect(world.log.join('')).not.toContain(pass);
    const kept = await world.db.query<unknown[]>('select 1 from idempotency_keys where body::text like $1', [`%${pass}%`]);
    expect(kept).toEqual([]);
    await paid(rider, id);
  });

  it('is over with the last word of a dying pack: told to the rider, nothing more billed, a crew on its way, nobody else’s', async () => {
    const [rider, other] = [await world.people.rider(), await world.people.rider()];
    const scooter = await world.garage.scooter();
    const { id } = await rider.take(scooter.id);
    await world.pass(230, 3);
    scooter.unit.cutPower();
    const ended = await rider.until(id, 'ended');
    expect(ended.fareCents).toBe(4 * 28);
    expect(ended.refusal).toMatchObject({ code: 'battery_died', message: expect.stringContaining('time stopped') });
    expect(await rowOf(id)).toMatchObject({ ended_by: 'power_lost' });
    expect(await tasksOf(scooter)).toEqual([expect.objectContaining({ kind: 'inspect' })]);
    expect((await other.request(scooter.id)).status).toBe(409);
    expect(scooter.unit.act({ by: 'button' })).toBe('no_power');
    await paid(rider, id);

    scooter.unit.powerBack();
    await world.until(async () => { await world.pass(5); return (await stateOf(scooter)) === 'available'; }, 'the scooter in service');
    expect(scooter.unit.sensors.lock).toBe('closed');
    await world.until(async () => (await rowOf(id))?.ended_by === 'power_lost' && (await rider.ride(id)).fareCents === 4 * 28, 'the same bill');
  });

  it('is over without a last word too, once its scooter has been silent with an empty pack for ten minutes', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const { id } = await rider.take(scooter.id);
    await world.pass(120, 2);
    scooter.unit.setFaults({ no_last_gasp: 1 });
    scooter.unit.setCharge(2.5);
    await world.until(async () => Number((await world.garage.stateOf(scooter.id))['charge_percent']) < 3, 'the empty pack being told of');
    const lastHeardAt = world.clock.now().getTime();
    scooter.unit.setCharge(0);
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === false, 'the scooter being gone');
    await world.pass(590, 5);
    expect((await rider.ride(id)).state).toBe('riding');
    await world.pass(20);
    const ended = await rider.until(id, 'ended');
    expect(Math.abs(new Date(ended.endedAt ?? 0).getTime() - lastHeardAt)).toBeLessThan(2000);
    expect(ended.refusal?.code).toBe('battery_died');
    await world.until(async () => (await tasksOf(scooter)).some(({ kind }) => kind === 'inspect'), 'a crew being sent');
    expect(await stateOf(scooter)).toBe('unsure');
    await paid(rider, id);

    scooter.unit.put({ thing: 'bay', state: 'open' });
    expect(scooter.unit.swap('PACK-FRESH', 100)).toBeNull();
    await world.until(async () => { await world.pass(5); return (await stateOf(scooter)) === 'available'; }, 'the scooter in service');
  });

  it('that fell silent with half a pack goes on: nobody ends it for a tunnel', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await outOfReach(rider, scooter);
    await world.pass(1800, 6);
    expect((await rider.ride(ride.id)).state).toBe('riding');
    scooter.unit.act({ by: 'keypad', code: ride.code, doing: 'end' });
    scooter.unit.findNetwork();
    await rider.until(ride.id, 'ended');
    await paid(rider, ride.id);
  });

  it('is handled in the street by the hands of simulated people, who are told what stands in their way', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await outOfReach(rider, scooter);
    const street = await openStreet(new Map([[scooter.id, scooter.unit]]), { host: '127.0.0.1', port: 0 });
    const hands = async (what: string, body: unknown): Promise<[number, string | undefined, string | undefined]> => {
      const answer = await fetch(`http://127.0.0.1:${String(street.port)}/scooters/${scooter.id}/${what}`, { method: 'POST', body: JSON.stringify(body) });
      const seen = (await answer.json()) as { lock?: string; error?: { code: string } };
      return [answer.status, seen.error?.code, seen.lock];
    };
    expect(await hands('bluetooth', { pass: ride.pass, doing: 'pause' })).toEqual([200, undefined, 'closed']);
    expect(await hands('button', {})).toEqual([409, 'locked', undefined]);
    expect(await hands('keypad', { code: ride.code, doing: 'resume' })).toEqual([200, undefined, 'open']);
    expect(await hands('keypad', { code: ride.code, doing: 'unlock' })).toEqual([400, 'request_invalid', undefined]);
    expect(await hands('keypad', { code: '12', doing: 'end' })).toEqual([400, 'request_invalid', undefined]);
    expect(await hands('bluetooth', { pass: 'f'.repeat(64), doing: 'end' })).toEqual([409, 'wrong_pass', undefined]);
    expect(await hands('power', { state: 'cut', lastGasp: false })).toEqual([200, undefined, 'open']);
    expect(await hands('button', {})).toEqual([409, 'no_power', undefined]);
    expect(await hands('power', { state: 'back' })).toEqual([200, undefined, 'open']);
    expect(await hands('button', {})).toEqual([200, undefined, 'closed']);
    street.server.close();
    scooter.unit.findNetwork();
    await rider.until(ride.id, 'ended');
    expect(await rowOf(ride.id)).toMatchObject({ ended_by: 'button' });
    await paid(rider, ride.id);
  });
});
