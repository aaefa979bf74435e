// A scooter that has lost its mind, or was taken apart by somebody clever: with its own credentials it says
// what nobody can read, and things that are not its to say. Nothing changes, and the city lives on.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { randomBytes } from 'node:crypto';
import { ProvisioningService } from '../../src/identity/provisioning.service.js';
import { MetricsService } from '../../src/upkeep/metrics.service.js';
import { newId, type ScooterId } from '../../src/platform/ids.js';
import { topics } from '../../src/telematics/wire.js';
import type { BrokerTap } from '../kit/broker-tap.js';
import type { TestScooter } from '../kit/garage.js';
import { rowsDigest } from '../kit/rows-digest.js';
import { fleetPool, World } from '../kit/world.js';

const GARBAGE: readonly (string | Buffer)[] = [
  'x', '{}', '[]', 'null', '0', '"', '{"v":1}', '{"v":99,"kind":"unlocked"}', '{"__proto__":{"connected":true}}', '{"connected":"yes"}', '{"connected":true',
  '1e400', '{"boot":1e400,"seq":-1,"kind":"done"}', '['.repeat(3000), `{"a":"${'x'.repeat(3000)}"}`, '\0', Buffer.from([0xff, 0xfe, 0xfd]), randomBytes(64),
  "'; drop table scooters; --", '{"boot":1,"seq":1,"at":"2026-11-23T09:00:00Z","lock":"opened by me"}',
];

