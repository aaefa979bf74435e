// The service's part of the talk, for one unit: says bytes, good and bad, hears all the unit says, and gives
// receipts unless a vector holds them back.
import { randomUUID } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { Presence, readMessage, Receipt, ScooterEvent, Telemetry, topics } from '../src/telematics/wire.js';
import { Broken, NotJudged } from './finding.js';

export interface Heard<T> {
  readonly said: T;
  /** By the timer nobody can set. */
  readonly atMs: number;
}

export interface Delivery {
  readonly topic?: string;
  readonly qos?: 0 | 1 | 2;
  readonly dup?: boolean;
}

const COMES_IN_WITHIN_MS = 10_000;

export class ServiceSide {
  readonly events: Heard<ScooterEvent>[] = [];
  readonly telemetry: Heard<Telemetry>[] = [];
  readonly presence: Heard<Presence>[] = [];
  /** What it said that is not in the words of the wire. */
  readonly unreadable: string[] = [];
  /** Whether this event gets its receipt at once. */
  givesReceipt: (event: ScooterEvent) => boolean = () => true;
  private readonly receiptsInTheAir = new Map<string, number>();
  private rival = false;
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly client: MqttClient,
    private readonly mqttUrl: string,
    readonly scooterId: string,
  ) {
    client.on('message', (topic, bytes) => {
      this.hear(topic, bytes);
      for (const look of [...this.waiting]) look();
    });
    client.on('error', () => undefined);
  }

  static async open(mqttUrl: string, scooterId: string): Promise<ServiceSide> {
    const client = await connect(mqttUrl, 500);
    const side = new ServiceSide(client, mqttUrl, scooterId);
    await client.subscribeAsync([
      topics.eventsFrom(scooterId), topics.telemetryFrom(scooterId), topics.presenceFrom(scooterId), topics.receiptsTo(scooterId),
    ], { qos: 1 });
    return side;
  }

  async say(what: object | string | Uint8Array, { topic = topics.commandsTo(this.scooterId), qos = 0, dup = false }: Delivery = {}): Promise<void> {
    const bytes = what instanceof Uint8Array ? Buffer.from(what) : Buffer.from(typeof what === 'string' ? what : JSON.stringify(what));
    await this.client.publishAsync(topic, bytes, { qos, dup });
  }

  hello(nowMs: number): Promise<void> {
    return this.say({ at: Math.round(nowMs) }, { topic: topics.helloToAll });
  }

  async receipt({ boot, seq }: Receipt): Promise<void> {
    const name = `${boot}.${seq}`;
    this.receiptsInTheAir.set(name, (this.receiptsInTheAir.get(name) ?? 0) + 1);
    await this.say({ boot, seq }, { topic: topics.receiptsTo(this.scooterId) });
  }

  /** The first that is found in what was heard, now or in time to come. */
  async until<T>(find: () => T | undefined, otherwise: string, withinMs: number): Promise<T> {
    const already = find();
    if (already !== undefined) return already;
    return new Promise<T>((resolve, reject) => {
      const done = (act: () => void): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        act();
      };
      const look = (): void => {
        const found = find();
        if (found !== undefined) done(() => resolve(found));
      };
      const timer = setTimeout(() => done(() => reject(new Broken(`${otherwise} within ${withinMs / 1000} s`))), withinMs);
      this.waiting.add(look);
    });
  }

  /** @throws NotJudged when another service gives receipts to this unit, too: then nobody knows who was heard. */
  mustBeTheOnlyService(): void {
    if (this.rival) throw new NotJudged('Another service on this broker gives receipts to the unit; stop it, or use a broker of the bench (--broker).');
  }

  /** Leaves a retained message on a topic, and takes it away when `meanwhile` is over. */
  async whileRetained(topic: string, message: object, meanwhile: () => Promise<void>): Promise<void> {
    const other = await connect(this.mqttUrl, 0);
    const noRetained = new NotJudged('This broker keeps no retained order, so none can reach the unit through it (--broker keeps them).');
    const closed = new Promise<false>((resolve) => void other.once('close', () => resolve(false)));
    const kept = async (): Promise<true> => {
      await other.publishAsync(topic, JSON.stringify(message), { qos: 1, retain: true });
      const back = new Promise<true>((resolve) => void other.on('message', (_topic, _bytes, { retain }) => retain && resolve(true)));
      await other.subscribeAsync(topic);
      return back;
    };
    const tooLate = new Promise<false>((resolve) => void setTimeout(() => resolve(false), 2_000).unref());
    try {
      if (!(await Promise.race([kept().catch(() => false), closed, tooLate]))) throw noRetained;
      await meanwhile();
    } finally {
      if (other.connected) await other.publishAsync(topic, '', { qos: 1, retain: true });
      await other.endAsync(true);
    }
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }

  private hear(topic: string, bytes: Uint8Array): void {
    const atMs = performance.now();
    if (topic === topics.receiptsTo(this.scooterId)) this.hearReceipt(bytes);
    else if (topic === topics.eventsFrom(this.scooterId)) {
      const event = this.read(ScooterEvent, topic, bytes);
      if (event === null) return;
      this.events.push({ said: event, atMs });
      if (this.givesReceipt(event)) this.receipt(event).catch(() => undefined);
    } else if (topic === topics.telemetryFrom(this.scooterId)) {
      const state = this.read(Telemetry, topic, bytes);
      if (state !== null) this.telemetry.push({ said: state, atMs });
    } else if (topic === topics.presenceFrom(this.scooterId)) {
      const here = this.read(Presence, topic, bytes);
      if (here !== null) this.presence.push({ said: here, atMs });
    }
  }

  private read<T>(schema: Parameters<typeof readMessage<T>>[0], topic: string, bytes: Uint8Array): T | null {
    const read = readMessage(schema, bytes);
    if (read === null) this.unreadable.push(`${topic.split('/').at(-1) ?? ''}: ${Buffer.from(bytes).toString('latin1').slice(0, 120)}`);
    return read;
  }

  /** Our own come back to us as well; one more than we sent is somebody else's. */
  private hearReceipt(bytes: Uint8Array): void {
    const receipt = readMessage(Receipt, bytes);
    if (receipt === null) return;
    const name = `${receipt.boot}.${receipt.seq}`;
    const inTheAir = this.receiptsInTheAir.get(name) ?? 0;
    if (inTheAir === 0) this.rival = true;
    else this.receiptsInTheAir.set(name, inTheAir - 1);
  }
}

async function connect(mqttUrl: string, reconnectPeriod: number): Promise<MqttClient> {
  const client = await mqtt.connectAsync(mqttUrl, {
    // A broker of ours lets several clients share the service's account when their ids begin with its name.
    protocolVersion: 4, clientId: `service-conformance-${randomUUID().slice(0, 8)}`, clean: true,
    reconnectPeriod, connectTimeout: COMES_IN_WITHIN_MS, queueQoSZero: false,
  }, false);
  client.on('error', () => undefined);
  return client;
}
