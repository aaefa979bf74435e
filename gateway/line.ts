// One scooter's line to the broker, spoken by the gateway: the scooter's own account, its last will, and nothing
// kept that could not be said now.
import { Socket } from 'node:net';
import { connect, type MqttClient } from 'mqtt';
import { Command, Hello, readMessage, Receipt, topics } from '../src/telematics/wire.js';

export interface Account {
  readonly mqttUrl: string;
  /** Of an authority of one's own, PEM. */
  readonly ca?: string;
  readonly scooterId: string;
  readonly password: string;
  readonly boot: number;
}

export interface LineEars {
  command(command: Command): void;
  receipt(receipt: Receipt): void;
  /** Subscribed, or asked by the service to announce itself. */
  hello(): void;
}

const RETRY_MS = 2000;
const KEEPALIVE_SECONDS = 30;

export class Line {
  private readonly client: MqttClient;
  private isReady = false;

  constructor({ mqttUrl, ca, scooterId, password, boot }: Account, ears: LineEars) {
    const mine = [topics.commandsTo(scooterId), topics.receiptsTo(scooterId), topics.helloToAll];
    this.client = connect(mqttUrl, {
      protocolVersion: 4,
      clientId: scooterId,
      username: scooterId,
      password,
      ...(ca !== undefined && { ca }),
      clean: true,
      keepalive: KEEPALIVE_SECONDS,
      reconnectPeriod: RETRY_MS,
      resubscribe: false,
      queueQoSZero: false,
      will: { topic: topics.presenceFrom(scooterId), payload: Buffer.from(JSON.stringify({ connected: false, boot })), qos: 1, retain: false },
    });
    this.client.on('connect', () => {
      // Nagle and delayed acknowledgement together cost an unlock 88 ms.
      if (this.client.stream instanceof Socket) this.client.stream.setNoDelay(true);
      this.client.subscribe(mine, { qos: 0 }, (error) => {
        if (error !== null || !this.client.connected) return;
        this.isReady = true;
        ears.hello();
      });
    });
    this.client.on('message', (topic, bytes, { retain }) => {
      if (retain) return;
      if (topic === topics.helloToAll && readMessage(Hello, bytes) !== null) ears.hello();
      const command = topic === topics.commandsTo(scooterId) ? readMessage(Command, bytes) : null;
      if (command !== null) ears.command(command);
      const receipt = topic === topics.receiptsTo(scooterId) ? readMessage(Receipt, bytes) : null;
      if (receipt !== null) ears.receipt(receipt);
    });
    this.client.on('close', () => {
      this.isReady = false;
    });
    // Every broken connection also closes; without a listener the error would end the gateway.
    this.client.on('error', () => undefined);
  }

  say(topic: string, body: object, qos: 0 | 1 = 0): boolean {
    if (!this.isReady || !this.client.connected) return false;
    this.client.publish(topic, JSON.stringify(body), { qos });
    return true;
  }

  /** Without a goodbye, so that the broker speaks the last will. */
  async end(): Promise<void> {
    this.client.stream.destroy();
    await this.client.endAsync(true);
  }
}