describe('a scooter that speaks nonsense', () => {
  let world: World;
  let tap: BrokerTap;
  let victim: TestScooter;
  let thief: { id: ScooterId; password: string };
  beforeAll(async () => {
    world = await World.start();
    tap = await world.tap();
    victim = await world.garage.scooter();
    thief = await outlaw();
    await victim.unit.switchOff();
    await world.until(async () => (await world.garage.stateOf(victim.id))['connected'] === false, 'the victim off the air');
    await world.mustBeQuiet();
  });
  afterAll(async () => {
    await tap.close();
    await world.stop();
  });

  async function outlaw(): Promise<{ id: ScooterId; password: string }> {
    const known = fleetPool().at(-1);
    const id = (known?.scooterId ?? newId()) as ScooterId;
    const password = known?.password ?? randomBytes(24).toString('base64url');
    const scooter = { id, plate: 'OUTLAW-1', vin: 'VF9VTLAW00000001', commandKey: randomBytes(32).toString('hex'), password };
    await world.db.transaction((tx) => world.app.get(ProvisioningService).provision(tx, [scooter]));
    return { id, password };
  }
  const comeIn = async (): Promise<MqttClient> => {
    const client = await mqtt.connectAsync(world.brokerUrl, { protocolVersion: 4, clientId: thief.id, username: thief.id, password: thief.password, reconnectPeriod: 0 });
    client.on('error', () => undefined);
    return client;
  };
  const unreadable = async (kind: string): Promise<number> => {
    const { values } = (await world.app.get(MetricsService).registry.getMetricsAsJSON()).find(({ name }) => name === 'roue_libre_uplink_messages_total') ?? { values: [] };
    const counted = (values as { value: number; labels: Record<string, string> }[]).find(({ labels }) => labels['kind'] === kind && labels['result'] === 'unreadable');
    return counted?.value ?? 0;
  };
  /** Without the loops: they may say and write what has nothing to do with this. */
  const until = async (reached: () => Promise<boolean> | boolean, what: string): Promise<void> => {
    const deadline = performance.now() + 10_000;
    while (!(await reached())) {
      if (performance.now() > deadline) throw new Error(`${what} did not happen`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  it('on its own topics changes nothing and is counted', async () => {
    const before = await rowsDigest(world.db);
    const [saidBefore, heardBefore] = [await unreadable('events'), tap.heard.length];
    const client = await comeIn();
    for (const topic of [topics.telemetryFrom(thief.id), topics.presenceFrom(thief.id), topics.eventsFrom(thief.id)]) {
      for (const [i, payload] of GARBAGE.entries()) await client.publishAsync(topic, payload, { qos: i % 2 === 0 ? 0 : 1 });
    }
    await until(async () => (await unreadable('events')) >= saidBefore + GARBAGE.length, 'all of it read and thrown away');
    await client.endAsync();
    expect(await unreadable('presence')).toBeGreaterThanOrEqual(GARBAGE.length);
    expect(await unreadable('telemetry')).toBeGreaterThan(0);
    expect(await rowsDigest(world.db)).toEqual(before);
    expect(tap.heard.slice(heardBefore).filter(({ topic }) => topic.startsWith('v1/down/'))).toEqual([]);
  });

  it('about others, to others or to all is not heard by anybody', async () => {
    const before = await rowsDigest(world.db);
    const heardBefore = tap.heard.length;
    const telemetry = tap.on(topics.telemetryFrom(victim.id)).at(-1) ?? {};
    const forged = JSON.stringify({ ...telemetry, seq: Number(telemetry['seq']) + 1000 });
    const aims: [string, string][] = [
      [topics.telemetryFrom(victim.id), forged], [topics.presenceFrom(victim.id), JSON.stringify({ boot: 99, connected: true })], [topics.eventsFrom(victim.id), forged],
      [topics.commandsTo(victim.id), '{"kind":"unlock"}'], [topics.commandsTo(thief.id), '{"kind":"unlock"}'], [topics.helloToAll, '{"at":1}'],
      [topics.receiptsTo(victim.id), '{"boot":1,"seq":1}'], ['v1/up/all/telemetry', forged], ['v2/up/telemetry', forged], ['$SYS/broker/log', 'x'],
      [`v1/up/${thief.id}/telemetry/${victim.id}`, forged], [`v1/up//telemetry`, forged], [`V1/UP/${thief.id}/TELEMETRY`, forged], ['x'.repeat(2000), forged],
    ];
    // Kept for later is refused by itself; so that it does not stand in front of the rest, each is said both ways.
    for (const [topic, payload, retain] of aims.flatMap(([to, said]) => [[to, said, false], [to, said, true]] as const)) {
      const client = await comeIn();
      // One broker hangs up, the other says thanks and throws it away: either way it has been dealt with.
      await Promise.race([client.publishAsync(topic, payload, { qos: 1, retain }).catch(() => null), new Promise((resolve) => client.once('close', () => { resolve(null); }))]);
      await client.endAsync(true);
    }
    const listening = await comeIn();
    const overheard: string[] = [];
    // The zones are left there for everybody.
    listening.on('message', (topic) => { if (topic !== topics.zonesToAll) overheard.push(topic); });
    for (const filter of ['#', 'v1/#', '+/+/+/+', '$SYS/#', `v1/down/${victim.id}/commands`, '$share/x/v1/#']) {
      const client = listening.connected ? listening : await comeIn();
      await Promise.race([client.subscribeAsync(filter).catch(() => null), new Promise((resolve) => client.once('close', () => { resolve(null); }))]);
      if (client !== listening) await client.endAsync(true);
    }
    await listening.endAsync(true);
    // What comes after on the same way has passed everything that was before it.
    const last = await comeIn();
    await last.publishAsync(topics.eventsFrom(thief.id), 'the last word', { qos: 1 });
    await until(() => tap.heard.slice(heardBefore).some(({ text }) => text === 'the last word'), 'the last word');
    await last.endAsync();
    expect(tap.heard.slice(heardBefore).map(({ topic }) => topic).filter((topic) => topic !== topics.eventsFrom(thief.id))).toEqual([]);
    expect(overheard).toEqual([]);
    expect(await rowsDigest(world.db)).toEqual(before);
  });

  it('does not keep anybody from riding', async () => {
    const rider = await world.people.rider();
    const { id } = await world.garage.scooter();
    const ride = await rider.take(id);
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
  });
});
