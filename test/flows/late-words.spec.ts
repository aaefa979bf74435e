// What was done at a scooter is heard of in every state of its ride: doubled, in the wrong order, before the word that
// began the ride, or after the bill. It counts from the instant it happened, and what was taken too much goes back.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UplinkService } from '../../src/uplink/uplink.service.js';
import type { ScooterEvent } from '../../src/telematics/wire.js';
import type { TestScooter } from '../kit/garage.js';
import type { RideSeen, TestRider } from '../kit/people.js';
import { World } from '../kit/world.js';

type Said = ScooterEvent extends infer E ? (E extends unknown ? Omit<E, 'boot' | 'seq' | 'ageMs'> : never) : never;

describe('a late word about a ride', () => {
  let world: World;
  let nextSeq = 1000;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const hears = async (scooter: TestScooter, what: Said, atMs: number, seq = nextSeq++): Promise<void> => {
    const receivedAt = world.clock.now();
    const event = { boot: 1, seq, ageMs: Math.round(receivedAt.getTime() - atMs), ...what };
    await world.app.get(UplinkService).receive({ scooterId: scooter.id, kind: 'events', payload: Buffer.from(JSON.stringify(event)), receivedAt });
  };
  const local = (scooter: TestScooter, doing: 'end' | 'pause' | 'resume'): Said => ({
    kind: 'local', doing, by: 'keypad', sensors: { ...scooter.unit.sensors, lock: doing === 'resume' ? 'open' : 'closed' }, fix: null,
  });
  const startOf = ({ startedAt }: RideSeen): number => new Date(startedAt ?? 0).getTime();
  const settled = (rider: TestRider, rideId: string, cents: number) => world.until(async () => {
    const { fareCents, payment } = await rider.ride(rideId);
    return fareCents === cents && payment.paidCents === cents && payment.debtCents === 0;
  }, `a bill of ${String(cents)} cents, paid`);

  it.each<[string, readonly string[]]>([
    ['riding', []], ['pausing', ['pause']], ['paused', ['pause!']], ['resuming', ['pause!', 'resume']], ['checking', ['end']],
  ])('ends it while it is %s', async (state, wishes) => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    await world.pass(215);
    for (const wish of wishes) {
      const answered = wish.endsWith('!');
      if (!answered) scooter.unit.setFaults({ lost: 1 });
      await rider.post(`/rider/rides/${ride.id}/${wish.replace('!', '')}`);
      if (answered) await rider.until(ride.id, 'paused');
    }
    await rider.until(ride.id, state);
    scooter.unit.loseNetwork();
    await hears(scooter, local(scooter, 'end'), startOf(ride) + 200_000);
    const ended = await rider.until(ride.id, 'ended');
    expect(Math.abs(new Date(ended.endedAt ?? 0).getTime() - startOf(ride) - 200_000)).toBeLessThan(5);
    await settled(rider, ride.id, 4 * 28);
  });

  it('ends it while it waits to be locked, and gives back what was billed after it was given up', async () => {
    const rider = await world.people.rider();
    const [first, second] = [await world.garage.scooter(), await world.garage.scooter()];
    for (const [scooter, patience] of [[first, 30], [second, 310]] as const) {
      const ride = await rider.take(scooter.id);
      scooter.unit.loseNetwork();
      await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === false, 'the scooter being gone');
      await world.pass(560);
      await rider.post(`/rider/rides/${ride.id}/end`);
      await rider.until(ride.id, 'locking');
      await world.pass(patience);
      await rider.until(ride.id, patience > 300 ? 'ended' : 'locking');
      await hears(scooter, local(scooter, 'end'), startOf(ride) + 200_000);
      await rider.until(ride.id, 'ended');
      await settled(rider, ride.id, 4 * 28);
    }
  });

  it('forgives the debt first and gives back the rest', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    scooter.unit.loseNetwork();
    world.stripe.faults.next({ kind: 'decline', code: 'card_declined', declineCode: 'insufficient_funds' }, { operation: 'payment_intents.create' });
    await world.pass(4.2 * 3600, 8);
    await world.pass(310);
    await rider.until(ride.id, 'ended');
    await world.until(async () => (await rider.ride(ride.id)).payment.debtCents === 2360, 'the debt');

    await hears(scooter, local(scooter, 'end'), startOf(ride) + 570_000);
    await settled(rider, ride.id, 280);
    const operator = await world.people.staff('operator');
    expect((await operator.get('/operator/ledger')).body).toMatchObject({ sumCents: 0, differenceCents: 0 });
    const charges = (await (await fetch(`${world.stripe.url}/_stand-in/charges`)).json()) as { items: { rideId: string; captured: number }[] };
    expect(charges.items.filter(({ rideId }) => rideId === ride.id).reduce((sum, { captured }) => sum + captured, 0)).toBe(280);
  });

  it('gives money back once, also when the bank’s answer is lost', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    scooter.unit.loseNetwork();
    await world.pass(4.2 * 3600, 8);
    await world.pass(310);
    await rider.until(ride.id, 'ended');
    await settled(rider, ride.id, 3360);
    world.stripe.faults.next({ kind: 'reset', executed: true }, { operation: 'refunds.create', times: 2 });
    await hears(scooter, local(scooter, 'end'), startOf(ride) + 570_000);
    await world.until(async () => { await world.pass(5); return (await rider.ride(ride.id)).payment.paidCents === 280; }, 'the money being back');
    const charges = (await (await fetch(`${world.stripe.url}/_stand-in/charges`)).json()) as { items: { rideId: string; captured: number }[] };
    expect(charges.items.filter(({ rideId }) => rideId === ride.id).reduce((sum, { captured }) => sum + captured, 0)).toBe(280);
  });

  it('counts once, however often it comes', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    scooter.unit.loseNetwork();
    await world.pass(700);
    for (let copy = 0; copy < 3; copy++) await hears(scooter, local(scooter, 'pause'), startOf(ride) + 150_000, 7001);
    for (let copy = 0; copy < 3; copy++) await hears(scooter, local(scooter, 'end'), startOf(ride) + 450_000, 7002);
    await settled(rider, ride.id, 3 * 28 + 5 * 13);
    const steps = await world.db.query<unknown[]>('select 1 from ride_steps where ride_id = $1', [ride.id]);
    expect(steps).toHaveLength(3);
  });

  const TRUE_BILL = 5 * 28 + 5 * 13;
  // Our units tell in order. Of one that does not, a step after the end cannot make the bill grow again.
  it.each<[string, readonly ('pause' | 'resume' | 'end')[], number]>([
    ['pause, resume, end', ['pause', 'resume', 'end'], TRUE_BILL],
    ['resume, pause, end', ['resume', 'pause', 'end'], TRUE_BILL],
    ['resume, end, pause', ['resume', 'end', 'pause'], TRUE_BILL],
    ['end, resume, pause', ['end', 'resume', 'pause'], TRUE_BILL],
    ['pause, end, resume', ['pause', 'end', 'resume'], 3 * 28 + 7 * 13],
    ['end, pause, resume', ['end', 'pause', 'resume'], 3 * 28 + 7 * 13],
  ])('comes in the order %s', async (_order, order, cents) => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    scooter.unit.loseNetwork();
    await world.pass(700);
    const atMs = { pause: 150_000, resume: 450_000, end: 570_000 };
    for (const doing of order) {
      await hears(scooter, local(scooter, doing), startOf(ride) + atMs[doing]);
      await world.turn();
    }
    await settled(rider, ride.id, cents);
  });

  it('waits for the word that began the ride, when it overtakes it', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    let passed = 0;
    scooter.unit.setFaults({ get lost() { return passed++ < 1 ? 0 : 1; } });
    const { body } = await rider.request(scooter.id);
    await world.until(() => scooter.unit.sensors.lock === 'open', 'the scooter opening');
    const openedAt = world.clock.now().getTime();
    scooter.unit.loseNetwork();
    await world.pass(20, 4);
    await rider.until(body.id, 'unsure');
    await world.pass(240);
    await hears(scooter, local(scooter, 'end'), openedAt + 200_000);
    await world.turn();
    expect((await rider.ride(body.id)).state).toBe('unsure');
    const [unlock] = await world.db.query<{ id: string }[]>(`select id from commands where scooter_id = $1 and kind = 'unlock'`, [scooter.id]);
    const sensors = { ...scooter.unit.sensors, lock: 'open' as const };
    await hears(scooter, { kind: 'command_done', commandId: unlock?.id ?? '', command: 'unlock', sensors, fix: null }, openedAt);
    await world.until(async () => { await world.pass(1); return (await rider.ride(body.id)).state === 'ended'; }, 'the end');
    await settled(rider, body.id, 4 * 28);
  });

  it('about an earlier ride leaves the one that runs alone', async () => {
    const [first, next] = [await world.people.rider(), await world.people.rider()];
    const scooter = await world.garage.scooter();
    const ride = await first.take(scooter.id);
    await world.pass(400);
    await first.post(`/rider/rides/${ride.id}/end`);
    await first.until(ride.id, 'ended');
    await settled(first, ride.id, 7 * 28);
    const running = await next.take(scooter.id);
    await hears(scooter, local(scooter, 'end'), startOf(ride) + 200_000, 999);
    await settled(first, ride.id, 4 * 28);
    expect((await next.ride(running.id)).state).toBe('riding');
    await next.post(`/rider/rides/${running.id}/end`);
    await next.until(running.id, 'ended');
  });

  it('that the lock ended it counts for nothing when the bolt stands open', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    await hears(scooter, { ...local(scooter, 'end'), sensors: { ...scooter.unit.sensors, lock: 'open' } } as Said, world.clock.now().getTime());
    await world.turn();
    expect((await rider.ride(ride.id)).state).toBe('riding');
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
  });
});
