// The least a fleet can be: so many MQTT.js connections in one process, each with a last will and three subscriptions,
// and nobody at home.
import { connect } from 'mqtt';
import { beChild } from '../kit/child.mjs';

const CONNECTING_AT_ONCE = 64;

await beChild(async ({ mqttUrl, cards }) => {
  const began = performance.now();
  const clients = [];
  const waiting = [...cards];
  const worker = async () => {
    for (let card = waiting.pop(); card !== undefined; card = waiting.pop()) clients.push(await bare(mqttUrl, card));
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, worker));
  return {
    told: { seconds: (performance.now() - began) / 1000 },
    answers: { connected: () => clients.filter(({ connected }) => connected).length },
  };
});

async function bare(mqttUrl, { scooterId, password }) {
  const client = connect(mqttUrl, {
    protocolVersion: 4,
    clientId: scooterId,
    username: scooterId,
    password,
    clean: true,
    keepalive: 45,
    connectTimeout: 60_000,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    will: { topic: `bench/${scooterId}/gone`, payload: Buffer.from('{}'), qos: 1, retain: false },
  });
  client.on('error', () => undefined);
  await new Promise((resolve) => client.once('connect', resolve));
  await client.subscribeAsync([`bench/${scooterId}/commands`, `bench/${scooterId}/receipts`, 'bench/hello'], { qos: 0 });
  return client;
}
