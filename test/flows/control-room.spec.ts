// The control room: sees the fleet, orders with a reason, publishes prices and zones, and leaves a trace.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BASTILLE, LOUVRE } from '../kit/places.js';
import { expectStatus, type TestPerson } from '../kit/people.js';
import { World } from '../kit/world.js';

describe('the control room', () => {
  let world: World;
  let admin: TestPerson;
  beforeAll(async () => {
    world = await World.start();
    admin = await world.people.staff('admin');
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const lastAudit = async () => (await admin.get<{ items: { action: string; reason: string; subjectId: string }[] }>('/operator/audit?limit=1')).body.items[0];

  it('orders something of one scooter, with a reason that is kept', async () => {
    const operator = await world.people.staff('operator');
    const { id, unit } = await world.garage.scooter();
    expect((await operator.post(`/operator/scooters/${id}/commands`, { kind: 'locate' })).status).toBe(400);
    expect((await operator.post(`/operator/scooters/${id}/commands`, { kind: 'unlock', reason: 'just so' })).status).toBe(400);
    await expectStatus(operator.post(`/operator/scooters/${id}/commands`, { kind: 'open_case', reason: 'a glove was left in it' }), [201, 202]);
    await world.until(() => unit.sensors.case === 'open', 'the open case');
    expect(await lastAudit()).toMatchObject({ action: 'command.open_case', subjectId: id, reason: 'a glove was left in it' });
    const list = await operator.get<{ items: { kind: string; state: string }[] }>(`/operator/scooters/${id}/commands`);
    expect(list.body.items[0]).toMatchObject({ kind: 'open_case' });
  });

  it('announces a price for later, and a ride keeps the price it began with', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const ride = await rider.take(id);
    const prices = await world.door.get<{ rideMinuteCents: number }>('/rider/prices');
    const [now] = (await admin.get<{ items: Record<string, unknown>[] }>('/operator/tariffs')).body.items;
    const fields = ['currency', 'pauseMinuteCents', 'unlockCents', 'minimumCents', 'dayCapCents', 'holdCents', 'graceSeconds', 'graceMeters', 'taxPercent'];
    const draft = Object.fromEntries(fields.map((field) => [field, now?.[field]]));
    const tariff = { ...draft, name: 'Dearer', rideMinuteCents: 40, inForceFrom: world.clock.in(120).toISOString() };
    expect((await admin.post('/operator/tariffs', { tariff: { ...tariff, inForceFrom: world.clock.in(-60).toISOString() }, reason: 'too late' })).body.error?.code).toBe('tariff_in_past');
    await expectStatus(admin.post('/operator/tariffs', { tariff, reason: 'the winter price' }), [200, 201]);
    expect(await lastAudit()).toMatchObject({ action: 'tariff.announce', reason: 'the winter price' });
    await world.pass(290, 3);
    await rider.post(`/rider/rides/${ride.id}/end`);
    expect((await rider.until(ride.id, 'ended')).fareCents).toBe(5 * 28);
    expect(JSON.stringify(prices.body)).toContain('28');
    expect(JSON.stringify((await world.door.get('/rider/prices')).body)).toContain('40');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('publishes zones that are in force at once, and refuses what is no zone with its place in the list', async () => {
    const parking = (place: typeof BASTILLE) => world.door.get<{ mayEnd: boolean }>(`/rider/parking?latitude=${place.latitude}&longitude=${place.longitude}`);
    expect((await parking(BASTILLE)).body.mayEnd).toBe(true);
    expect((await parking(LOUVRE)).body.mayEnd).toBe(false);
    const { body: drawn } = await admin.get<{ zones?: unknown[]; items?: unknown[]; features?: unknown[] }>('/operator/zones');
    expect((drawn.zones ?? drawn.items ?? drawn.features ?? []).length).toBe(273);
    const square = (west: number, south: number, size: number) => ({
      type: 'Polygon', coordinates: [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]],
    });
    const zone = (kind: string, geometry: unknown) => ({ kind, name: kind, priority: null, maxSpeedKmh: null, geometry });
    const bowtie = { type: 'Polygon', coordinates: [[[2.3, 48.8], [2.4, 48.9], [2.4, 48.8], [2.3, 48.9], [2.3, 48.8]]] };
    const refused = await admin.post('/operator/zones', { note: 'half', reason: 'a try', zones: [zone('service', square(2.2, 48.8, 0.3)), zone('no_parking', bowtie)] });
    expect([refused.status, refused.body.error?.code]).toEqual([422, 'zone_invalid']);
    expect(JSON.stringify(refused.body.error?.details)).toContain('"index":1');
    expect((await parking(BASTILLE)).body.mayEnd).toBe(true);

    const order = { note: 'market day', reason: 'the market needs the square', zones: [zone('service', square(2.2, 48.8, 0.3)), zone('no_parking', square(2.3680, 48.8525, 0.002))] };
    await expectStatus(admin.post('/operator/zones', order), [200, 201]);
    expect((await parking(BASTILLE)).body.mayEnd).toBe(false);
    expect((await parking(LOUVRE)).body.mayEnd).toBe(true);
    expect(await lastAudit()).toMatchObject({ action: 'zones.publish', reason: 'the market needs the square' });
  });

  it('shows books that balance', async () => {
    const { body } = await admin.get<{ sumCents: number; differenceCents: number; faresCents: number; capturedCents: number }>('/operator/ledger');
    expect(body).toMatchObject({ sumCents: 0, differenceCents: 0, faresCents: 140, capturedCents: 140 });
  });

  it('says in numbers how it is, without a person in them', async () => {
    const { body } = await world.door.get<{ text: string }>('/metrics');
    expect(body.text).toContain('roue_libre_http_request_seconds_bucket');
    expect(body.text).toContain('roue_libre_process_resident_memory_bytes');
    expect((await world.door.get('/health/live')).body).toEqual({ alive: true });
  });
});
