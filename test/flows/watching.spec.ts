// Each trouble of a scooter once, with scooters that really have it: it opens in time, as one row however often it
// shows, closes by itself, and nothing opens for what riders and crews do every day.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { AlertBookService } from '../../src/alerts/alert-book.service.js';
import { topics } from '../../src/telematics/wire.js';
import type { TestScooter } from '../kit/garage.js';
import { BASTILLE, LOUVRE } from '../kit/places.js';
import { expectStatus, type TestPerson } from '../kit/people.js';
import { World } from '../kit/world.js';

interface Seen {
  id: string; kind: string; scooterId: string | null; severity: string; state: string; owner: string | null; times: number;
  openedAt: string; closedBy: string | null; reason: string | null; runbook: string; details: Record<string, unknown>;
}
const SENSORS = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' } as const;
const FAR = [LOUVRE];
const MINUTE = 60;

/** Somebody who has taken a unit's password out of it and says what he likes in its name. */
class Impostor {
  private seq = 0;
  private constructor(private readonly world: World, private readonly scooter: TestScooter, private readonly client: MqttClient) {}

  static async of(world: World, scooter: TestScooter): Promise<Impostor> {
    await scooter.unit.switchOff();
    const { id, password } = scooter;
    return new Impostor(world, scooter, await mqtt.connectAsync(world.brokerUrl, { protocolVersion: 4, clientId: id, username: id, password, reconnectPeriod: 0 }));
  }

  /** As a later boot, so that it is heard. */
  async telemetry(parts: object = {}): Promise<void> {
    await this.say('telemetry', {
      chargePercent: 80, rangeKm: 40, batterySerial: `PACK-${this.scooter.plate}`, odometerM: 1200, sensors: SENSORS, inRide: false,
      fix: { ...BASTILLE, accuracyM: 5, ageS: 0 }, moving: false, clockMs: this.world.clock.now().getTime(), ...parts });
  }

  async refuse(commandId: string, reason: string): Promise<void> {
    await this.say('events', { kind: 'command_refused', commandId, reason, sensors: SENSORS });
  }

  skip(numbers: number): void { this.seq += numbers; }
  async close(): Promise<void> { await this.client.endAsync(); }

  private async say(what: 'telemetry' | 'events', parts: object): Promise<void> {
    const topic = what === 'telemetry' ? topics.telemetryFrom(this.scooter.id) : topics.eventsFrom(this.scooter.id);
    await this.client.publishAsync(topic, JSON.stringify({ boot: 900, seq: ++this.seq, ageMs: 0, ...parts }), { qos: 1 });
  }
}

