// Scooters that cost almost nothing: bare sockets that answer each command at once. Half of them speak
// the city's words, half the few words of the floor. They check no signature; only the service is measured.
import { createRequire } from 'node:module';
import net from 'node:net';
import { built } from '../../scripts/ready.mjs';
import { beChild } from './child.mjs';

const require = createRequire(import.meta.url);
const packets = createRequire(require.resolve('mqtt'))('mqtt-packet');

const STANDING = { ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' };
const CONNECTING_AT_ONCE = 50;

await beChild(async ({ port, cards, floors }) => {
  const { topics } = await built('src/telematics/wire.js');
  const waiting = [
    ...cards.map((card) => () => cityScooter(port, card, topics)),
    ...floors.map((account) => () => floorScooter(port, account)),
  ];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, worker));
  return {};
});

/** Answers with its event and the telemetry after it, as the firmware does when its lock has moved. */
async function cityScooter(port, card, topics) {
  const id = card.scooterId;
  const fix = { latitude: card.latitude, longitude: card.longitude, accuracyM: 5, ageS: 0 };
  let seq = 0;
  let open = false;
  const say = () => ({ boot: 1, seq: ++seq, ageMs: 0 });
  const sensors = () => ({ ...STANDING, lock: open ? 'open' : 'closed' });
  const telemetry = () => ({
    topic: topics.telemetryFrom(id),
    body: {
      ...say(),
      chargePercent: card.chargePercent,
      rangeKm: 60,
      batterySerial: card.batterySerial,
      odometerM: card.odometerM,
      sensors: sensors(),
      inRide: open,
      fix: open ? null : fix,
    },
  });
  const here = { topic: topics.presenceFrom(id), body: { connected: true, boot: 1 } };
  const link = await connect(port, { username: id, password: card.password }, [
    topics.commandsTo(id),
    topics.receiptsTo(id),
    topics.helloToAll,
  ]);
  link.hear = (topic, payload) => {
    if (topic === topics.helloToAll) return link.publish(here, telemetry());
    if (topic !== topics.commandsTo(id)) return undefined;
    const { commandId, kind } = JSON.parse(payload);
    const wasOpen = open;
    if (kind === 'unlock' || kind === 'lock') open = kind === 'unlock';
    const done = { ...say(), kind: 'command_done', commandId, command: kind, sensors: sensors(), fix };
    const event = { topic: topics.eventsFrom(id), body: done };
    return open === wasOpen ? link.publish(event) : link.publish(event, telemetry());
  };
  link.publish(here, telemetry());
}

async function floorScooter(port, { username, password, number }) {
  const link = await connect(port, { username, password }, [`bench/${number}/commands`]);
  link.hear = (_topic, payload) =>
    link.publish({ topic: 'bench/answers', body: { id: JSON.parse(payload).id, done: true } });
}

function connect(port, { username, password }, subscribed) {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  const parser = packets.parser({ protocolVersion: 4 });
  const link = {
    hear: () => undefined,
    /** All of it in one write, and in this order. */
    publish: (...messages) =>
      socket.write(
        Buffer.concat(
          messages.map(({ topic, body }) =>
            packets.generate({
              cmd: 'publish',
              topic,
              payload: JSON.stringify(body),
              qos: 0,
              dup: false,
              retain: false,
            }),
          ),
        ),
      ),
  };
  socket.write(
    packets.generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: username,
      username,
      password: Buffer.from(password),
      keepalive: 0,
    }),
  );
  socket.on('data', (bytes) => parser.parse(bytes));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the broker closed the line of a scooter')));
    parser.on('packet', (packet) => {
      const subscriptions = subscribed.map((topic) => ({ topic, qos: 0 }));
      if (packet.cmd === 'connack' && packet.returnCode !== 0)
        reject(new Error(`the broker refused a scooter: ${packet.returnCode}`));
      else if (packet.cmd === 'connack')
        socket.write(packets.generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
      else if (packet.cmd === 'suback') resolve(link);
      else if (packet.cmd === 'publish') link.hear(packet.topic, packet.payload.toString());
    });
  });
}
