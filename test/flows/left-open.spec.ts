// Words of a scooter that come late, after its ride was given up or its next one has begun: nothing stands open
// in the street for ever, and nobody's ride is locked or ended by something older than it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UplinkService } from '../../src/uplink/uplink.service.js';
import type { ScooterEvent } from '../../src/telematics/wire.js';
import type { TestScooter } from '../kit/garage.js';
import { World } from '../kit/world.js';

describe('a late word', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const stateOf = async (scooter: TestScooter) => (await world.garage.stateOf(scooter.id))['state'];
  const lastCommand = async (scooter: TestScooter, kind: string) => {
    const [row] = await world.db.query<{ id: string }[]>('select id from commands where scooter_id = $1 and kind = $2 order by nonce desc limit 1', [scooter.id, kind]);
    return row?.id ?? '';
  };
  /** An event that was lost again and again and comes at last, under the old number it had from the beginning. */
  const comesLate = async (scooter: TestScooter, commandId: string, command: 'lock' | 'unlock'): Promise<void> => {
    const [free] = await world.db.query<{ boot: number; seq: string }[]>(
      `select s.boot, n as seq from scooters s, generate_series(1, s.seq) n
        where s.id = $1 and not exists (select 1 from scooter_events e where e.scooter_id = s.id and e.boot = s.boot and e.seq = n) limit 1`, [scooter.id]);
    const event: ScooterEvent = {
      boot: free?.boot ?? 1, seq: Number(free?.seq ?? 1), ageMs: 200_000, kind: 'command_done', commandId, command, fix: null,
      sensors: { ...scooter.unit.sensors, lock: command === 'lock' ? 'closed' : 'open' },
    };
    await world.app.get(UplinkService).receive({ scooterId: scooter.id, kind: 'events', payload: Buffer.from(JSON.stringify(event)), receivedAt: world.clock.now() });
    await world.pass(2, 2);
  };

  it('of a scooter that was given up while it stood open: it is locked, and goes back to riders', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    scooter.unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === false, 'the scooter being gone');
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'locking');
    await world.pass(310);
    await rider.until(ride.id, 'ended');
    expect([await stateOf(scooter), scooter.unit.sensors.lock]).toEqual(['unsure', 'open']);

    scooter.unit.findNetwork();
    await world.until(async () => (await stateOf(scooter)) === 'available', 'the scooter in service again');
    expect(scooter.unit.sensors.lock).toBe('closed');
  });

  it('of an unlock that a fence has settled long ago does not lock the scooter under its next rider', async () => {
    const [first, next] = [await world.people.rider(), await world.people.rider()];
    const scooter = await world.garage.scooter();
    scooter.unit.setFaults({ lost: 1 });
    const { body } = await first.request(scooter.id);
    await world.until(async () => (await lastCommand(scooter, 'unlock')) !== '', 'an unlock');
    await world.pass(20, 4);
    await first.until(body.id, 'unsure');
    scooter.unit.setFaults({});
    await world.until(async () => {
      await world.pass(5);
      return (await stateOf(scooter)) === 'available';
    }, 'the fence');
    const unlock = await lastCommand(scooter, 'unlock');

    const ride = await next.take(scooter.id);
    await comesLate(scooter, unlock, 'unlock');
    expect(scooter.unit.sensors.lock).toBe('open');
    expect((await next.ride(ride.id)).state).toBe('riding');
  });

  it('of an operator’s lock does not end a ride that began after it', async () => {
    const rider = await world.people.rider();
    const operator = await world.people.staff('operator');
    const scooter = await world.garage.scooter();
    scooter.unit.setFaults({ lost: 1 });
    expect((await operator.post(`/operator/scooters/${scooter.id}/commands`, { kind: 'lock', reason: 'to be sure' })).status).toBe(202);
    await world.pass(3, 3);
    scooter.unit.setFaults({});
    const lock = await lastCommand(scooter, 'lock');

    const ride = await rider.take(scooter.id);
    await comesLate(scooter, lock, 'lock');
    expect((await rider.ride(ride.id)).state).toBe('riding');
    expect(await stateOf(scooter)).toBe('taken');
  });
});