describe('watching', () => {
  let world: World;
  let operator: TestPerson;
  beforeAll(async () => {
    world = await World.start();
    operator = await world.people.staff('operator');
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const all = async (query = 'limit=100'): Promise<Seen[]> => (await expectStatus(operator.get<{ items: Seen[] }>(`/operator/alerts?${query}`), 200)).body.items;
  const of = async (scooter: TestScooter | null, kind?: string): Promise<Seen[]> =>
    (await all()).filter(({ scooterId, kind: is }) => scooterId === (scooter?.id ?? null) && (kind === undefined || is === kind));
  const opens = async (scooter: TestScooter | null, kind: string, withinSeconds = 0): Promise<Seen> => {
    if (withinSeconds > 0) await world.pass(withinSeconds, Math.ceil(withinSeconds / 5));
    await world.until(async () => (await of(scooter, kind)).some(({ state }) => state === 'open'), () => `an open alert ${kind}`);
    return (await of(scooter, kind))[0] as Seen;
  };
  const closes = async (scooter: TestScooter | null, kind: string): Promise<Seen> => {
    await world.until(async () => (await of(scooter, kind))[0]?.state === 'closed', () => `a closed alert ${kind}`);
    const [alert] = await of(scooter, kind);
    expect([alert?.closedBy, alert?.reason]).toEqual(['auto', expect.any(String)]);
    return alert as Seen;
  };

  it('a scooter pushed away while it is locked', async () => {
    const scooter = await world.garage.scooter();
    scooter.unit.push(FAR);
    const alert = await opens(scooter, 'moved_without_ride', MINUTE);
    expect(alert).toMatchObject({ severity: 'warning', times: 1, details: {} });
    expect(alert.runbook).toMatch(/theft/);
  });

  it('a scooter hot-wired, with its lock closed all the time: within a minute, once, and over when it stands', async () => {
    const scooter = await world.garage.scooter();
    const before = world.clock.now().getTime();
    scooter.unit.hotWire({ waypoints: FAR });
    const alert = await opens(scooter, 'ghost_ride', 55);
    expect(Date.parse(alert.openedAt) - before).toBeLessThanOrEqual(MINUTE * 1000);
    expect(alert).toMatchObject({ severity: 'critical', details: { lock: 'closed' } });
    expect(JSON.stringify(await all())).not.toMatch(/latitude|48\.8/);
    await world.pass(10 * MINUTE, 40);
    expect(scooter.unit.underway).toBe(false);
    await world.pass(10 * MINUTE, 10);
    await closes(scooter, 'ghost_ride');
    expect(await of(scooter, 'ghost_ride')).toHaveLength(1);
  });

  it('a scooter that stands open without anybody: told, and over when it is locked again', async () => {
    const scooter = await world.garage.scooter();
    const liar = await Impostor.of(world, scooter);
    await liar.telemetry({ sensors: { ...SENSORS, lock: 'open' } });
    await world.until(async () => (await world.garage.stateOf(scooter.id))['boot'] === 900, 'heard');
    await opens(scooter, 'ghost_ride', 50);
    await liar.telemetry();
    await world.until(async () => ((await world.garage.stateOf(scooter.id))['sensors'] as { lock: string }).lock === 'closed', 'locked');
    await world.pass(11 * MINUTE, 5);
    await closes(scooter, 'ghost_ride');
    await liar.close();
  });

  it('a scooter that fell, until it stands again', async () => {
    const scooter = await world.garage.scooter();
    scooter.unit.put({ thing: 'body', state: 'fallen' });
    expect(await opens(scooter, 'fell')).toMatchObject({ severity: 'warning' });
    await world.pass(16 * MINUTE, 8);
    expect((await of(scooter, 'fell'))[0]?.state).toBe('open');
    scooter.unit.standDown();
    await world.pass(16 * MINUTE, 8);
    await closes(scooter, 'fell');
  });

  it('a rider who fell is more urgent', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter();
    const ride = await rider.take(scooter.id);
    scooter.unit.put({ thing: 'body', state: 'fallen' });
    expect(await opens(scooter, 'fell')).toMatchObject({ severity: 'critical' });
    scooter.unit.park();
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await world.pass(16 * MINUTE, 8);
    await closes(scooter, 'fell');
    await world.until(async () => !['holding', 'held', 'due'].includes((await rider.ride(ride.id)).payment.state), 'settled');
  });

  it('a battery bay forced open, a hundred times, is one row', async () => {
    const scooter = await world.garage.scooter();
    for (let time = 0; time < 100; time++) scooter.unit.put({ thing: 'bay', state: 'forced' });
    await world.until(async () => (await of(scooter, 'bay_opened'))[0]?.times === 100, 'a hundred times');
    expect(await of(scooter)).toHaveLength(1);
    scooter.unit.put({ thing: 'bay', state: 'closed' });
    await closes(scooter, 'bay_opened');
  });

  it('a scooter out of reach for twenty minutes, not for nineteen; in a ride it is more urgent', async () => {
    const rider = await world.people.rider();
    const [parked, ridden] = [await world.garage.scooter(), await world.garage.scooter()];
    await rider.take(ridden.id);
    await world.pass(MINUTE, 12);
    for (const { unit } of [parked, ridden]) unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(parked.id))['connected'] === false && (await world.garage.stateOf(ridden.id))['connected'] === false, 'gone');
    await world.pass(19 * MINUTE, 19);
    expect(await of(parked)).toEqual([]);
    await world.pass(2 * MINUTE, 6);
    expect(await opens(parked, 'offline')).toMatchObject({ severity: 'warning' });
    expect(await opens(ridden, 'offline')).toMatchObject({ severity: 'critical' });
    for (const { unit } of [parked, ridden]) unit.findNetwork();
    await closes(parked, 'offline');
    await closes(ridden, 'offline');
  });

  it('a scooter that never answers, until it does', async () => {
    const scooter = await world.garage.scooter();
    scooter.unit.setFaults({ mute: 1 });
    for (let time = 1; time <= 5; time++) {
      await expectStatus(operator.post(`/operator/scooters/${scooter.id}/commands`, { kind: 'locate', reason: 'is it there' }), 202);
      await world.pass(20, 4);
      await world.until(async () => (await world.db.query<unknown[]>(`select 1 from commands where scooter_id = $1 and state = 'expired'`, [scooter.id])).length === time, 'silence');
      if (time < 3) expect(await of(scooter, 'never_acks')).toEqual([]);
      else await world.until(async () => (await of(scooter, 'never_acks'))[0]?.times === time - 2, 'told');
    }
    expect(await of(scooter)).toMatchObject([{ kind: 'never_acks', times: 3, details: { inARow: 5 } }]);
    scooter.unit.setFaults({});
    await expectStatus(operator.post(`/operator/scooters/${scooter.id}/commands`, { kind: 'locate', reason: 'is it there' }), 202);
    await closes(scooter, 'never_acks');
  });

  it('a scooter whose clock errs, in each way clocks err, until it is right; and it is in nobody’s way', async () => {
    const scooter = await world.garage.scooter();
    const now = world.clock.now().getTime();
    const ways = [['hours', now - 3_600_000], ['years', now + 365 * 86_400_000], ['epoch_1970', 0], ['epoch_2038', 2 ** 31 * 1000], ['epoch_2106', 2 ** 32 * 1000], ['gps_rollover', now - 1024 * 604_800_000]] as const;
    for (const [clock, atMs] of ways) {
      scooter.unit.setClock({ atMs });
      await world.pass(16 * MINUTE, 4);
      await world.until(async () => (await of(scooter, 'clock_wrong'))[0]?.details['clock'] === clock, clock);
    }
    expect(await of(scooter, 'clock_wrong')).toMatchObject([{ state: 'open', times: ways.length }]);
    const doubts = await operator.get(`/operator/scooters/${scooter.id}/doubts`);
    expect(doubts.body).toMatchObject({ clock: 'gps_rollover', clockSkewSeconds: expect.any(Number) });
    expect(Math.abs(Number(doubts.body['clockSkewSeconds']) + 1024 * 604_800)).toBeLessThan(86_400);
    expect(await world.garage.stateOf(scooter.id)).toMatchObject({ state: 'available' });
    scooter.unit.setClock(null);
    await world.pass(16 * MINUTE, 4);
    await closes(scooter, 'clock_wrong');
  });

  it('places that cannot be: kept, counted, told at the third, and nobody goes by them', async () => {
    const scooter = await world.garage.scooter();
    const liar = await Impostor.of(world, scooter);
    const doubted = async () => (await operator.get<{ suspectPlaces: number }>(`/operator/scooters/${scooter.id}/doubts`)).body.suspectPlaces;
    for (const times of [1, 2, 3]) {
      expect(await of(scooter)).toEqual([]);
      await liar.telemetry({ fix: { latitude: times, longitude: 3.5, accuracyM: 5, ageS: 0 } });
      await world.until(async () => (await doubted()) === times, 'counted');
    }
    await opens(scooter, 'suspect_place');
    const seen = await operator.get<{ position: unknown }>(`/operator/scooters/${scooter.id}`);
    expect(seen.body.position).toEqual({ latitude: expect.closeTo(BASTILLE.latitude, 3), longitude: expect.closeTo(BASTILLE.longitude, 3) });
    const doubts = await operator.get(`/operator/scooters/${scooter.id}/doubts`);
    expect(doubts.body).toMatchObject({ suspectPosition: { longitude: 3.5 }, suspectAt: expect.any(String) });
    await liar.telemetry();
    await closes(scooter, 'suspect_place');
    await liar.close();
  });

  it('numbers that never came are counted and told; an event that comes after all is taken off', async () => {
    const scooter = await world.garage.scooter();
    const liar = await Impostor.of(world, scooter);
    await liar.telemetry();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['boot'] === 900, 'heard');
    const missing = async () => (await operator.get<{ missingNumbers: number }>(`/operator/scooters/${scooter.id}/doubts`)).body.missingNumbers;
    const before = await missing();
    liar.skip(25);
    await liar.telemetry();
    expect(await opens(scooter, 'seq_gaps')).toMatchObject({ severity: 'info', details: { many: 25 } });
    expect(await missing() - before).toBe(25);
    liar.skip(-12);
    await liar.refuse('018f0000-0000-7000-8000-00000000dead', 'replayed');
    await world.until(async () => (await missing()) - before === 24, 'one less');
    await liar.close();
  });

  it('answers nobody asked for, and a flood', async () => {
    const scooter = await world.garage.scooter();
    const liar = await Impostor.of(world, scooter);
    for (let time = 0; time < 12; time++) await liar.refuse('018f0000-0000-7000-8000-00000000dead', 'bad_signature');
    expect(await opens(scooter, 'many_refusals')).toMatchObject({ severity: 'critical' });
    await Promise.all(Array.from({ length: 1500 }, () => liar.telemetry()));
    await opens(scooter, 'flooding');
    await liar.close();
  });

  it('and the database itself admits one row per trouble, of a scooter as of the fleet, and no place in any', async () => {
    const scooter = await world.garage.scooter();
    const insert = (scooterId: string | null, details: string) => world.db.query(
      `insert into alerts (id, kind, scooter_id, severity, state, opened_at, last_seen_at, times, details)
       values (gen_random_uuid(), 'flooding', $1, 'info', 'open', now(), now(), 1, $2)`, [scooterId, details]);
    for (const id of [scooter.id, null]) {
      await insert(id, '{}');
      await expect(insert(id, '{}')).rejects.toThrow('alerts_one_open');
    }
    await expect(insert(scooter.id, '{"latitude": 48.8}')).rejects.toThrow('alerts_details_check');
    await world.db.query(`delete from alerts where kind = 'flooding' and (scooter_id = $1 or scooter_id is null)`, [scooter.id]);
  });

  it('a scooter that does not believe our signature', async () => {
    const scooter = await world.garage.scooter();
    await world.db.query('update scooter_credentials set command_key = $2 where scooter_id = $1', [scooter.id, 'ab'.repeat(32)]);
    await expectStatus(operator.post(`/operator/scooters/${scooter.id}/commands`, { kind: 'locate', reason: 'does it know us' }), 202);
    expect(await opens(scooter, 'bad_signature')).toMatchObject({ severity: 'critical', details: { command: 'locate' } });
  });
});

