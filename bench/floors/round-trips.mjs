// Floor of commands: a message to a scooter and its answer, over the broker and nothing else.
import mqtt from 'mqtt';
import { beChild } from '../kit/child.mjs';

await beChild(async ({ mqttUrl, scooters }) => {
  const { username, password } = new URL(mqttUrl);
  const client = await mqtt.connectAsync(mqttUrl, { protocolVersion: 4, clientId: `${username}-trips`, username, password, reconnectPeriod: 0 });
  client.stream.setNoDelay(true);
  await client.subscribeAsync('bench/answers', { qos: 0 });
  const waiting = new Map();
  let count = 0;
  client.on('message', (_topic, payload) => {
    const { id } = JSON.parse(payload.toString());
    waiting.get(id)?.();
    waiting.delete(id);
  });
  const command = (scooter) =>
    new Promise((resolve) => {
      const id = ++count;
      waiting.set(id, resolve);
      client.publish(`bench/${scooter}/commands`, JSON.stringify({ id, kind: 'locate' }), { qos: 0 });
    });
  return {
    answers: {
      paced: ({ perSecond, count: wanted }) => paced(command, { perSecond, wanted, scooters }),
      crowd: ({ atOnce, seconds }) => crowd(command, { atOnce, seconds, scooters }),
    },
    close: () => client.endAsync(true),
  };
});

/** @returns the milliseconds of each. */
async function paced(command, { perSecond, wanted, scooters }) {
  const from = performance.now();
  const trips = [];
  for (let number = 0; number < wanted; number++) {
    const rest = from + (number * 1000) / perSecond - performance.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    const sent = performance.now();
    trips.push(command((number % scooters) + 1).then(() => performance.now() - sent));
  }
  return Promise.all(trips);
}

/** @returns answers a second. */
async function crowd(command, { atOnce, seconds, scooters }) {
  const from = performance.now();
  let answers = 0;
  const worker = async (scooter) => {
    while (performance.now() - from < seconds * 1000) {
      await command(scooter);
      answers++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, i) => worker((i % scooters) + 1)));
  return answers / ((performance.now() - from) / 1000);
}
