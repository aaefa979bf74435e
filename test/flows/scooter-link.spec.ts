// The link between service and scooter: what is ordered goes out once or never, what a scooter says counts
// once, and what nobody can read changes nothing. Here the scooter is played by hand, word by word.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { randomBytes } from 'node:crypto';
import { ProvisioningService } from '../../src/identity/provisioning.service.js';
import { newId, type CommandId, type ScooterId } from '../../src/platform/ids.js';
import { DownlinkService } from '../../src/commands/downlink.service.js';
import { RollCallService } from '../../src/uplink/roll-call.service.js';
import { Command, readMessage, signatureHolds, topics, type CommandKind } from '../../src/telematics/wire.js';
import { fleetPool, World } from '../kit/world.js';

const SENSORS = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' } as const;
let nextPlate = 1;

/** A scooter without a mind: it says what the test tells it to say. */
class Puppet {
  readonly commands: Command[] = [];
  readonly receipts: string[] = [];
  private seq = 0;
  private constructor(
    readonly id: ScooterId,
    readonly commandKey: string,
    readonly client: MqttClient,
  ) {
    client.on('message', (topic, payload) => {
      const command = topic === topics.commandsTo(id) ? readMessage(Command, payload) : null;
      if (command) this.commands.push(command);
      if (topic === topics.receiptsTo(id)) this.receipts.push(payload.toString());
    });
  }

  static async plugIn(world: World): Promise<Puppet> {
    const known = fleetPool().at(-nextPlate);
    const id = (known?.scooterId ?? newId()) as ScooterId;
    const password = known?.password ?? randomBytes(24).toString('base64url');
    const commandKey = randomBytes(32).toString('hex');
    const number = String(nextPlate++);
    await world.db.transaction((tx) => world.app.get(ProvisioningService).provision(
      tx, [{ id, plate: `PUPPET-${number}`, vin: `VF9PUPPET${number}`, commandKey, password }]));
    const client = await mqtt.connectAsync(world.brokerUrl, { protocolVersion: 4, clientId: id, username: id, password, reconnectPeriod: 0 });
    await client.subscribeAsync([topics.commandsTo(id), topics.receiptsTo(id)]);
    const puppet = new Puppet(id, commandKey, client);
    await puppet.say(topics.presenceFrom(id), { connected: true, boot: 1 });
    return puppet;
  }

  said(): { boot: number; seq: number; ageMs: number } {
    return { boot: 1, seq: ++this.seq, ageMs: 0 };
  }

  async say(topic: string, message: object | string): Promise<void> {
    await this.client.publishAsync(topic, typeof message === 'string' ? message : JSON.stringify(message), { qos: 1 });
  }

  telemetry(parts: object = {}): Promise<void> {
    return this.say(topics.telemetryFrom(this.id), {
      ...this.said(), chargePercent: 80, rangeKm: 50, batterySerial: 'B1', odometerM: 10, sensors: SENSORS, inRide: false,
      fix: { latitude: 48.8606, longitude: 2.3376, accuracyM: 5, ageS: 1 }, ...parts,
    });
  }

  event(parts: object): Promise<void> {
    return this.say(topics.eventsFrom(this.id), { ...this.said(), ...parts });
  }

  done({ commandId, kind }: Command, parts: object = {}): Promise<void> {
    return this.event({ kind: 'command_done', commandId, command: kind, sensors: SENSORS, fix: null, ...parts });
  }
}