describe('watching the whole fleet', () => {
  let world: World;
  let operator: TestPerson;
  const open = async (): Promise<Seen[]> => (await operator.get<{ items: Seen[] }>('/operator/alerts?limit=100')).body.items.filter(({ state }) => state !== 'closed');
  beforeAll(async () => {
    world = await World.start();
    operator = await world.people.staff('operator');
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  it('says nothing of what riders and crews do: rides, pauses, a put-aside scooter, a swap', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter({ rangeKm: 14 });
    const ride = await rider.take(scooter.id);
    scooter.unit.ride({ waypoints: [LOUVRE, BASTILLE] });
    await world.pass(1500, 100);
    scooter.unit.park();
    await rider.post(`/rider/rides/${ride.id}/pause`);
    await rider.until(ride.id, 'paused');
    await world.pass(10 * MINUTE, 20);
    await rider.post(`/rider/rides/${ride.id}/resume`);
    await rider.until(ride.id, 'riding');
    scooter.unit.ride({ waypoints: [{ latitude: BASTILLE.latitude + 0.004, longitude: BASTILLE.longitude }] });
    await world.pass(120, 20);
    scooter.unit.park();
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    scooter.unit.push([{ latitude: BASTILLE.latitude + 0.0041, longitude: BASTILLE.longitude }]);
    await world.pass(5 * MINUTE, 30);

    const crew = await world.people.crew('bastille');
    await crew.post('/crew/shift/start', { fullPacks: 5 });
    scooter.unit.setRange(8);
    const task = async () => (await world.db.query<{ id: string; crew_id: string | null }[]>('select id, crew_id from tasks where scooter_id = $1', [scooter.id]))[0];
    await world.until(async () => (await task())?.crew_id != null, 'a task');
    await expectStatus(crew.post(`/crew/tasks/${(await task())?.id ?? ''}/arrive`, { position: scooter.unit.position }), 200);
    await expectStatus(crew.post(`/crew/tasks/${(await task())?.id ?? ''}/open-bay`), 202);
    await world.until(() => scooter.unit.sensors.bay === 'open', 'the open bay');
    await world.pass(5 * MINUTE, 10);
    await crew.post(`/crew/tasks/${(await task())?.id ?? ''}/report`, { serialOut: scooter.unit.batterySerial, serialIn: 'FRESH-9' });
    scooter.unit.swap('FRESH-9', 98);
    await world.until(async () => (await world.garage.stateOf(scooter.id))['state'] === 'available', 'back');
    await world.pass(30 * MINUTE, 30);
    expect((await operator.get<{ items: Seen[] }>('/operator/alerts')).body.items).toEqual([]);
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  });

  it('makes one alert of our own line, and none of the scooters behind it', async () => {
    world.wire.cutNow();
    await world.pass(40 * MINUTE, 40);
    expect(await open()).toMatchObject([{ kind: 'link_down', scooterId: null, severity: 'critical', times: 1 }]);
    world.wire.mend();
    await world.until(async () => (await world.door.get('/health/ready')).status === 200, 'listening again');
    await world.pass(30, 6);
    await world.until(async () => (await open()).length === 0, 'the line back');
  });

  it('makes one alert of twelve scooters that are gone at once, and lets each be its own when most are back', async () => {
    const scooters = await Promise.all(Array.from({ length: 12 }, () => world.garage.scooter()));
    await world.pass(MINUTE, 12);
    for (const { unit } of scooters) unit.loseNetwork();
    await world.until(async () => (await world.db.query<unknown[]>('select 1 from scooters where not connected')).length >= 12, 'gone');
    await world.pass(25 * MINUTE, 50);
    expect(await open()).toMatchObject([{ kind: 'offline', scooterId: null, severity: 'critical', times: 12 }]);
    for (const { unit } of scooters.slice(1)) unit.findNetwork();
    await world.until(async () => (await open()).every(({ scooterId }) => scooterId !== null) && (await open()).length === 1, 'one left');
    expect(await open()).toMatchObject([{ kind: 'offline', scooterId: scooters[0]?.id, severity: 'warning' }]);
    scooters[0]?.unit.findNetwork();
    await world.until(async () => (await open()).length === 0, 'all back');
  });

  it('keeps a row for each of twelve that fell in one gale, until each of them stands', async () => {
    const scooters = await Promise.all(Array.from({ length: 12 }, () => world.garage.scooter()));
    for (const { unit } of scooters) unit.put({ thing: 'body', state: 'fallen' });
    const fallen = async () => (await open()).filter(({ kind }) => kind === 'fell').map(({ scooterId }) => scooterId).sort();
    const ids = scooters.map(({ id }) => id as string).sort();
    await world.until(async () => (await fallen()).length === 12, 'twelve rows');
    await world.pass(30 * MINUTE, 30);
    expect(await fallen()).toEqual(ids);
    const [first, ...others] = scooters as [TestScooter, ...TestScooter[]];
    for (const { unit } of others) unit.standDown();
    await world.pass(16 * MINUTE, 8);
    await world.until(async () => (await fallen()).length === 1, 'eleven stand');
    expect(await fallen()).toEqual([first.id]);
    first.unit.standDown();
    await world.pass(16 * MINUTE, 8);
    await world.until(async () => (await open()).length === 0, 'all stand');
  });

  it('tells of one scooter by itself, once a person has closed the trouble of the fleet', async () => {
    const scooters = await Promise.all(Array.from({ length: 7 }, () => world.garage.scooter()));
    const book = world.app.get(AlertBookService);
    const note = (scooter: TestScooter | undefined) => book.noteNow({ kind: 'bad_signature', scooterId: (scooter as TestScooter).id, isRidden: false });
    for (const scooter of scooters) await note(scooter);
    const [ofFleet] = await open();
    expect(await open()).toMatchObject([{ kind: 'bad_signature', scooterId: null, times: 7 }]);
    await expectStatus(operator.post(`/operator/alerts/${ofFleet?.id ?? ''}/close`, { reason: 'a key was typed wrong' }), 200);
    for (const scooter of scooters) await note(scooter);
    expect((await open()).map(({ scooterId }) => scooterId).sort()).toEqual(scooters.map(({ id }) => id as string).sort());
    expect((await open()).every(({ kind, severity, times }) => kind === 'bad_signature' && severity === 'critical' && times === 1)).toBe(true);
    await world.pass(61 * MINUTE, 20);
    await world.until(async () => (await open()).length === 0, 'over');
  });

  it('forgets what is closed after a year, and where a scooter never was after a month', async () => {
    const { id } = await world.garage.scooter();
    const closed = (days: number) => world.db.query(
      `insert into alerts (id, kind, scooter_id, severity, state, opened_at, last_seen_at, times, closed_at, closed_by, details)
       values (gen_random_uuid(), 'flooding', $1, 'info', 'closed', $2, $2, 1, $2, 'auto', '{}')`, [id, world.clock.in(-days * 86_400)]);
    await closed(364);
    await closed(366);
    await world.db.query(
      `insert into scooter_doubts (scooter_id, suspect_places, suspect_latitude, suspect_longitude, suspect_at) values ($1, 3, 0, 0, $2)
       on conflict (scooter_id) do update set suspect_places = 3, suspect_latitude = 0, suspect_longitude = 0, suspect_at = excluded.suspect_at`, [id, world.clock.in(-31 * 86_400)]);
    await world.pass(3700, 5);
    const [kept] = await world.db.query<unknown[]>(
      `select (select count(*)::int from alerts where scooter_id = $1 and kind = 'flooding') as alerts, suspect_places, suspect_latitude from scooter_doubts where scooter_id = $1`, [id]);
    expect(kept).toEqual({ alerts: 1, suspect_places: 3, suspect_latitude: null });
  });

  it('is worked on by people: taken on, handed over, asleep and back, closed; each act is written down', async () => {
    const admin = await world.people.staff('admin');
    const scooter = await world.garage.scooter();
    scooter.unit.put({ thing: 'body', state: 'fallen' });
    await world.until(async () => (await open()).length === 1, 'open');
    const [alert] = await open();
    const door = `/operator/alerts/${alert?.id ?? ''}`;
    const now = async () => (await operator.get<Seen>(door)).body;
    const staff = await world.db.query<{ id: string; role: string }[]>('select id, role from staff_members order by role');
    const idOf = (role: string) => staff.find((member) => member.role === role)?.id;

    await expectStatus(operator.post(`${door}/acknowledge`), 200);
    expect(await now()).toMatchObject({ state: 'acknowledged', owner: idOf('operator') });
    expect((await operator.post(`${door}/acknowledge`)).body.error?.code).toBe('step_not_allowed');
    expect((await operator.post(`${door}/assign`, { owner: idOf('crew') })).body.error?.code).toBe('staff_unknown');
    await expectStatus(operator.post(`${door}/assign`, { owner: idOf('admin') }), 200);
    const mine = await admin.get<{ items: Seen[] }>(`/operator/alerts?owner=${idOf('admin') ?? ''}&severity=warning&kind=fell&state=acknowledged`);
    expect(mine.body.items.map(({ id }) => id)).toEqual([alert?.id]);

    expect((await admin.post(`${door}/snooze`, { minutes: 30 })).status).toBe(400);
    await expectStatus(admin.post(`${door}/snooze`, { minutes: 30, reason: 'the crew is on its way' }), 200);
    await world.pass(29 * MINUTE, 10);
    expect(await now()).toMatchObject({ state: 'snoozed' });
    await world.pass(2 * MINUTE, 6);
    expect(await now()).toMatchObject({ state: 'open', owner: idOf('admin'), times: 1 });
    await expectStatus(admin.post(`${door}/close`, { reason: 'a passer-by put it up' }), 200);
    expect(await now()).toMatchObject({ state: 'closed', closedBy: 'person', reason: 'a passer-by put it up' });
    scooter.unit.put({ thing: 'body', state: 'fallen' });
    await world.until(async () => (await open()).length === 1, 'a new one');
    expect((await open())[0]?.id).not.toBe(alert?.id);

    const log = await admin.get<{ items: { action: string; subjectId: string }[] }>('/operator/audit?limit=20');
    expect(log.body.items.filter(({ subjectId }) => subjectId === alert?.id).map(({ action }) => action))
      .toEqual(['alert.close', 'alert.snooze', 'alert.assign', 'alert.acknowledge']);
    expect((await world.door.get<{ text: string }>('/metrics')).body.text).toContain('roue_libre_alerts_open{kind="fell",severity="warning"} 1');
  });
});
