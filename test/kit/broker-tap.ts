// Everything that is said on the broker, for tests that must know what was said and what was not.
import mqtt, { type MqttClient } from 'mqtt';

export interface Heard { readonly topic: string; readonly text: string }

export class BrokerTap {
  readonly heard: Heard[] = [];
  private constructor(private readonly client: MqttClient) {
    client.on('message', (topic, payload) => { this.heard.push({ topic, text: payload.toString() }); });
  }

  static async open(serviceUrl: string): Promise<BrokerTap> {
    const client = await mqtt.connectAsync(serviceUrl, { protocolVersion: 4, clientId: `service-tap-${String(process.pid)}-${String(performance.now())}` });
    const tap = new BrokerTap(client);
    await client.subscribeAsync('v1/#', { qos: 0 });
    return tap;
  }

  commandsTo(scooterId: string): Record<string, unknown>[] {
    return this.on(`v1/down/${scooterId}/commands`);
  }

  on(topic: string): Record<string, unknown>[] {
    return this.heard.filter((message) => message.topic === topic).map(({ text }) => JSON.parse(text) as Record<string, unknown>);
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}