describe('the link to the scooters', () => {
  let world: World;
  beforeAll(async () => { world = await World.start(); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  const scooter = async (id: ScooterId): Promise<Record<string, unknown>> => world.garage.stateOf(id);
  const stateOf = async (id: CommandId): Promise<unknown> => {
    const [row] = await world.db.query<{ state: string }[]>('select state from commands where id = $1', [id]);
    return row?.state;
  };
  const order = (scooterId: ScooterId, kind: CommandKind): Promise<CommandId> =>
    world.db.transaction((tx) => world.app.get(DownlinkService).command(tx, { scooterId, kind, requestedBy: 'test' }));
  const connected = (puppet: Puppet, is = true): Promise<void> =>
    world.until(async () => (await scooter(puppet.id))['connected'] === is, `connected ${String(is)}`);
  const eventsOf = async ({ id }: Puppet): Promise<number> => {
    const [row] = await world.db.query<{ count: number }[]>('select count(*)::int as count from scooter_events where scooter_id = $1', [id]);
    return row?.count ?? 0;
  };

  it('trusts a new scooter at its first word, when that word is that it is locked', async () => {
    const puppet = await Puppet.plugIn(world);
    await connected(puppet);
    expect((await scooter(puppet.id))['state']).toBe('unsure');
    await puppet.telemetry({ sensors: { ...SENSORS, lock: 'open' } });
    await world.until(async () => (await scooter(puppet.id))['seq'] === '1');
    expect((await scooter(puppet.id))['state']).toBe('unsure');
    await puppet.telemetry();
    await world.until(async () => (await scooter(puppet.id))['state'] === 'available', 'trusted');
    await puppet.client.endAsync();
  });

  it('sends a command once, signed for this scooter, and takes the answer once', async () => {
    const puppet = await Puppet.plugIn(world);
    await connected(puppet);
    const commandId = await order(puppet.id, 'locate');
    await world.until(() => puppet.commands.length > 0, 'heard');
    const [command] = puppet.commands;
    if (!command) throw new Error('no command');
    expect(signatureHolds(puppet.commandKey, command)).toBe(true);
    expect(command).toMatchObject({ commandId, scooterId: puppet.id, kind: 'locate', nonce: 1 });
    expect(command.notAfter - world.clock.now().getTime()).toBeLessThanOrEqual(15_000);

    const answer = { boot: 1, seq: 7, ageMs: 0, kind: 'command_done', commandId, command: 'locate', sensors: SENSORS, fix: null };
    await puppet.say(topics.eventsFrom(puppet.id), answer);
    await puppet.say(topics.eventsFrom(puppet.id), { ...answer, ageMs: 3000 });
    await world.until(() => puppet.receipts.length === 2, 'two receipts');
    expect(puppet.receipts.map((text) => JSON.parse(text) as unknown)).toEqual([{ boot: 1, seq: 7 }, { boot: 1, seq: 7 }]);
    expect(await eventsOf(puppet)).toBe(1);
    expect(await stateOf(commandId)).toBe('done');
    expect(puppet.commands).toHaveLength(1);
    await puppet.client.endAsync();
  });

  it('calls silence unknown, and takes the answer that comes after all', async () => {
    const puppet = await Puppet.plugIn(world);
    await puppet.telemetry();
    await world.until(async () => (await scooter(puppet.id))['state'] === 'available', 'trusted');
    const commandId = await order(puppet.id, 'unlock');
    await world.until(() => puppet.commands.length > 0, 'heard');
    await world.pass(18);
    await world.until(async () => (await stateOf(commandId)) === 'expired', 'expired');
    const [command] = puppet.commands;
    if (!command) throw new Error('no command');
    await puppet.done(command, { sensors: { ...SENSORS, lock: 'open' }, ageMs: 17_000 });
    await world.until(async () => (await stateOf(commandId)) === 'done_late', 'late');
    expect(puppet.commands).toHaveLength(1);
    await puppet.client.endAsync();
  });

  it('takes a lock that is still open for no lock', async () => {
    const puppet = await Puppet.plugIn(world);
    await connected(puppet);
    const commandId = await order(puppet.id, 'lock');
    await world.until(() => puppet.commands.length > 0, 'heard');
    const [command] = puppet.commands;
    if (!command) throw new Error('no command');
    await puppet.done(command, { sensors: { ...SENSORS, lock: 'open' } });
    await world.until(async () => (await stateOf(commandId)) === 'refused', 'refused');
    await puppet.client.endAsync();
  });

  it('lets no scooter answer for another', async () => {
    const [asked, other] = [await Puppet.plugIn(world), await Puppet.plugIn(world)];
    await connected(asked);
    const commandId = await order(asked.id, 'locate');
    await world.until(() => asked.commands.length > 0, 'heard');
    const [command] = asked.commands;
    if (!command) throw new Error('no command');
    await other.done(command);
    await world.until(() => other.receipts.length === 1, 'its receipt');
    expect(await stateOf(commandId)).toBe('sent');
    await asked.client.endAsync();
    await other.client.endAsync();
  });

  it('orders nothing of a scooter that is not there', async () => {
    const puppet = await Puppet.plugIn(world);
    await connected(puppet);
    await puppet.say(topics.presenceFrom(puppet.id), { connected: false, boot: 1 });
    await connected(puppet, false);
    await expect(order(puppet.id, 'locate')).rejects.toMatchObject({ code: 'scooter_offline' });
    await puppet.telemetry();
    await connected(puppet);
    expect(puppet.commands).toHaveLength(0);
    await puppet.client.endAsync();
  });

  it('goes on as if nothing were when it hears what nobody can read', async () => {
    const puppet = await Puppet.plugIn(world);
    await puppet.telemetry();
    await world.until(async () => (await scooter(puppet.id))['state'] === 'available', 'trusted');
    const before = await scooter(puppet.id);
    const bad = ['', '{', 'null', '[]', '{"boot":1e400}', '\u0000', `{"a":${'['.repeat(1500)}${']'.repeat(1500)}}`, 'x'.repeat(4097)];
    for (const text of bad) for (const topic of ['telemetry', 'events', 'presence']) await puppet.say(`v1/up/${puppet.id}/${topic}`, text);
    await puppet.event({ kind: 'started', reason: 'power_on' });
    await world.until(() => puppet.receipts.length === 1, 'the receipt of the good one');
    expect(await scooter(puppet.id)).toEqual(before);
    expect(await eventsOf(puppet)).toBe(1);
    await puppet.client.endAsync();
  });

  it('keeps no place that a scooter sends in a ride', async () => {
    const puppet = await Puppet.plugIn(world);
    await puppet.telemetry({ inRide: true, sensors: { ...SENSORS, lock: 'open' } });
    await world.until(async () => (await scooter(puppet.id))['seq'] === '1', 'heard');
    expect(await scooter(puppet.id)).toMatchObject({ latitude: null, longitude: null });
    await puppet.client.endAsync();
  });

  it('never goes back to an older word', async () => {
    const puppet = await Puppet.plugIn(world);
    await puppet.telemetry({ seq: 50, rangeKm: 30 });
    await world.until(async () => (await scooter(puppet.id))['range_km'] === 30, 'heard');
    await puppet.telemetry({ seq: 49, rangeKm: 60 });
    await puppet.telemetry({ seq: 50, rangeKm: 61 });
    await puppet.telemetry({ seq: 51, rangeKm: 29 });
    await world.until(async () => (await scooter(puppet.id))['range_km'] === 29, 'the newest');
    await puppet.client.endAsync();
  });

  it('calls the roll after a break, and knows who did not answer', async () => {
    const [here, gone] = [await Puppet.plugIn(world), await Puppet.plugIn(world)];
    await connected(here);
    await connected(gone);
    // The roll call waits for real seconds, which a test does not: it is told that they are over.
    const real = setTimeout;
    let over = (): void => undefined;
    const spy = jest.spyOn(globalThis, 'setTimeout').mockImplementation((what: () => void, ms?: number) => {
      if (ms === 20_000) over = what;
      return real(ms === 20_000 ? () => undefined : what, ms === 20_000 ? 0 : ms);
    });
    await world.app.get(RollCallService).begin();
    spy.mockRestore();
    await here.telemetry();
    await world.until(async () => (await scooter(here.id))['seq'] === '1', 'its answer');
    expect((await scooter(gone.id))['connected']).toBe(true);
    over();
    await connected(gone, false);
    expect((await scooter(here.id))['connected']).toBe(true);
    await gone.telemetry();
    await connected(gone);
    await here.client.endAsync();
    await gone.client.endAsync();
  });

  it('takes orders from the control room with a reason, and writes them down', async () => {
    const puppet = await Puppet.plugIn(world);
    await connected(puppet);
    const operator = await world.people.staff('operator');
    const path = `/operator/scooters/${puppet.id}/commands`;
    expect((await operator.post(path, { kind: 'locate' })).status).toBe(400);
    expect((await operator.post(path, { kind: 'unlock', reason: 'a rider asks' })).status).toBe(400);
    expect((await operator.post('/operator/scooters/all/commands', { kind: 'locate', reason: 'everybody' })).status).toBe(400);
    expect((await operator.post(`/operator/scooters/${newId()}/commands`, { kind: 'locate', reason: 'who is it' })).body.error?.code).toBe('scooter_unknown');
    expect((await operator.post(path, { kind: 'locate', reason: 'a rider cannot find it' })).status).toBe(202);
    await world.until(() => puppet.commands.length === 1, 'heard');
    const list = await operator.get<{ items: { kind: string; reason: string }[]; nextCursor: string | null }>(path);
    expect(list.body.items).toMatchObject([{ kind: 'locate', reason: 'a rider cannot find it' }]);
    const audit = await world.db.query<unknown[]>(`select 1 from audit_entries where action = 'command.locate' and subject_id = $1`, [puppet.id]);
    expect(audit).toHaveLength(1);
    await puppet.client.endAsync();
  });

  it('gives new scooters their own credentials, to an admin, once', async () => {
    const [operator, admin] = [await world.people.staff('operator'), await world.people.staff('admin')];
    const body = { scooters: [{ plate: 'GK-101-AA', vin: 'VF9NEW0000000001' }, { plate: 'GK-102-AA', vin: 'VF9NEW0000000002' }] };
    expect((await operator.post('/operator/scooters', body)).status).toBe(403);
    const made = await admin.post<{ items: { scooterId: string; password: string; commandKey: string }[] }>('/operator/scooters', body);
    expect(made.status).toBe(201);
    expect(new Set(made.body.items.flatMap(({ password, commandKey }) => [password, commandKey])).size).toBe(4);
    expect((await admin.post('/operator/scooters', body)).body.error?.code).toBe('plate_taken');
    const first = made.body.items[0];
    const stored = await world.db.query<{ text: string }[]>(
      'select c::text as text from scooter_credentials c where scooter_id = $1', [first?.scooterId]);
    expect(stored[0]?.text).not.toContain(first?.password);
  });
});
