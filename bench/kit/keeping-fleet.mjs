// Scooters that keep every event until its receipt and say it again meanwhile, as the contract wants it; and say their
// telemetry once when they hear hello. Bare sockets, no physics.
import { createRequire } from 'node:module';
import net from 'node:net';
import { built } from '../../scripts/ready.mjs';
import { beChild } from './child.mjs';

const require = createRequire(import.meta.url);
const packets = createRequire(require.resolve('mqtt'))('mqtt-packet');

const AGAIN_EVERY_MS = 500;
const SENSORS = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' };

await beChild(async ({ port, scooters, events }) => {
  const { topics } = await built('src/telematics/wire.js');
  const fleet = await Promise.all(scooters.map((scooter) => switchOn(port, scooter, topics)));
  const says = setInterval(() => fleet.forEach((one) => one.sayAgain()), AGAIN_EVERY_MS);
  return {
    answers: {
      /** Each lays so many events into its flash, and says how it stands after them. */
      begin: () => fleet.forEach((one) => one.happen(events)),
      kept: () => fleet.reduce((sum, { kept }) => sum + kept.size, 0),
      receipted: () => fleet.flatMap(({ id, receipted }) => [...receipted].map((seq) => ({ id, seq }))),
      last: () => fleet.map(({ id, seq }) => ({ id, seq: seq() })),
      sent: () => fleet.reduce((sum, { sent }) => sum + sent(), 0),
    },
    close: async () => {
      clearInterval(says);
      for (const { socket } of fleet) socket.destroy();
    },
  };
});

async function switchOn(port, { id, odometerM, latitude, longitude }, topics) {
  const kept = new Map();
  const receipted = new Set();
  let [seq, telemetrySeq, sent] = [1, 0, 0];
  const socket = await connect(port, id, [topics.receiptsTo(id), topics.helloToAll], (topic, payload) => {
    if (topic === topics.helloToAll) return announce();
    const said = JSON.parse(payload);
    kept.delete(said.seq);
    receipted.add(said.seq);
    return undefined;
  });
  const publish = (topic, body) => {
    sent += 1;
    socket.write(packets.generate({ cmd: 'publish', topic, payload: JSON.stringify(body), qos: 0, dup: false, retain: false }));
  };
  const announce = () => {
    telemetrySeq = ++seq;
    publish(topics.presenceFrom(id), { connected: true, boot: 2 });
    publish(topics.telemetryFrom(id), {
      boot: 2, seq: telemetrySeq, ageMs: 0, chargePercent: 80, rangeKm: 40, batterySerial: 'PACK', odometerM, sensors: SENSORS, inRide: false,
      fix: { latitude, longitude, accuracyM: 5, ageS: 0 }, moving: false,
    });
  };
  const sayAgain = () => {
    for (const event of kept.values()) publish(topics.eventsFrom(id), { ...event, ageMs: Math.round(performance.now() - event.ageMs) });
  };
  const happen = (count) => {
    for (let i = 0; i < count; i++) kept.set(++seq, { boot: 2, seq, ageMs: performance.now(), kind: 'started', reason: 'reboot' });
    sayAgain();
    announce();
  };
  return { id, socket, kept, receipted, happen, sayAgain, seq: () => telemetrySeq, sent: () => sent };
}

function connect(port, id, topics, hear) {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  const parser = packets.parser({ protocolVersion: 4 });
  socket.on('data', (bytes) => parser.parse(bytes));
  socket.write(
    packets.generate({
      cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId: id, username: id, password: Buffer.from('bench'), keepalive: 0,
    }),
  );
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    parser.on('packet', (packet) => {
      const subscriptions = topics.map((topic) => ({ topic, qos: 0 }));
      if (packet.cmd === 'connack') socket.write(packets.generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
      else if (packet.cmd === 'suback') resolve(socket);
      else if (packet.cmd === 'publish') hear(packet.topic, packet.payload.toString());
    });
  });
}
