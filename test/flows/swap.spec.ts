// A battery runs low: noticed once, hidden from riders, one task, a crew, a swap, and telemetry proves it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BASTILLE, LOUVRE } from '../kit/places.js';
import type { TestScooter } from '../kit/garage.js';
import { World } from '../kit/world.js';

interface Stop { id: string; kind: string; state: string; scooterId: string; plate: string; rangeKm: number; position: { latitude: number; longitude: number } }

describe('a battery that runs low', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const tasksOf = (scooter: TestScooter) =>
    world.db.query<{ id: string; kind: string; state: string; crew_id: string | null; note: string | null }[]>(
      'select id, kind, state, crew_id, note from tasks where scooter_id = $1 order by opened_at', [scooter.id]);
  const stateOf = async (scooter: TestScooter) => (await world.garage.stateOf(scooter.id))['state'];
  const runLow = async (scooter: TestScooter, km = 9.5): Promise<void> => {
    scooter.unit.setRange(km);
    await world.until(async () => (await tasksOf(scooter)).length > 0, 'a task');
  };

  it('hides the scooter and opens exactly one task, however often it crosses and says so', async () => {
    const scooter = await world.garage.scooter({ rangeKm: 10.4 });
    const rider = await world.people.rider();
    expect(await tasksOf(scooter)).toEqual([]);
    await runLow(scooter, 9.8);
    expect(await stateOf(scooter)).toBe('low');
    const near = await world.door.get<{ items: { id: string }[] }>(`/rider/scooters?latitude=${BASTILLE.latitude}&longitude=${BASTILLE.longitude}`);
    expect(near.body.items.map(({ id }) => id)).not.toContain(scooter.id);
    expect((await rider.request(scooter.id)).body.error?.code).toBe('scooter_low');
    for (const km of [9.6, 10.3, 9.7, 10.6, 9.2, 4.9]) {
      scooter.unit.setRange(km);
      await world.pass(30, 3);
    }
    expect(await tasksOf(scooter)).toHaveLength(1);
  });

  it('is swapped by the crew that dispatch chose, and only telemetry gives the scooter back to riders', async () => {
    const crew = await world.people.crew('bastille');
    const scooter = await world.garage.scooter({ rangeKm: 12 });
    await crew.post('/crew/shift/start', { fullPacks: 8 });
    await runLow(scooter);
    let mine: Stop | undefined;
    await world.until(async () => {
      mine = (await crew.get<{ items: Stop[] }>('/crew/tasks')).body.items.find(({ scooterId }) => scooterId === scooter.id);
      return mine !== undefined;
    }, 'the task on the crew’s list');
    const task = `/crew/tasks/${mine?.id ?? ''}`;

    expect((await crew.post(`${task}/arrive`, { position: LOUVRE })).body.error?.code).toBe('too_far_away');
    expect((await crew.post(`${task}/arrive`, { position: BASTILLE })).status).toBe(200);
    expect(await stateOf(scooter)).toBe('maintenance');
    expect((await crew.post(`${task}/open-bay`)).status).toBe(202);
    await world.until(() => scooter.unit.sensors.bay === 'open', 'the open bay');

    await crew.post(`${task}/report`, { serialOut: scooter.unit.batterySerial, serialIn: 'FRESH-1' });
    await world.pass(10, 2);
    expect((await tasksOf(scooter))[0]?.state).toBe('resolved');
    expect(await stateOf(scooter)).toBe('maintenance');

    scooter.unit.swap('FRESH-1', 98);
    await world.until(async () => (await tasksOf(scooter))[0]?.state === 'verified', 'the proof');
    expect(await stateOf(scooter)).toBe('available');
    const { body: van } = await crew.get('/crew/shift');
    expect(van).toMatchObject({ fullPacks: 7, emptyPacks: 1 });
    await crew.post('/crew/shift/end');
  });

  it('stays open when the battery in the scooter is not the one the crew scanned, and says why', async () => {
    const crew = await world.people.crew('bastille');
    const scooter = await world.garage.scooter({ rangeKm: 12 });
    await crew.post('/crew/shift/start', { fullPacks: 8 });
    await runLow(scooter);
    await world.until(async () => (await tasksOf(scooter))[0]?.crew_id !== null, 'an assigned task');
    const task = `/crew/tasks/${(await tasksOf(scooter))[0]?.id ?? ''}`;
    await crew.post(`${task}/arrive`, { position: BASTILLE });
    await crew.post(`${task}/open-bay`);
    await world.until(() => scooter.unit.sensors.bay === 'open', 'the open bay');
    scooter.unit.swap('OTHER-2', 97);
    await crew.post(`${task}/report`, { serialOut: 'PACK-OLD', serialIn: 'FRESH-2' });
    await world.pass(30, 3);
    const [open] = await tasksOf(scooter);
    expect(open?.state).not.toBe('verified');
    expect(open?.note).toBeTruthy();
    expect(await stateOf(scooter)).not.toBe('available');
    await crew.post('/crew/shift/end');
  });

  it('in a ride lets the rider finish, and is hidden and dispatched once the ride is over', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter({ rangeKm: 10.6 });
    const ride = await rider.take(scooter.id);
    await runLow(scooter);
    expect((await rider.ride(ride.id)).state).toBe('riding');
    expect((await tasksOf(scooter))[0]).toMatchObject({ kind: 'swap', state: 'created', crew_id: null });
    await world.pass(200);
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    expect(await stateOf(scooter)).toBe('low');
    expect(await tasksOf(scooter)).toHaveLength(1);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('is looked at when the scooter no longer knows its range: unknown is never fine', async () => {
    const scooter = await world.garage.scooter();
    scooter.unit.put({ thing: 'gauge', state: 'silent' });
    await world.until(async () => (await tasksOf(scooter)).some(({ kind }) => kind === 'inspect'), 'an inspection');
    expect(await stateOf(scooter)).toBe('low');
    expect(await tasksOf(scooter)).toHaveLength(1);
  });
});
