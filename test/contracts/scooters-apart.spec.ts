// No scooter can read, speak as, or throw out another (promise S15, fault F-B4), tried with bytes on every broker
// scooters may meet: the one inside and Mosquitto with the configurations of deploy/mosquitto.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { MOST_BYTES } from '../../src/onboard/compact-zones.js';
import { topics } from '../../src/telematics/wire.js';
import { BrokerTap } from '../kit/broker-tap.js';
import { brokersUnderTest, type BrokerUnderTest, type ScooterAccount } from '../kit/broker-under-test.js';

const WITHIN_MS = 5000;
/** Everything by which B could come to hear A, or of the broker itself. */
const FILTERS = (id: string): string[] => [
  '#', '+/#', 'v1/#', 'v1/+/#', 'v1/down/#', 'v1/down/+/commands', `v1/+/${id}/+`, `+/+/${id}/#`, `v1/down/${id}/#`, `v1/up/${id}/#`, 'v1/up/+/telemetry',
  topics.telemetryFrom(id), topics.keysTo(id), topics.updatesTo(id), '$SYS/#', '$SYS/broker/clients/connected',
  '$share/thieves/v1/#', `$share/thieves/${topics.commandsTo(id)}`, '$share/thieves/v1/down/+/commands', '$CONTROL/#',
];

