// The zones travel to the scooters, who judge for themselves where they are, hold the speed there, and tell what
// they entered but never where (promises V7 and D1). What is forged, older or torn changes nothing.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { createPrivateKey } from 'node:crypto';
import { SigningService } from '../../src/identity/signing.service.js';
import { signBody, topics, ZoneSet, type Signed } from '../../src/telematics/wire.js';
import { ZonesService } from '../../src/zones/zones.service.js';
import type { TestScooter } from '../kit/garage.js';
import type { TestPerson } from '../kit/people.js';
import { World } from '../kit/world.js';

const START = { latitude: 48.85, longitude: 2.3 };
const END = { latitude: 48.85, longitude: 2.32 };
const box = (west: number, east: number) => ({
  type: 'Polygon', coordinates: [[[west, 48.84], [east, 48.84], [east, 48.86], [west, 48.86], [west, 48.84]]],
});
const area = { kind: 'service', name: 'Area', geometry: box(2.28, 2.34) };
/** From 440 to 880 m along the way. */
const slow = { kind: 'slow', name: 'School', maxSpeedKmh: 20, geometry: box(2.306, 2.312) };

interface OnBoard {
  version: number;
  scooters: { upToDate: number; behind: number };
  held: { version: number | null; scooters: number }[];
  behind: { scooterId: string; version: number | null; behindSeconds: number; refused: string | null }[];
}
interface Told { kind: string; zone?: string; limitKmh?: number | null; version?: number; reason?: string }

