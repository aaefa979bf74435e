// Stands where the service stands on the broker, without its database and its riders: signs commands, receipts
// every event, leaves the zones. For tests that need a thousand rides and not a thousand bills.
import { createPrivateKey, createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { compactZones } from '../../src/onboard/compact-zones.js';
import { readMessage, ScooterEvent, signBody, signCommand, topics, type CommandKind } from '../../src/telematics/wire.js';
import type { Zone } from '../../src/zones/zone.js';

const PKCS8 = '302e020100300506032b657004220420';

export class Commander {
  private readonly key: KeyObject = createPrivateKey({ key: Buffer.from(`${PKCS8}${'5e'.repeat(32)}`, 'hex'), format: 'der', type: 'pkcs8' });
  readonly serviceKey = createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  private readonly nonces = new Map<string, number>();
  /** What became of each command: done, or why not. */
  private readonly answers = new Map<string, string>();

  private constructor(
    private readonly client: MqttClient,
    private readonly now: () => Date,
  ) {}

  static async takeOver(serviceUrl: string, now: () => Date): Promise<Commander> {
    const client = await mqtt.connectAsync(serviceUrl, { protocolVersion: 4, clientId: 'service-commander' });
    const commander = new Commander(client, now);
    client.on('message', (topic, payload) => { commander.hear(topic.split('/')[2] ?? '', payload); });
    await client.subscribeAsync(topics.everyEvent);
    return commander;
  }

  order({ scooterId, commandKey }: { scooterId: string; commandKey: string }, kind: CommandKind): string {
    const nonce = (this.nonces.get(scooterId) ?? 0) + 1;
    this.nonces.set(scooterId, nonce);
    const command = signCommand(commandKey, { commandId: randomUUID(), scooterId, kind, nonce, notAfter: this.now().getTime() + 14_000 });
    this.client.publish(topics.commandsTo(scooterId), JSON.stringify(command));
    return command.commandId;
  }

  answerTo(commandId: string): string | null {
    return this.answers.get(commandId) ?? null;
  }

  async leaveZones(version: number, zones: readonly Zone[]): Promise<void> {
    const message = JSON.stringify(signBody(this.key, 'zones', JSON.stringify(compactZones(version, zones))));
    await this.client.publishAsync(topics.zonesToAll, message, { qos: 1, retain: true });
  }

  async leave(): Promise<void> {
    await this.client.endAsync(true);
  }

  private hear(scooterId: string, payload: Buffer): void {
    const event = readMessage(ScooterEvent, payload);
    if (event === null) return;
    if (event.kind === 'command_done') this.answers.set(event.commandId, 'done');
    if (event.kind === 'command_refused') this.answers.set(event.commandId, event.reason);
    this.client.publish(topics.receiptsTo(scooterId), JSON.stringify({ boot: event.boot, seq: event.seq }));
  }
}