describe.each(brokersUnderTest)('scooters at %s', (_name, byCertificate, start) => {
  let broker: BrokerUnderTest;
  let [a, b]: ScooterAccount[] = [];
  let service: MqttClient;
  let tap: BrokerTap;
  let marks = 0;
  const open: MqttClient[] = [];

  beforeAll(async () => {
    broker = await start();
    [a, b] = broker.scooters;
    service = await mqtt.connectAsync(broker.serviceUrl, { protocolVersion: 4, clientId: 'service-apart' });
    tap = await BrokerTap.open(broker.serviceUrl);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.endAsync(true)));
  });
  afterAll(async () => {
    await tap.close();
    await service.endAsync();
    await broker.stop();
  });

  const of = (scooter: ScooterAccount | undefined): ScooterAccount => {
    if (scooter === undefined) throw new Error('the broker was not started');
    return scooter;
  };
  const until = async (reached: () => boolean, what: string): Promise<void> => {
    const deadline = performance.now() + WITHIN_MS;
    while (!reached()) {
      if (performance.now() > deadline) throw new Error(`${what}: not within ${WITHIN_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  const comeIn = async (scooter: ScooterAccount, options: IClientOptions = {}): Promise<{ client: MqttClient; heard: string[] }> => {
    const { scooterId: username, password, tls } = scooter;
    const client = await mqtt.connectAsync(broker.scootersUrl, {
      protocolVersion: 4, clientId: username, username, password, reconnectPeriod: 0, connectTimeout: WITHIN_MS,
      ...(broker.ca !== null && { ca: broker.ca }), ...tls, ...options,
    }, false);
    open.push(client);
    client.on('error', () => undefined);
    const heard: string[] = [];
    // A service may have left its zones here before; they are for everybody.
    client.on('message', (topic, payload) => { if (topic !== topics.zonesToAll) heard.push(`${topic} ${payload.toString()}`); });
    return { client, heard };
  };
  /** Listening where it may not is refused by one broker and granted without a word by the other. */
  const listen = (client: MqttClient, ...filters: string[]): Promise<unknown> => client.subscribeAsync(filters).catch(() => null);
  /** One broker hangs up, the other says thanks and throws it away: either way it has been dealt with. */
  const forge = (client: MqttClient, topic: string, retain = false): Promise<unknown> => Promise.race([
    client.publishAsync(topic, '{"forged":true}', { qos: 1, retain }).catch(() => null),
    new Promise((resolve) => { client.once('close', () => { resolve(null); }); }),
  ]);
  /** What arrives after this, in order, was sent after what came before: then that has arrived, or never will. */
  const markFrom = async (scooter: ScooterAccount, client: MqttClient): Promise<void> => {
    const topic = topics.telemetryFrom(scooter.scooterId);
    const mark = ++marks;
    const speaker = client.connected ? client : (await comeIn(scooter)).client;
    await speaker.publishAsync(topic, JSON.stringify({ mark }), { qos: 1 });
    await until(() => tap.on(topic).some((message) => message['mark'] === mark), 'the mark');
  };
  const tell = (scooter: ScooterAccount, text: string): Promise<unknown> => service.publishAsync(topics.commandsTo(scooter.scooterId), text);
  const command = (scooter: ScooterAccount, text: string): string => `${topics.commandsTo(scooter.scooterId)} ${text}`;

  it('hear their own commands and nothing that is said to another', async () => {
    const one = await comeIn(of(a));
    const other = await comeIn(of(b));
    await listen(one.client, topics.commandsTo(of(a).scooterId));
    await listen(other.client, topics.commandsTo(of(b).scooterId));
    await listen(other.client, topics.commandsTo(of(a).scooterId));
    await listen(other.client, topics.receiptsTo(of(a).scooterId));
    for (const filter of FILTERS(of(a).scooterId)) {
      await listen(other.client, filter);
    }
    await tell(of(a), '"for A"');
    await service.publishAsync(topics.receiptsTo(of(a).scooterId), '"A was heard"');
    await markFrom(of(a), one.client);
    await tell(of(b), '"for B"');
    await until(() => other.heard.includes(command(of(b), '"for B"')), 'B hears its own');
    expect(one.heard).toEqual([command(of(a), '"for A"')]);
    expect(new Set(other.heard)).toEqual(new Set([command(of(b), '"for B"')]));
  });

  it.each([
    ['telemetry', (id: string) => topics.telemetryFrom(id)],
    ['events', (id: string) => topics.eventsFrom(id)],
    ['presence', (id: string) => topics.presenceFrom(id)],
    ['commands', (id: string) => topics.commandsTo(id)],
    ['receipts', (id: string) => topics.receiptsTo(id)],
  ])('cannot say the %s of another', async (_what, topicOf) => {
    const { client } = await comeIn(of(b));
    await forge(client, topicOf(of(a).scooterId));
    await markFrom(of(b), client);
    expect(tap.on(topicOf(of(a).scooterId)).filter((message) => message['forged'] === true)).toEqual([]);
  });

  it.each([['commands', topics.commandsTo], ['receipts', topics.receiptsTo]])('cannot give themselves %s', async (_what, topicOf) => {
    const { client } = await comeIn(of(b));
    await forge(client, topicOf(of(b).scooterId));
    await markFrom(of(b), client);
    expect(tap.on(topicOf(of(b).scooterId)).filter((message) => message['forged'] === true)).toEqual([]);
  });

  it('cannot leave a last will in the name of another', async () => {
    const will = { topic: topics.presenceFrom(of(a).scooterId), payload: Buffer.from('{"forged":true}'), qos: 1 as const, retain: false };
    const client = await comeIn(of(b), { will }).then((came) => came.client, () => null);
    client?.stream.destroy();
    const { client: again } = await comeIn(of(b));
    await markFrom(of(b), again);
    expect(tap.on(will.topic).filter((message) => message['forged'] === true)).toEqual([]);
  });

  it('are not disturbed by a hundred intruders with their client id', async () => {
    const one = await comeIn(of(a));
    let broken = false;
    one.client.on('close', () => { broken = true; });
    await listen(one.client, topics.commandsTo(of(a).scooterId));
    for (let knocks = 0; knocks < 100; knocks++) {
      const will = { topic: topics.presenceFrom(of(b).scooterId), payload: Buffer.from('{"forged":true}'), qos: 0 as const, retain: false };
      const intruder = await comeIn(of(b), { clientId: of(a).scooterId, clean: knocks % 2 === 0, will }).catch(() => null);
      intruder?.client.stream.destroy();
    }
    await tell(of(a), '"still A"');
    await until(() => one.heard.includes(command(of(a), '"still A"')), 'A hears on');
    expect([broken, one.heard]).toEqual([false, [command(of(a), '"still A"')]]);
  });

  it('leave nothing behind on the topics of another', async () => {
    for (const topic of [topics.commandsTo(of(a).scooterId), topics.telemetryFrom(of(a).scooterId), topics.zonesToAll]) {
      const { client } = await comeIn(of(b));
      await forge(client, topic, true);
    }
    const found = await comeIn(of(a));
    await listen(found.client, topics.commandsTo(of(a).scooterId), topics.zonesToAll);
    await tell(of(a), '"mark"');
    await until(() => found.heard.includes(command(of(a), '"mark"')), 'what was sent after it');
    expect(found.heard).toEqual([command(of(a), '"mark"')]);
    const late = await mqtt.connectAsync(broker.serviceUrl, { protocolVersion: 4, clientId: 'service-late' });
    open.push(late);
    const heard: string[] = [];
    late.on('message', (topic, payload, { retain }) => { if (retain && topic !== topics.zonesToAll) heard.push(`${topic} ${payload.toString()}`); });
    await late.subscribeAsync('v1/#');
    await markFrom(of(a), found.client);
    expect(heard.filter((text) => text.includes('forged'))).toEqual([]);
  });

  it('stay on the line when another comes in with their client id', async () => {
    const one = await comeIn(of(a));
    let broken = false;
    one.client.on('close', () => { broken = true; });
    await listen(one.client, topics.commandsTo(of(a).scooterId));
    // One broker refuses the name, the other calls the newcomer by its account.
    const intruder = await comeIn(of(b), { clientId: of(a).scooterId }).catch(() => null);
    if (intruder !== null) await listen(intruder.client, topics.commandsTo(of(a).scooterId), topics.commandsTo(of(b).scooterId));
    await tell(of(a), '"still A"');
    await until(() => one.heard.includes(command(of(a), '"still A"')), 'A hears on');
    if (intruder !== null) {
      await tell(of(b), '"only B"');
      await until(() => intruder.heard.includes(command(of(b), '"only B"')), 'B hears its own');
    }
    expect(intruder?.heard.filter((text) => text.includes('still A')) ?? []).toEqual([]);
    expect(broken).toBe(false);
  });

  const claims: [string, () => IClientOptions][] = [
    ['the password of another',   () => ({ username: of(a).scooterId, clientId: of(a).scooterId, password: of(b).password })],
    ['a wrong password',          () => ({ username: of(a).scooterId, clientId: of(a).scooterId, password: `${of(a).password}x` })],
    ['the name of the service',   () => ({ username: 'service', clientId: 'service', password: of(b).password })],
    ['a name that nobody has',    () => ({ username: 'nobody', clientId: 'nobody', password: of(b).password })],
  ];
  it.each(claims)('gain nothing by %s', async (_what, account) => {
    if (!byCertificate) {
      await expect(comeIn(of(b), account())).rejects.toThrow(/not auth|bad user|refused/i);
      return;
    }
    // Whatever they call themselves, they are who their certificate says.
    const { client, heard } = await comeIn(of(b), account());
    await listen(client, topics.commandsTo(of(a).scooterId), topics.commandsTo(of(b).scooterId));
    await tell(of(a), '"for A"');
    await tell(of(b), '"for B"');
    await until(() => heard.includes(command(of(b), '"for B"')), 'B hears its own');
    expect(heard).toEqual([command(of(b), '"for B"')]);
  });

  it('are not let in without a name', async () => {
    const nobody = { protocolVersion: 4, reconnectPeriod: 0, ...(broker.ca !== null && { ca: broker.ca }) } as const;
    await expect(mqtt.connectAsync(broker.scootersUrl, nobody, false)).rejects.toThrow(/not auth|bad user|refused|closed|alert|hang up|reset|EPIPE/i);
  });

  it('find nothing waiting for them when they come back, whatever session they asked for', async () => {
    const { client } = await comeIn(of(a), { clean: false });
    await client.subscribeAsync(topics.commandsTo(of(a).scooterId), { qos: 1 });
    await client.endAsync();
    await tell(of(a), '"too late"');
    const { client: bold } = await comeIn(of(b));
    await forge(bold, topics.commandsTo(of(a).scooterId), true);
    const back = await comeIn(of(a), { clean: false });
    await listen(back.client, topics.commandsTo(of(a).scooterId), topics.helloToAll);
    await tell(of(a), '"in time"');
    await until(() => back.heard.includes(command(of(a), '"in time"')), 'A hears again');
    expect(back.heard).toEqual([command(of(a), '"in time"')]);
  });

  /** What a scooter that has just come in is given on a topic, and whether it is told that this had been waiting. */
  const foundWaiting = async (scooter: ScooterAccount, topic: string): Promise<{ text: string; retained: boolean }[]> => {
    const { client } = await comeIn(scooter);
    const found: { text: string; retained: boolean }[] = [];
    client.on('message', (on, payload, { retain }) => { if (on === topic) found.push({ text: payload.toString(), retained: retain }); });
    await listen(client, topic, topics.receiptsTo(scooter.scooterId));
    const mark = String(++marks);
    let isThere = false;
    client.on('message', (_topic, payload) => { isThere ||= payload.toString() === mark; });
    await service.publishAsync(topics.receiptsTo(scooter.scooterId), mark, { qos: 1 });
    await until(() => isThere, 'what was sent after it');
    await client.endAsync(true);
    return found;
  };

  it('find the zones of the city when they come later, 64 KiB of them, and cannot put others in their place', async () => {
    const zones = `"${'z'.repeat(MOST_BYTES - 2)}"`;
    await service.publishAsync(topics.zonesToAll, zones, { qos: 1, retain: true });
    const { client: forger } = await comeIn(of(b));
    await forge(forger, topics.zonesToAll, true);
    const found = await foundWaiting(of(a), topics.zonesToAll);
    expect(found).toEqual([{ text: zones, retained: true }]);
    await service.publishAsync(topics.zonesToAll, '', { qos: 1, retain: true });
  });

  it('find nothing else that would not be told apart: one broker keeps nothing, the other says that it was kept', async () => {
    const bold = async (text: string): Promise<void> => {
      const client = await mqtt.connectAsync(broker.serviceUrl, { protocolVersion: 4, clientId: 'service-bold', reconnectPeriod: 0 });
      open.push(client);
      await Promise.race([client.publishAsync(topics.helloToAll, text, { qos: 1, retain: true }).catch(() => null), new Promise((resolve) => { client.once('close', () => { resolve(null); }); })]);
      await client.endAsync(true);
    };
    await bold('"kept"');
    const found = await foundWaiting(of(a), topics.helloToAll);
    await bold('');
    expect(found.filter(({ retained }) => !retained)).toEqual([]);
  });
});
