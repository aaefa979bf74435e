// The radio of one scooter: a single MQTT 3.1.1 connection under its own name and password. It keeps nothing:
// what could not be said now is not said later by the radio, because ages would be wrong by then.
import { Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { Command, Hello, MAX_MESSAGE_BYTES, readMessage, Receipt, topics, type Presence } from '../../src/telematics/wire.js';
import { type Chance } from '../body/chance.js';
import { type Air } from '../body/faults.js';
import { type Heard } from './skill.js';

/** What the scooter does with what its radio hears. */
export interface Ears {
  command(command: Command): void;
  receipt(receipt: Receipt): void;
  hello(): void;
  /** Subscribed and ready; also after every reconnect. */
  ready(): void;
}

export interface ModemCard {
  readonly mqttUrl: string;
  readonly scooterId: string;
  readonly password: string;
  readonly keepaliveSeconds: number;
  readonly mqttCa?: string;
}

export interface Surroundings {
  readonly up: Air;
  readonly down: Air;
  readonly chance: Chance;
  readonly ears: Ears;
  /** Topics of the unit's skills, and who hears them. */
  readonly skills: ReadonlyMap<string, { readonly heard: Heard; hear(bytes: Uint8Array): void }>;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

export class Modem {
  private readonly client: MqttClient;
  private failures = 0;
  private retry: NodeJS.Timeout | null = null;
  private ready = false;
  private covered = true;
  private off = false;

  constructor(
    private readonly card: ModemCard,
    private readonly around: Surroundings,
    private boot: number,
  ) {
    this.client = this.dial(card.mqttUrl, {
      protocolVersion: 4,
      clientId: card.scooterId,
      username: card.scooterId,
      password: card.password,
      ...(card.mqttCa !== undefined && { ca: card.mqttCa }),
      clean: true,
      keepalive: card.keepaliveSeconds,
      connectTimeout: 10_000,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      will: this.will(),
    });
    this.client.on('connect', () => this.subscribe());
    this.client.on('message', (topic, bytes, packet) => {
      this.receive(topic, bytes, packet.retain);
    });
    this.client.on('close', () => this.lost());
    // Every broken connection also closes, and closing is what we act on; without a listener it would throw.
    this.client.on('error', () => undefined);
  }

  protected dial(url: string, options: IClientOptions): MqttClient {
    return connect(url, options);
  }

  get connected(): boolean {
    return this.ready && this.client.connected;
  }

  /** Says it now or not at all. */
  say(topic: string, body: object): boolean {
    if (!this.connected) return false;
    const bytes = JSON.stringify(body);
    this.around.up.pass(() => {
      if (this.connected) this.client.publish(topic, bytes, { qos: 0 });
    });
    return true;
  }

  /** Presence and last will travel the same way (QoS 1), so that the broker keeps them in order. */
  announce(): void {
    if (!this.connected) return;
    const here: Presence = { connected: true, boot: this.boot };
    this.client.publish(topics.presenceFrom(this.card.scooterId), JSON.stringify(here), { qos: 1 });
  }

  /** A tunnel, a courtyard: the link breaks without a goodbye, so the broker speaks the last will. */
  loseNetwork(): void {
    this.covered = false;
    this.client.stream.destroy();
  }

  findNetwork(): void {
    if (this.covered) return;
    this.covered = true;
    this.failures = 0;
    this.again(0);
  }

  /** The unit restarts: the link breaks and comes back under the next boot. */
  restart(boot: number): void {
    this.boot = boot;
    const will = this.will();
    this.client.options.will = will;
    this.client.stream.destroy();
  }

  /** Leaves without a goodbye, as a unit does whose power is cut; the broker speaks the last will. */
  async switchOff(): Promise<void> {
    this.off = true;
    this.ready = false;
    if (this.retry !== null) clearTimeout(this.retry);
    this.around.up.clear();
    this.around.down.clear();
    this.client.stream.destroy();
    await this.client.endAsync(true);
  }

  /** Out of the socket, into the air of the simulation, and only then into the ears. */
  protected receive(topic: string, bytes: Buffer, retained: boolean): void {
    if (this.takes(topic, bytes, retained)) this.around.down.pass(() => this.hear(topic, bytes));
  }

  /** Nothing of yesterday, and nothing too large; but for what a skill waits for. */
  protected takes(topic: string, bytes: Uint8Array, retained: boolean): boolean {
    const heard = this.around.skills.get(topic)?.heard;
    return (!retained || heard?.retained === true) && bytes.length <= (heard?.mostBytes ?? MAX_MESSAGE_BYTES);
  }

  private will(): { topic: string; payload: Buffer; qos: 1; retain: false } {
    const gone: Presence = { connected: false, boot: this.boot };
    return {
      topic: topics.presenceFrom(this.card.scooterId),
      payload: Buffer.from(JSON.stringify(gone)),
      qos: 1,
      retain: false,
    };
  }

  private subscribe(): void {
    const { scooterId } = this.card;
    // Nagle and delayed acknowledgement together cost an unlock 88 ms.
    if (this.client.stream instanceof Socket) this.client.stream.setNoDelay(true);
    const mine = [
      topics.commandsTo(scooterId),
      topics.receiptsTo(scooterId),
      topics.helloToAll,
      ...this.around.skills.keys(),
    ];
    this.client.subscribe(mine, { qos: 0 }, (error) => {
      if (error !== null || this.off || !this.client.connected) return;
      this.failures = 0;
      this.ready = true;
      this.announce();
      this.around.ears.ready();
    });
  }

  private lost(): void {
    this.ready = false;
    if (this.off || !this.covered) return;
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures += 1;
    // A whole fleet loses a broker in the same instant and must not come back in the same instant.
    this.again(this.around.chance.between(longest / 4, longest));
  }

  private again(inMs: number): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      this.retry = null;
      if (!this.off && this.covered && !this.client.connected) this.client.reconnect();
    }, inMs);
  }

  private hear(topic: string, bytes: Buffer): void {
    if (this.off || !this.covered) return;
    const { scooterId } = this.card;
    const skill = this.around.skills.get(topic);
    if (skill !== undefined) {
      skill.hear(bytes);
      return;
    }
    if (topic === topics.helloToAll) {
      if (readMessage(Hello, bytes) !== null) this.around.ears.hello();
    } else if (topic === topics.commandsTo(scooterId)) {
      const command = readMessage(Command, bytes);
      if (command !== null) this.around.ears.command(command);
    } else if (topic === topics.receiptsTo(scooterId)) {
      const receipt = readMessage(Receipt, bytes);
      if (receipt !== null) this.around.ears.receipt(receipt);
    }
  }
}
