// The line to the broker: connects, subscribes, publishes, comes back after a break. It decides nothing.
// Two connections, so that commands and lock events never stand behind a pile of telemetry.
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { randomInt } from 'node:crypto';
import { Socket } from 'node:net';
import { Clock } from '../platform/clock.js';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import { ReadinessService } from '../upkeep/readiness.service.js';
import { topics } from './wire.js';

/** A promise, while the hearer has no room: until it is kept nothing more is read from the socket. */
export type Hearer = (topic: string, payload: Buffer, receivedAt: Date) => Promise<void> | null;

/** Real milliseconds between two tries; random, so that replicas do not knock all at once. */
const RETRY_MS = { least: 250, most: 1500 } as const;
const KEEPALIVE_SECONDS = 15;
const CONNECT_TIMEOUT_MS = 5000;

const urgentTopics = { [topics.everyEvent]: { qos: 1 }, [topics.everyPresence]: { qos: 1 } } as const;
const telemetryTopics = { [topics.everyTelemetry]: { qos: 0 } } as const;

@Injectable()
export class LinkService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(LinkService.name);
  private readonly links = new Map<'urgent' | 'telemetry', { client: MqttClient; subscribed: boolean }>();
  private hearer: Hearer | null = null;
  private isBelieved: (topic: string) => boolean = () => true;
  private readonly whenBack: (() => Promise<void>)[] = [];

  constructor(
    @Inject(CITY_CONFIG) private readonly config: CityConfig,
    private readonly clock: Clock,
    readiness: ReadinessService,
  ) {
    readiness.add('broker', () => Promise.resolve(this.isListening ? null : 'not connected'));
  }

  /** Whether a message sent now goes out now. */
  get isConnected(): boolean {
    return this.links.get('urgent')?.client.connected ?? false;
  }

  private get isListening(): boolean {
    return this.links.size === 2 && [...this.links.values()].every(({ client, subscribed }) => client.connected && subscribed);
  }

  /** One hearer for all that comes up; `whenBack` is called each time we listen again. */
  hear(hearer: Hearer, whenBack: () => Promise<void>): void {
    this.hearer = hearer;
    this.whenBack.push(whenBack);
  }

  /** Asked before anything is heard: what comes from whom we do not believe goes no further. */
  screen(isBelieved: (topic: string) => boolean): void {
    this.isBelieved = isBelieved;
  }

  /**
   * Takes the connection of a scooter over, as its own next connection would, and hangs up. A broker that has
   * forgotten its password or its certificate lets it in no more, but not every one hangs up by itself.
   */
  putOut(scooterId: string): void {
    const client = mqtt.connect(this.config.mqttUrl, { ...this.asService('out'), clientId: scooterId, reconnectPeriod: 0 });
    client.on('error', (error) => { this.log.debug(`put out: ${error.message}`); });
    client.once('connect', () => { client.end(); });
  }

  /** For those who do not hear, but have something to say each time we listen again. */
  alsoWhenBack(speak: () => Promise<void>): void {
    this.whenBack.push(speak);
  }

  /** In the background: the city starts without its broker and says so at /health/ready. */
  onApplicationBootstrap(): void {
    this.open('urgent', urgentTopics);
    this.open('telemetry', telemetryTopics);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.links.values()].map(({ client }) => client.endAsync(true)));
  }

  /**
   * QoS 0, never retained, and only when the line is up this very moment: what cannot leave now must
   * never leave later (an unlock that arrives late opens a scooter for nobody). False: it did not leave.
   */
  publish(topic: string, message: object): Promise<boolean> {
    const client = this.links.get('urgent')?.client;
    if (!client?.connected) return Promise.resolve(false);
    return new Promise((resolve) => {
      client.publish(topic, JSON.stringify(message), { qos: 0, retain: false }, (error) => { resolve(!error); });
    });
  }

  /**
   * The one message that stays with the broker, for scooters that come later. It has a short line of its own: a
   * broker that retains nothing says so by hanging up, and must not hang up on commands. False: not acknowledged.
   */
  async leave(topic: string, text: string): Promise<boolean> {
    const client = mqtt.connect(this.config.mqttUrl, { ...this.asService('retained'), reconnectPeriod: 0 });
    client.on('error', (error) => { this.log.debug(`retained: ${error.message}`); });
    const left = await new Promise<boolean>((resolve) => {
      client.once('connect', () => { client.publish(topic, text, { qos: 1, retain: true }, (error) => { resolve(!error); }); });
      client.once('close', () => { resolve(false); });
    });
    await client.endAsync(true);
    return left;
  }

  private asService(line: string): IClientOptions {
    const { username, password } = new URL(this.config.mqttUrl);
    return {
      protocolVersion: 4,
      clean: true,
      clientId: `service-${line}-${randomInt(2 ** 40).toString(36)}`,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(this.config.mqttCa !== undefined && { ca: this.config.mqttCa }),
      keepalive: KEEPALIVE_SECONDS,
      connectTimeout: CONNECT_TIMEOUT_MS,
    };
  }

  /**
   * A clean session, although the broker then forgets what it could not deliver while we were away: the
   * broker's memory proves nothing anyway (a PUBACK does not survive a killed Mosquitto, and a full queue
   * drops in silence). A scooter keeps each event until our receipt, which we send after the commit, and
   * says the rest anew when we say hello.
   */
  private open(name: 'urgent' | 'telemetry', subscriptions: Record<string, { qos: 0 | 1 }>): void {
    const client = mqtt.connect(this.config.mqttUrl, {
      ...this.asService(name),
      reconnectPeriod: RETRY_MS.least,
      reconnectOnConnackError: true,
      resubscribe: false,
      queueQoSZero: false,
    });
    const link = { client, subscribed: false };
    this.links.set(name, link);
    client.handleMessage = ({ topic, payload, retain }, done) => {
      // No scooter's word may wait for us: a retained one is from no one knows when.
      const isHeard = !retain && this.isBelieved(topic);
      const heard = (isHeard ? this.hearer?.(topic, Buffer.from(payload), this.clock.now()) : null) ?? Promise.resolve();
      heard.then(() => { done(); }, () => { done(); });
    };
    client.on('connect', () => {
      // Nagle's algorithm and delayed acknowledgements together cost 44 ms each way.
      if (client.stream instanceof Socket) client.stream.setNoDelay(true);
      client.subscribe(subscriptions, (error, granted) => {
        link.subscribed = !error && (granted ?? []).every(({ qos }) => qos !== 128);
        if (!link.subscribed) this.log.error(`${name}: the broker does not let us listen`);
        if (this.isListening) this.sayWeAreBack();
      });
    });
    client.on('close', () => {
      if (link.subscribed && !client.disconnecting) this.log.warn(`${name}: the line to the broker is down`);
      link.subscribed = false;
      client.options.reconnectPeriod = randomInt(RETRY_MS.least, RETRY_MS.most);
    });
    // Each failed try ends here and then in `close`; the probe tells it, a log line per try would drown the rest.
    client.on('error', (error) => { this.log.debug(`${name}: ${error.message}`); });
  }

  private sayWeAreBack(): void {
    this.log.log('listening to the scooters');
    for (const speak of this.whenBack) speak().catch((error: unknown) => { this.log.warn(`after coming back: ${String(error)}`); });
  }
}
