// A scooter that speaks another maker's protocol is rented like any other: the gateway speaks ours in its place,
// and everything that makes an order safe holds for it too.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import mqtt from 'mqtt';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Memory } from '../../gateway/memory.js';
import { openDoor } from '../../gateway/omni-door.js';
import { OmniUnit } from '../../gateway/omni-unit.js';
import { Spokesman } from '../../gateway/spokesman.js';
import { ProvisioningService } from '../../src/identity/provisioning.service.js';
import { newId, type ScooterId } from '../../src/platform/ids.js';
import { signCommand, topics } from '../../src/telematics/wire.js';
import { OmniScooter } from '../kit/omni-scooter.js';
import { BASTILLE } from '../kit/places.js';
import { fleetPool, World } from '../kit/world.js';

const IMEI = '867584030387299';

describe('a scooter behind the gateway', () => {
  let world: World;
  let folder: string;
  let door: { server: Server; port: number };
  let spokesman: Spokesman;
  let scooter: OmniScooter;
  // A Mosquitto of Debian knows the accounts of the pool and no others.
  const known = fleetPool().at(-1);
  const charge = { scooterId: (known?.scooterId ?? newId()) as ScooterId, imei: IMEI, password: known?.password ?? randomBytes(24).toString('base64url'), commandKey: randomBytes(32).toString('hex'), fullRangeKm: 60 };
  const row = () => world.garage.stateOf(charge.scooterId);

  const raise = async (): Promise<void> => {
    const unit = new OmniUnit(IMEI, () => Math.floor(world.clock.now().getTime() / 1000));
    spokesman = new Spokesman(charge, unit, new Memory(folder, charge.scooterId), { mqttUrl: world.brokerUrl, ...(world.config.mqttCa !== undefined && { ca: world.config.mqttCa }), nowMs: () => world.clock.now().getTime() });
    door = await openDoor(new Map([[IMEI, unit]]), { host: '127.0.0.1', port: 0 });
  };
  const end = async (): Promise<void> => {
    door.server.close();
    await spokesman.end();
  };

  beforeAll(async () => {
    world = await World.start();
    folder = mkdtempSync(join(tmpdir(), 'roue-libre-gateway-'));
    const { scooterId: id, password, commandKey } = charge;
    await world.db.transaction((tx) => world.app.get(ProvisioningService).provision(tx, [{ id, plate: 'OMNI-1', vin: 'VF9MN100000000001', commandKey, password }]));
    await raise();
    scooter = await OmniScooter.arrive(door.port, IMEI, BASTILLE);
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => {
    scooter.leave();
    await end();
    await world.stop();
    rmSync(folder, { recursive: true });
  });

  it('is looked at, rented, paused, resumed, left and billed', async () => {
    await world.until(async () => (await row())['connected'] === true && (await row())['sensors'] !== null, 'heard of');
    const admin = await world.people.staff('admin');
    await admin.post(`/operator/scooters/${charge.scooterId}/commands`, { kind: 'look', reason: 'joins the fleet' });
    await world.until(async () => (await row())['state'] === 'available', 'in service');
    expect(await row()).toMatchObject({ range_km: 48, charge_percent: 80 });

    const rider = await world.people.rider();
    const ride = await rider.take(charge.scooterId);
    expect(scooter.bolt).toBe('open');
    await world.pass(130);
    await rider.post(`/rider/rides/${ride.id}/pause`);
    await rider.until(ride.id, 'paused');
    expect(scooter.bolt).toBe('closed');
    await rider.post(`/rider/rides/${ride.id}/resume`);
    await rider.until(ride.id, 'riding');
    await rider.post(`/rider/rides/${ride.id}/end`);
    const ended = await rider.until(ride.id, 'ended');
    expect(scooter.bolt).toBe('closed');
    expect(ended.fareCents).toBe(3 * 28 + 13);
    expect(Number((await row())['latitude'])).toBeCloseTo(BASTILLE.latitude, 4);
  });

  it('is not locked under a rider who moves, and says jammed when its bolt is', async () => {
    const rider = await world.people.rider();
    const ride = await rider.take(charge.scooterId);
    // Its last word about speed is from before the ride, and this unit would not refuse by itself.
    scooter.speedKmh = 20;
    scooter.locksWhileMoving = true;
    scooter.heartbeat();
    await rider.post(`/rider/rides/${ride.id}/pause`);
    await rider.until(ride.id, 'riding');
    expect(scooter.bolt).toBe('open');
    await rider.post(`/rider/rides/${ride.id}/end`);
    const refused = await rider.until(ride.id, 'riding');
    expect(refused.refusal?.code).toBe('ignition_on');
    expect(scooter.bolt).toBe('open');

    scooter.speedKmh = 0;
    scooter.jammed = true;
    await rider.post(`/rider/rides/${ride.id}/pause`);
    await rider.until(ride.id, 'riding');
    expect(scooter.bolt).toBe('open');
    scooter.jammed = false;
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    expect(scooter.bolt).toBe('closed');
  });

  it('obeys no replay, also when the gateway was killed in between', async () => {
    const tap = await world.tap();
    const admin = await world.people.staff('admin');
    await admin.post(`/operator/scooters/${charge.scooterId}/commands`, { kind: 'locate', reason: 'to have something to replay' });
    await world.until(() => tap.commandsTo(charge.scooterId).length > 0, 'an order on the tape');
    await world.until(() => scooter.heard.includes('V0,2'), 'found');
    const taped = tap.commandsTo(charge.scooterId);
    const before = scooter.heard.filter((frame) => frame === 'V0,2').length;

    scooter.leave();
    await end();
    await raise();
    scooter = await OmniScooter.arrive(door.port, IMEI, BASTILLE);
    scooter.heartbeat();
    await world.until(async () => (await row())['connected'] === true && (await row())['boot'] === 2, 'back');
    const attacker = await mqtt.connectAsync(world.config.mqttUrl, { ...(world.config.mqttCa !== undefined && { ca: world.config.mqttCa }), clientId: `service-attacker-${String(process.pid)}` });
    const forged = signCommand('ab'.repeat(32), {
      commandId: crypto.randomUUID(), scooterId: charge.scooterId, kind: 'unlock', nonce: 1_000_000, notAfter: world.clock.now().getTime() + 10_000,
    });
    for (const one of [...taped, forged]) await attacker.publishAsync(topics.commandsTo(charge.scooterId), JSON.stringify(one), { qos: 1 });
    await attacker.endAsync();
    await admin.post(`/operator/scooters/${charge.scooterId}/commands`, { kind: 'locate', reason: 'a fresh one' });
    await world.until(() => scooter.heard.includes('V0,2'), 'the fresh one obeyed');
    expect(scooter.heard.filter((frame) => frame === 'V0,2')).toHaveLength(1);
    expect(before).toBe(1);
    expect(scooter.bolt).toBe('closed');
  });

  it('leaves the service in doubt when the unit does not answer, and never acts later', async () => {
    const rider = await world.people.rider();
    scooter.deafTo.add('L0');
    const answer = await rider.post<{ id: string }>('/rider/rides', { scooterId: charge.scooterId, acceptedHoldCents: 1000 });
    expect(answer.status).toBe(202);
    await world.until(() => scooter.heard.some((frame) => frame.startsWith('L0,')), 'ordered');
    await world.pass(20);
    await rider.until(answer.body.id, 'unsure');
    expect(scooter.bolt).toBe('closed');
    scooter.deafTo.clear();
    await world.until(async () => (await rider.ride(answer.body.id)).state === 'failed', 'given up');
    await world.until(async () => (await row())['state'] === 'available', 'trusted again');
    expect(scooter.bolt).toBe('closed');
  });

  it('tells a fall and a theft, and hears that it was heard', async () => {
    const events = () => world.db.query<{ kind: string }[]>(`select kind from scooter_events where scooter_id = $1 and kind in ('fell', 'moved_without_ride', 'bay_closed')`, [charge.scooterId]);
    scooter.alarm(1);
    scooter.alarm(2);
    await world.until(async () => (await events()).length === 2, 'told');
    expect(scooter.heard.filter((frame) => frame === 'W0')).toHaveLength(2);
  });
});
