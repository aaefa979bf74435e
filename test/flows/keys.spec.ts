// The secrets of the scooters over their life: a new key while nobody rides, a thief shut out, a new unit in an old
// scooter, and the end. (Promises V3 and V9, fault F-S3.)
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import mqtt from 'mqtt';
import { randomBytes } from 'node:crypto';
import { FlashStore } from '../../firmware-sim/unit/flash.js';
import { SimulatedScooter } from '../../firmware-sim/unit/simulated-scooter.js';
import { KeyRotationService } from '../../src/identity/key-rotation.service.js';
import { DownlinkService } from '../../src/commands/downlink.service.js';
import type { ScooterId } from '../../src/platform/ids.js';
import { Command, readMessage, signatureHolds, topics } from '../../src/telematics/wire.js';
import type { BrokerTap } from '../kit/broker-tap.js';
import type { TestScooter } from '../kit/garage.js';
import { BASTILLE } from '../kit/places.js';
import { World } from '../kit/world.js';

const why = { reason: 'the tenth of the month' };
interface Credential { commandKey: string; keyId: number; next: string | null; offered: Date | null; revoked: Date | null; unit: number }

describe('the keys of a scooter', () => {
  let world: World;
  let tap: BrokerTap;
  beforeAll(async () => {
    world = await World.start();
    tap = await world.tap();
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const credential = async ({ id }: { id: ScooterId }): Promise<Credential> => {
    const [row] = await world.db.query<Credential[]>(
      `select command_key as "commandKey", key_id as "keyId", next_command_key as next, next_key_offered_at as offered, revoked_at as revoked, unit
         from scooter_credentials where scooter_id = $1`, [id]);
    if (!row) throw new Error('no credential');
    return row;
  };
  const actions = async (scooterId: string): Promise<string[]> =>
    (await world.db.query<{ action: string }[]>('select action from audit_entries where subject_id = $1 order by id', [scooterId])).map(({ action }) => action);
  const commandsTo = (id: string): Command[] =>
    tap.on(topics.commandsTo(id)).flatMap((said) => readMessage(Command, Buffer.from(JSON.stringify(said))) ?? []);
  const ring = (id: ScooterId): Promise<unknown> =>
    world.db.transaction((tx) => world.app.get(DownlinkService).command(tx, { scooterId: id, kind: 'locate', requestedBy: 'test' }));
  const states = async (id: string): Promise<string[]> =>
    (await world.db.query<{ state: string }[]>('select state from commands where scooter_id = $1 order by nonce', [id])).map(({ state }) => state);
  const counted = async (result: string): Promise<number> => {
    const text = (await world.door.get<{ text: string }>('/metrics')).body.text;
    return Number(new RegExp(`uplink_messages_total\\{kind="none",result="${result}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  const isKept = (scooter: TestScooter) => async (): Promise<boolean> => (await credential(scooter)).next === null;

  it('change while nobody rides: the new one is kept before it is used, and the old one opens nothing any more', async () => {
    const scooter = await world.garage.scooter();
    const operator = await world.people.staff('operator');
    const answer = await operator.post(`/operator/scooters/${scooter.id}/keys`, why);
    expect([answer.status, answer.body]).toEqual([202, { scooterId: scooter.id, keyId: 2 }]);
    await world.until(isKept(scooter), 'the new key kept');
    const { commandKey, keyId } = await credential(scooter);
    expect(keyId).toBe(2);
    expect(commandKey).not.toBe(scooter.commandKey);

    await ring(scooter.id);
    await world.until(async () => (await states(scooter.id)).at(-1) === 'done', 'obeyed under the new key');
    const [order] = commandsTo(scooter.id);
    if (!order) throw new Error('nothing was sent');
    expect([signatureHolds(commandKey, order), signatureHolds(scooter.commandKey, order)]).toEqual([true, false]);
    expect(await actions(scooter.id)).toContain('scooter.key_ordered');
    // What was on the air is not the key.
    expect(JSON.stringify(tap.on(topics.keysTo(scooter.id)))).not.toContain(commandKey);
  });

  it('are offered again until the scooter has one, and survive its power cut', async () => {
    const scooter = await world.garage.scooter();
    scooter.unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(scooter.id))['connected'] === false, 'gone');
    const admin = await world.people.staff('admin');
    expect((await admin.post(`/operator/scooters/${scooter.id}/keys`, why)).status).toBe(202);
    expect((await admin.post(`/operator/scooters/${scooter.id}/keys`, why)).body.error?.code).toBe('key_change_under_way');
    await world.pass(120, 4);
    expect(await credential(scooter)).toMatchObject({ keyId: 1, offered: null });
    scooter.unit.findNetwork();
    await world.until(isKept(scooter), 'the new key kept');
    scooter.unit.reboot();
    await world.until(async () => scooter.unit.connected && (await world.garage.stateOf(scooter.id))['boot'] === 2, 'back');
    await ring(scooter.id);
    await world.until(async () => (await states(scooter.id)).at(-1) === 'done', 'obeyed after a power cut');
  });

  it('do not change while somebody has the scooter, and no order is lost around a change', async () => {
    const scooter = await world.garage.scooter();
    const rider = await world.people.rider();
    const { id: ride } = await rider.take(scooter.id);
    const admin = await world.people.staff('admin');
    expect((await admin.post(`/operator/scooters/${scooter.id}/keys`, why)).status).toBe(202);
    await world.pass(300, 5);
    expect(await credential(scooter)).toMatchObject({ keyId: 1, offered: null });
    scooter.unit.park();
    expect((await rider.post(`/rider/rides/${ride}/end`)).status).toBe(202);
    await rider.until(ride, 'ended');
    await world.pass(30);
    await world.until(async () => { await world.pass(5); return isKept(scooter)(); }, 'the new key kept');
    expect(new Set(await states(scooter.id))).toEqual(new Set(['done']));
  });

  it('hold back an order in the moment nobody knows which of the two it would be obeyed under', async () => {
    const scooter = await world.garage.scooter();
    scooter.unit.setFaults({ lost: 1 });
    const admin = await world.people.staff('admin');
    await admin.post(`/operator/scooters/${scooter.id}/keys`, why);
    await world.until(async () => (await credential(scooter)).offered !== null, 'an offer');
    await expect(ring(scooter.id)).rejects.toThrow('scooter_offline');
    await world.pass(4);
    await ring(scooter.id);
    scooter.unit.setFaults({});
    await world.until(async () => { await world.pass(5); return isKept(scooter)(); }, 'the new key kept');
    await ring(scooter.id);
    await world.until(async () => (await states(scooter.id)).at(-1) === 'done', 'obeyed under the new key');
  });

  it('grow old, and are changed one after the other without anybody asking', async () => {
    const scooter = await world.garage.scooter();
    const rotation = world.app.get(KeyRotationService);
    await world.db.query(`update scooter_credentials set issued_at = $2, key_issued_at = null where scooter_id = $1`,
      [scooter.id, new Date(world.clock.now().getTime() - 91 * 86_400_000)]);
    expect(await rotation.orderOldest(90)).toBe(scooter.id);
    expect(await rotation.orderOldest(90)).toBeNull();
    await world.until(isKept(scooter), 'the new key kept');
    expect(await credential(scooter)).toMatchObject({ keyId: 2 });
    expect(await rotation.orderOldest(90)).toBeNull();
  });

  it('are worth nothing once they are revoked: neither told nor believed anything, and put out at once', async () => {
    const scooter = await world.garage.scooter();
    const operator = await world.people.staff('operator');
    const asked = performance.now();
    expect((await operator.post(`/operator/scooters/${scooter.id}/revoke`, why)).status).toBe(200);
    await world.until(() => !scooter.unit.connected, 'put out');
    expect(performance.now() - asked).toBeLessThan(5000);
    expect((await operator.post(`/operator/scooters/${scooter.id}/revoke`, why)).body.error?.code).toBe('scooter_revoked');
    expect((await operator.post(`/operator/scooters/${scooter.id}/keys`, why)).body.error?.code).toBe('scooter_revoked');
    expect((await operator.post(`/operator/scooters/${scooter.id}/commands`, { kind: 'locate', ...why })).body.error?.code).toBe('scooter_offline');
    expect(await world.garage.stateOf(scooter.id)).toMatchObject({ connected: false, state: 'unsure' });
    expect(await actions(scooter.id)).toEqual(['scooter.revoked']);

  });

  it('prove nothing once they are revoked, even over a line that a broker has left open', async () => {
    const scooter = await world.garage.scooter();
    await world.db.query(`update scooter_credentials set revoked_at = now() - interval '1 day' where scooter_id = $1`, [scooter.id]);
    await world.turn();
    const before = await world.garage.stateOf(scooter.id);
    const heardBefore = await counted('shut_out');
    scooter.unit.put({ thing: 'helmet', state: 'out' });
    scooter.unit.setRange(4);
    await world.until(async () => (await counted('shut_out')) > heardBefore, 'something was said');
    expect(scooter.unit.connected).toBe(true);
    await world.turn();
    expect(await world.garage.stateOf(scooter.id)).toEqual(before);
    await expect(ring(scooter.id)).rejects.toThrow('scooter_offline');
  });

  it('win back neither trust nor presence, however much is said before a process has heard of it', async () => {
    const scooter = await world.garage.scooter();
    const operator = await world.people.staff('operator');
    const { id, password } = scooter;
    scooter.unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(id))['connected'] === false, 'gone');
    const heard = tap.on(topics.telemetryFrom(id)).at(-1);
    const thief = await mqtt.connectAsync(world.brokerUrl, { protocolVersion: 4, clientId: id, username: id, password, reconnectPeriod: 0 });
    let [seq, isOut] = [1000, false];
    thief.on('close', () => { isOut = true; });
    const chatter = async (): Promise<void> => {
      seq += 2;
      await thief.publishAsync(topics.presenceFrom(id), JSON.stringify({ connected: true, boot: 1 }), { qos: 1 });
      await thief.publishAsync(topics.eventsFrom(id), JSON.stringify({ kind: 'bay_opened', boot: 1, seq: seq - 1, ageMs: 0 }), { qos: 1 });
      await thief.publishAsync(topics.telemetryFrom(id), JSON.stringify({ ...heard, boot: 1, seq }), { qos: 1 });
    };
    world.clock.moveOn(1);
    await chatter();
    await world.until(async () => (await world.garage.stateOf(id))['connected'] === true, 'there again');

    expect((await operator.post(`/operator/scooters/${id}/revoke`, why)).status).toBe(200);
    // No process has looked yet who is shut out: each word is still taken in.
    world.clock.moveOn(60);
    await chatter();
    while (Number((await world.garage.stateOf(id))['seq']) < seq) await world.db.query('select 1');
    expect(await world.garage.stateOf(id)).toMatchObject({ connected: false, state: 'unsure' });
    await world.until(() => isOut, 'put out');
    expect(await world.garage.stateOf(id)).toMatchObject({ connected: false, state: 'unsure' });
  });

  it('come anew with a new unit that counts from 1: what the old one counted is forgotten in the same breath', async () => {
    const scooter = await world.garage.scooter();
    const [operator, admin] = [await world.people.staff('operator'), await world.people.staff('admin')];
    scooter.unit.reboot();
    await world.until(async () => Number((await world.garage.stateOf(scooter.id))['boot']) === 2, 'its second boot');
    const door = `/operator/scooters/${scooter.id}/reinstate`;
    expect((await admin.post(door, why)).body.error?.code).toBe('scooter_not_revoked');
    await operator.post(`/operator/scooters/${scooter.id}/revoke`, why);
    await world.until(() => !scooter.unit.connected, 'put out');
    expect((await operator.post(door, why)).status).toBe(403);
    const { status, body } = await admin.post<{ commandKey: string; password: string }>(door, why);
    expect(status).toBe(200);
    expect(await credential(scooter)).toMatchObject({ commandKey: body.commandKey, keyId: 1, unit: 2, revoked: null });
    expect(await world.db.query('select 1 from scooter_events where scooter_id = $1', [scooter.id])).toEqual([]);

    await world.turn();
    const unit = await SimulatedScooter.switchOn({
      mqttUrl: world.brokerUrl, clock: world.clock, flash: FlashStore.inMemory().of(scooter.id), seed: 2, helloSpreadMs: 0,
      card: { scooterId: scooter.id, plate: scooter.plate, vin: 'VF9NEWUNIT0000001', ...body, ...BASTILLE, batterySerial: 'P2', chargePercent: 90, odometerM: 1200 },
    });
    await world.until(async () => {
      unit.tick();
      const { state, connected, boot } = await world.garage.stateOf(scooter.id);
      return state === 'available' && connected === true && boot === 1;
    }, 'the new unit in service');
    await ring(scooter.id);
    await world.until(async () => (await states(scooter.id)).at(-1) === 'done', 'the new unit obeys');
    expect(await actions(scooter.id)).toEqual(['scooter.revoked', 'scooter.reinstated']);
    await unit.switchOff();
  });

  it('end with the scooter: locked, revoked, in no list of riders, for good', async () => {
    const scooter = await world.garage.scooter();
    const [rider, admin] = [await world.people.rider(), await world.people.staff('admin')];
    const { id: ride } = await rider.take(scooter.id);
    expect((await admin.post(`/operator/scooters/${scooter.id}/retire`, why)).body.error?.code).toBe('scooter_open');
    scooter.unit.park();
    await rider.post(`/rider/rides/${ride}/end`);
    await rider.until(ride, 'ended');
    await world.until(async () => (await world.garage.stateOf(scooter.id))['state'] === 'available', 'free');
    expect((await admin.post(`/operator/scooters/${scooter.id}/retire`, why)).status).toBe(200);
    await world.until(() => !scooter.unit.connected, 'put out');
    expect(await world.garage.stateOf(scooter.id)).toMatchObject({ state: 'retired', connected: false });
    expect((await admin.post(`/operator/scooters/${scooter.id}/reinstate`, why)).body.error?.code).toBe('scooter_not_available');
    expect((await rider.request(scooter.id)).status).toBe(409);
    expect(await actions(scooter.id)).toEqual(['scooter.retired']);
  });

  it('that their maker burnt in are taken over, unless everybody knows them or somebody had them before', async () => {
    const admin = await world.people.staff('admin');
    const secret = (): string => randomBytes(32).toString('hex');
    let number = 0;
    const made = (commandKey = secret(), password = secret()) => ({ plate: `MADE-${String(++number)}`, vin: `VF9MADE${String(number)}`, commandKey, password });
    const take = async (...scooters: ReturnType<typeof made>[]) => {
      const { status, body } = await admin.post('/operator/scooters/import', { ...why, scooters });
      return status === 201 ? 201 : body.error?.code;
    };
    const [first, second] = [made(), made()];
    expect(await take(first, second)).toBe(201);
    expect(await take(made('ff'.repeat(32)))).toBe('key_known');
    expect(await take(made('123456'.padEnd(64, '0')))).toBe('key_known');
    expect(await take(made(secret(), '1234567890123456'))).toBe('key_known');
    expect(await take(made(secret(), 'short'))).toBe('key_known');
    expect(await take(made(first.commandKey))).toBe('key_known');
    expect(await take(made(secret(), second.password))).toBe('key_known');
    const twice = secret();
    expect(await take(made(twice), made(twice))).toBe('key_known');
    // Also one that was given long ago and changed since; and the database alone says so, too.
    await expect(world.db.query(
      `insert into spent_secrets select digest, scooter_id, now() from spent_secrets limit 1`)).rejects.toThrow(/spent_secrets_pkey/);
    const scooter = await world.garage.scooter();
    await admin.post(`/operator/scooters/${scooter.id}/keys`, why);
    await world.until(isKept(scooter), 'the new key kept');
    expect(await take(made(scooter.commandKey))).toBe('key_known');
    // One scooter's key is another scooter's nothing.
    expect(await take(made())).toBe(201);
    // What a Mosquitto needs of a password is kept from the first day, also by a process that writes none of its files.
    expect(await world.db.query('select 1 from scooter_credentials where broker_hash is null')).toEqual([]);
  });

  it('do not help to shout: whoever floods is cut short, and the others are heard as ever', async () => {
    const [loud, quiet] = [await world.garage.scooter(), await world.garage.scooter()];
    const [row] = await world.db.query<{ boot: number; seq: string }[]>('select boot, seq from scooters where id = $1', [loud.id]);
    loud.unit.loseNetwork();
    const { id, password } = loud;
    const thief = await mqtt.connectAsync(world.brokerUrl, { protocolVersion: 4, clientId: id, username: id, password, reconnectPeriod: 0 });
    for (let seq = 1; seq <= 3000; seq++) {
      thief.publish(topics.eventsFrom(loud.id), JSON.stringify({ kind: 'bay_opened', boot: row?.boot ?? 1, seq, ageMs: 0 }), { qos: 0 });
    }
    await world.until(async () => (await counted('flooding')) > 1500, 'cut short');
    const began = performance.now();
    await ring(quiet.id);
    await world.until(async () => (await states(quiet.id)).at(-1) === 'done', 'the other obeys');
    expect(performance.now() - began).toBeLessThan(5000);
    const [stored] = await world.db.query<{ count: number }[]>(`select count(*)::int as count from scooter_events where scooter_id = $1 and kind = 'bay_opened'`, [loud.id]);
    expect(stored?.count).toBeLessThan(1500);
    await thief.endAsync(true);
  });
});