describe('the zones on board', () => {
  let world: World;
  let operator: TestPerson;
  let broker: MqttClient;
  beforeAll(async () => {
    world = await World.start();
    operator = await world.people.staff('operator');
    broker = await mqtt.connectAsync(world.config.mqttUrl, { protocolVersion: 4, clientId: 'service-forger' });
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => {
    await broker.endAsync(true);
    await world.stop();
  });

  const publish = async (...zones: object[]): Promise<number> => {
    const { status, body } = await operator.post<{ version: number }>('/operator/zones', { note: 'test', reason: 'a test of zones', zones });
    expect(status).toBe(201);
    return body.version;
  };
  const onBoard = async (): Promise<OnBoard> => (await operator.get<OnBoard>('/operator/zones/on-board')).body;
  const holds = async ({ id }: TestScooter): Promise<unknown> =>
    (await world.db.query<{ version: number | null }[]>('select version from scooter_zones where scooter_id = $1', [id]))[0]?.version;
  const holding = (scooter: TestScooter, version: number): Promise<void> =>
    world.until(async () => (await holds(scooter)) === version, `version ${String(version)} on board`);
  const newest = (): number => world.app.get(ZonesService).version;
  const leave = async (message: string): Promise<void> => { await broker.publishAsync(topics.zonesToAll, message, { qos: 1, retain: true }); };
  const told = (tap: { on(topic: string): object[] }, { id }: TestScooter): Told[] => tap.on(topics.eventsFrom(id)) as unknown as Told[];
  const entered = (events: Told[]): unknown[] => events.filter(({ kind }) => kind === 'zone_entered').map(({ zone, limitKmh }) => [zone, limitKmh]);

  it('reach a scooter that comes later, and the control room knows who holds what', async () => {
    const early = await world.garage.scooter({ at: START });
    await holding(early, newest());
    const version = await publish(area);
    await holding(early, version);
    const late = await world.garage.scooter({ at: START });
    await holding(late, version);
    expect(await onBoard()).toMatchObject({ version, scooters: { upToDate: 2, behind: 0 }, held: [{ version, scooters: 2 }], behind: [] });
  });

  it('come to a rider who is under way: the scooter holds the speed there, and tells what it entered', async () => {
    const rider = await world.people.rider();
    const scooter = await world.garage.scooter({ at: START });
    await holding(scooter, newest());
    const tap = await world.tap();
    const ride = await rider.take(scooter.id);
    scooter.unit.ride({ waypoints: [END] });
    await world.pass(15, 15);
    expect(scooter.unit.speedKmh).toBeGreaterThan(40);

    const version = await publish(area, slow);
    await holding(scooter, version);
    const speeds: { longitude: number; kmh: number }[] = [];
    for (let second = 0; second < 200 && scooter.unit.underway; second += 1) {
      await world.pass(1);
      speeds.push({ longitude: scooter.unit.position.longitude, kmh: scooter.unit.speedKmh });
    }
    const within = (west: number, east: number) => speeds.filter(({ longitude }) => longitude > west && longitude < east).map(({ kmh }) => kmh);
    // Two fixes and seven gentle seconds after the border it is slow, until two fixes after the other border.
    expect(within(2.308, 2.312).length).toBeGreaterThan(30);
    expect(Math.max(...within(2.308, 2.312))).toBeLessThanOrEqual(20.5);
    expect(Math.min(...within(2.3, 2.318))).toBeGreaterThan(15);
    expect(Math.max(...within(2.3135, 2.318))).toBeGreaterThan(40);
    await world.until(() => entered(told(tap, scooter)).length >= 3, 'the transitions');
    expect(entered(told(tap, scooter))).toEqual([['service', null], ['slow', 20], ['service', null]]);
    expect(told(tap, scooter).filter(({ kind }) => kind === 'zone_entered').filter((event) => 'fix' in event || JSON.stringify(event).includes('48.'))).toEqual([]);

    scooter.unit.park();
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
    await tap.close();
  });

  it('are taken from nobody but the service, never an older set, and never a torn one', async () => {
    const scooter = await world.garage.scooter({ at: START });
    await holding(scooter, newest());
    const tap = await world.tap();
    const signing = world.app.get(SigningService);
    const bodyOf = (version: number): string => JSON.stringify({ version, zones: [{ kind: 'no_ride', limitKmh: null, polygons: [['_abiH_`hM_|Bo}@~{Bo}@']] }] } satisfies ZoneSet);
    const stranger = createPrivateKey({ key: Buffer.from(`302e020100300506032b657004220420${'66'.repeat(32)}`, 'hex'), format: 'der', type: 'pkcs8' });
    const good = (signed: Signed): string => JSON.stringify(signed);
    const version = newest();
    const bad: [string, string][] = [
      ['bad_signature', good(signBody(stranger, 'zones', bodyOf(version + 1)))],
      ['bad_signature', good({ ...signing.sign('zones', bodyOf(version)), body: bodyOf(version + 1) })],
      ['bad_signature', good(signing.sign('updates', bodyOf(version + 1)))],
      ['unreadable', good(signing.sign('zones', bodyOf(version + 1))).slice(0, -40)],
      ['unreadable', good(signing.sign('zones', bodyOf(version + 1).replace('o}@"', 'o}"')))],
      ['unreadable', ''],
      ['older', good(signing.sign('zones', bodyOf(version - 1)))],
    ];
    for (const [reason, message] of bad) {
      const before = told(tap, scooter).length;
      await leave(message);
      await world.until(() => told(tap, scooter).length > before, `the complaint about ${reason}`);
      expect(told(tap, scooter).at(-1)).toMatchObject({ kind: 'zones_refused', reason });
      await world.until(async () => (await world.db.query<unknown[]>('select 1 from scooter_zones where scooter_id = $1 and refused = $2', [scooter.id, reason])).length === 1, 'noted');
      // It complains of the same thing once in ten minutes, whoever owns the broker.
      await world.pass(601);
    }
    expect(await holds(scooter)).toBe(version);
    expect(told(tap, scooter).filter(({ kind }) => kind === 'zones_kept')).toEqual([]);
    expect(told(tap, scooter).filter(({ kind }) => kind === 'zones_refused')).toHaveLength(bad.length);

    // A newer version from the right hand heals all of it.
    const healed = await publish(area);
    await holding(scooter, healed);
    expect((await onBoard()).behind).toEqual([]);
    await tap.close();
  });

  it('are left with the broker anew when the line to it was broken, and judged by a scooter that was rebooted', async () => {
    const scooter = await world.garage.scooter({ at: START });
    await holding(scooter, newest());
    const tap = await world.tap();
    const left = (): number => tap.heard.filter(({ topic }) => topic === topics.zonesToAll).length;
    // Whoever listens anew is given the one that is there.
    await world.until(() => left() === 1, 'the retained one');
    world.wire.cutNow();
    world.wire.mend();
    await world.until(() => left() === 2, 'left again');
    scooter.unit.reboot();
    await world.until(() => told(tap, scooter).some(({ kind }) => kind === 'started') && scooter.unit.connected, 'rebooted');
    await world.until(() => scooter.unit.unreceiptedEvents === 0, 'all heard');
    expect(told(tap, scooter).filter(({ kind }) => kind.startsWith('zones_'))).toEqual([]);
    await tap.close();
  });

  it('that do not fit on board are refused at the door, and nothing is published', async () => {
    const before = newest();
    const zones = Array.from({ length: 1000 }, (_, i) => ({ ...area, name: `Area ${String(i)}` }));
    const { status, body } = await operator.post('/operator/zones', { note: 'too much', reason: 'a test of zones', zones });
    expect([status, body]).toMatchObject([422, { error: { code: 'zones_too_large', details: { mostBytes: 65_472 } } }]);
    expect(newest()).toBe(before);
  });

  it('are counted for whoever watches: a scooter that does not hear us is behind, and for how long', async () => {
    const scooter = await world.garage.scooter({ at: START });
    await holding(scooter, newest());
    scooter.unit.loseNetwork();
    const version = await publish(area, slow);
    await world.pass(120);
    await world.until(async () => (await onBoard()).scooters.behind === 1, 'one behind');
    const { behind } = await onBoard();
    expect(behind).toEqual([{ scooterId: scooter.id, version: version - 1, behindSeconds: expect.any(Number), refused: null }]);
    expect(behind[0]?.behindSeconds).toBeGreaterThanOrEqual(120);
    expect(await (await fetch(`${world.url}/metrics`)).text()).toMatch(/^roue_libre_scooters_behind_on_zones 1$/m);
    scooter.unit.findNetwork();
    await holding(scooter, version);
    expect((await onBoard()).behind).toEqual([]);

    // One that left the fleet keeps its old zones for ever, and is nobody's worry.
    scooter.unit.loseNetwork();
    await publish(area);
    await world.until(async () => (await onBoard()).scooters.behind === 1, 'one behind');
    const admin = await world.people.staff('admin');
    expect((await admin.post(`/operator/scooters/${scooter.id}/retire`, { reason: 'fell into the Seine' })).status).toBe(200);
    expect((await onBoard()).scooters.behind).toBe(0);
  });
});
