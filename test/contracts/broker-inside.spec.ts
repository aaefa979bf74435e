// The broker inside keeps one message for those who come later, and hangs up on whoever would leave another.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { startBroker, type EmbeddedBroker } from '../../src/embedded/broker.provider.js';
import { mayRead, mayRetain, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { topics } from '../../src/telematics/wire.js';

const ID = '018f0000-0000-7000-8000-00000000000a';

describe('what the broker inside keeps', () => {
  let broker: EmbeddedBroker;
  const open: MqttClient[] = [];
  beforeAll(async () => {
    broker = await startBroker({ host: '127.0.0.1', port: 0, doors: { serviceAccount: SERVICE_ACCOUNT, mayRead, mayWrite, mayRetain } });
    broker.openTo(() => Promise.resolve(true));
  });
  afterEach(async () => { await Promise.all(open.splice(0).map((client) => client.endAsync(true))); });
  afterAll(async () => { await broker.stop(); });

  let lines = 0;
  const asService = async (): Promise<MqttClient> => {
    const client = await mqtt.connectAsync(broker.serviceUrl, { protocolVersion: 4, clientId: `service-${String(++lines)}`, reconnectPeriod: 0 });
    open.push(client);
    return client;
  };
  /** True when it was taken, false when the line was cut for it. */
  const leave = async (topic: string, text: string): Promise<boolean> => {
    const client = await asService();
    return Promise.race([
      client.publishAsync(topic, text, { qos: 1, retain: true }).then(() => true, () => false),
      new Promise<boolean>((resolve) => { client.once('close', () => { resolve(false); }); }),
    ]);
  };
  /** What a scooter finds that comes in now, until something said to it afterwards arrives. */
  const finds = async (): Promise<string[]> => {
    const client = await mqtt.connectAsync(broker.url, { protocolVersion: 4, clientId: ID, username: ID, password: 'any', reconnectPeriod: 0 });
    open.push(client);
    const found: string[] = [];
    const marked = new Promise((resolve) => { client.on('message', (topic, payload) => { if (topic === topics.receiptsTo(ID)) resolve(null); else found.push(payload.toString()); }); });
    await client.subscribeAsync([topics.zonesToAll, topics.helloToAll, topics.commandsTo(ID), topics.receiptsTo(ID)]);
    await (await asService()).publishAsync(topics.receiptsTo(ID), 'mark');
    await marked;
    return found;
  };

  it('is the zones, the newest of them', async () => {
    expect(await leave(topics.zonesToAll, 'version 1')).toBe(true);
    expect(await leave(topics.zonesToAll, 'version 2')).toBe(true);
    expect(await finds()).toEqual(['version 2']);
    expect(await leave(topics.zonesToAll, '')).toBe(true);
    expect(await finds()).toEqual([]);
  });

  it.each([topics.commandsTo(ID), topics.helloToAll, topics.updatesTo(ID), topics.keysTo(ID)])('is nothing on %s', async (topic) => {
    expect(await leave(topic, 'kept')).toBe(false);
    expect(await finds()).toEqual([]);
  });
});
