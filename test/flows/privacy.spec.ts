// Between unlock and lock no place leaves the scooter, none is kept, and what people are called is kept
// in one table only. Heard with full rights on the broker, read with full rights in the database.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BASTILLE } from '../kit/places.js';
import { World } from '../kit/world.js';

/** Where the rider goes; no other test and no zone has these numbers. */
const SECRET_PLACE = { latitude: 48.87654, longitude: 2.38765 };

describe('a rider’s whereabouts', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const tablesHolding = async (text: string): Promise<string[]> => {
    const tables = await world.db.query<{ name: string }[]>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`);
    const holding: string[] = [];
    // The zones have a thousand corners of their own.
    for (const { name } of tables.filter((table) => table.name !== 'zones')) {
      const [row] = await world.db.query<{ holds: boolean }[]>(`select exists (select 1 from ${name} t where t::text like $1) as holds`, [`%${text}%`]);
      if (row?.holds === true) holding.push(name);
    }
    return holding;
  };

  it('are not told on the way: only taking and leaving carry a place', async () => {
    const rider = await world.people.rider();
    const { id, unit } = await world.garage.scooter({ at: BASTILLE });
    const tap = await world.tap();
    const ride = await rider.take(id);
    unit.ride({ waypoints: [SECRET_PLACE, BASTILLE] });
    await world.pass(1500, 100);
    expect(unit.underway).toBe(false);

    const said = tap.heard.filter(({ topic }) => topic.startsWith(`v1/up/${id}/`));
    const telemetry = said.filter(({ topic }) => topic.endsWith('/telemetry')).map(({ text }) => JSON.parse(text) as { inRide: boolean; fix: unknown });
    expect(telemetry.filter(({ inRide }) => inRide).length).toBeGreaterThan(20);
    expect(telemetry.filter(({ inRide, fix }) => inRide && fix !== null)).toEqual([]);
    const placed = said.filter(({ topic, text }) => topic.endsWith('/events') && text.includes('latitude')).map(({ text }) => (JSON.parse(text) as { command: string }).command);
    expect(placed).toEqual(['unlock']);

    expect(await world.garage.stateOf(id)).toMatchObject({ state: 'taken', latitude: null, longitude: null });
    expect(await tablesHolding('48.876')).toEqual([]);
    const operator = await world.people.staff('operator');
    const seen = await operator.get(`/operator/scooters/${id}`);
    expect(JSON.stringify(seen.body)).not.toMatch(/48\.8/);

    unit.park();
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    expect(await tablesHolding('48.876')).toEqual([]);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
    await tap.close();
  });

  it('and name, phone and e-mail are known to one table', async () => {
    const rider = await world.people.rider();
    const [row] = await world.db.query<{ email: string; last_name: string }[]>('select email, last_name from riders where id = $1', [rider.riderId]);
    expect(await tablesHolding(row?.email ?? 'none')).toEqual(['riders']);
    expect(await tablesHolding(row?.last_name ?? 'none')).toEqual(['riders']);
    expect(await tablesHolding(rider.phone)).toEqual(['phone_codes', 'riders']);
  });

  it('and nothing of them is in the log, however much it tells', async () => {
    const rider = await world.people.rider();
    const { id, unit } = await world.garage.scooter();
    const ride = await rider.take(id);
    unit.ride({ waypoints: [SECRET_PLACE, BASTILLE] });
    await world.pass(1500, 20);
    unit.park();
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
    const log = world.log.join('');
    expect(log).toContain('/rider/rides/:rideId');
    expect(log).not.toMatch(/(?<![\d:.])(48\.8\d\d|2\.3\d\d\d)/);
    expect(log).not.toContain(rider.phone.slice(-6));
    expect(log).not.toMatch(/@example\.org|Camille|Bearer|pm_card|seti_|sk_test/);
    expect(log).not.toContain(rider.token);
    expect(log).not.toContain(ride.id);
  });

  it('are shown to support with a reason only, and the look is written down', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const ride = await rider.take(id);
    const [operator, support, admin] = [await world.people.staff('operator'), await world.people.staff('support'), await world.people.staff('admin')];
    expect((await operator.get(`/operator/rides/${ride.id}?reason=curious`)).status).toBe(403);
    expect((await support.get(`/operator/rides/${ride.id}`)).status).toBe(400);
    const look = await support.get<{ riderId: string; startPlace: unknown }>(`/operator/rides/${ride.id}?reason=the+rider+called`);
    expect(look.body).toMatchObject({ riderId: rider.riderId, startPlace: null });
    expect((await support.get(`/operator/riders/${rider.riderId}?reason=the+rider+called`)).status).toBe(200);
    const log = await admin.get<{ items: { action: string; subjectId: string; reason: string }[] }>('/operator/audit?limit=20');
    const looks = log.body.items.filter(({ subjectId }) => subjectId === ride.id || subjectId === rider.riderId);
    expect(looks).toEqual([
      expect.objectContaining({ subjectId: rider.riderId, reason: 'the rider called' }),
      expect.objectContaining({ action: 'ride.looked_at', subjectId: ride.id, reason: 'the rider called' }),
    ]);
    await world.pass(200);
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });
});
