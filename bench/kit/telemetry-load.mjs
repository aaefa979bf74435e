// A fleet that only talks: many bare connections, one message a write as a real fleet causes it, and either as many
// as the other side takes (a fixed number unsettled at any moment) or so many a second. Each says the same under
// several prefixes of the topic, one for each consumer, so that nobody hears what another is measured with.
import { createRequire } from 'node:module';
import net from 'node:net';
import { beChild } from './child.mjs';

const require = createRequire(import.meta.url);
const packets = createRequire(require.resolve('mqtt'))('mqtt-packet');

const CONNECTING_AT_ONCE = 100;
/** Fixed width, so that a message is made by overwriting digits of the last one. */
const FIRST_SEQ = 100_000_000;
const BURST = 64;

await beChild(async ({ port, connections, scooters, qos, prefixes, accounts = null }) => {
  const fleets = Object.fromEntries(prefixes.map((prefix) => [prefix, scooters.map((scooter, number) => messageOf(`${prefix}/${scooter.id}/telemetry`, scooter, number, qos))]));
  const links = await connectAll(port, accounts ?? Array.from({ length: connections }, (_, i) => ({ username: `load-${process.pid}-${i}` })), qos);
  const run = { sent: 0, settled: 0, wake: () => undefined };
  let next = 0;
  const sayUnder = (prefix) => () => {
    const fleet = fleets[prefix];
    const message = fleet[next];
    const link = links[next % links.length];
    if (qos === 1 && link.unacknowledged > 0) return false;
    next = (next + 1) % fleet.length;
    advance(message);
    if (qos === 1) link.unacknowledged += 1;
    link.socket.write(message.bytes);
    run.sent += 1;
    return true;
  };
  for (const link of links) link.acknowledged = () => run.wake();
  return {
    answers: {
      /** `settled` of all that was ever sent. */
      credit: (settled) => {
        run.settled = settled;
        run.wake();
      },
      sent: () => run.sent,
      flood: ({ count, window, prefix }) => flood(run, sayUnder(prefix), { until: run.sent + count, window }),
      pace: ({ perSecond, seconds, prefix }) => pace(sayUnder(prefix), { perSecond, seconds }),
    },
    close: async () => {
      for (const { socket } of links) socket.destroy();
    },
  };
});

/** Never more than `window` unsettled; and a breath after each burst, so that answers are read. */
function flood(run, say, { until, window }) {
  return new Promise((resolve) => {
    let isPlanned = false;
    const go = () => {
      isPlanned = false;
      let burst = 0;
      while (run.sent < until && run.sent - run.settled < window && burst < BURST && say()) burst += 1;
      if (run.sent >= until) {
        run.wake = () => undefined;
        resolve(run.sent);
      } else if (burst > 0) run.wake();
    };
    run.wake = () => {
      if (isPlanned) return;
      isPlanned = true;
      setImmediate(go);
    };
    run.wake();
  });
}

async function pace(say, { perSecond, seconds }) {
  const began = performance.now();
  let sent = 0;
  for (let due = 0; due < perSecond * seconds; ) {
    due = Math.min(perSecond * seconds, Math.floor(((performance.now() - began) / 1000) * perSecond));
    while (sent < due && say()) sent += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return sent;
}

/** What a standing scooter says; seq and one digit of its place change with each message. */
function messageOf(topic, { latitude, longitude, odometerM }, number, qos) {
  const body = JSON.stringify({
    boot: 1,
    seq: FIRST_SEQ,
    ageMs: 0,
    chargePercent: 80.5,
    rangeKm: 40 + (number % 300) / 10,
    batterySerial: `PACK-${number}`,
    odometerM,
    sensors: { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' },
    inRide: false,
    fix: { latitude: Number(latitude.toFixed(6)), longitude: Number(`${longitude.toFixed(5)}1`), accuracyM: 5, ageS: 1 },
    moving: false,
  });
  const bytes = packets.generate({ cmd: 'publish', topic, payload: body, qos, dup: false, retain: false, messageId: 1 });
  const seqAt = bytes.indexOf(`"seq":${FIRST_SEQ}`) + 6;
  const digitAt = bytes.indexOf(',"accuracyM"') - 1;
  return { bytes, seqAt, digitAt, seq: FIRST_SEQ };
}

function advance(message) {
  message.seq += 1;
  message.bytes.latin1Write(String(message.seq), message.seqAt);
  message.bytes[message.digitAt] = 0x31 + (message.seq % 9);
}

async function connectAll(port, accounts, qos) {
  const links = [];
  const waiting = [...accounts.keys()];
  const worker = async () => {
    for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) links[i] = await connect(port, accounts[i], qos);
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, worker));
  return links;
}

function connect(port, { username, password = 'bench' }, qos) {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  const link = { socket, unacknowledged: 0, acknowledged: () => undefined };
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
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', (answer) => {
      if (answer[3] !== 0) return reject(new Error(`the broker refused a scooter: ${answer[3]}`));
      if (qos === 1) {
        let bytes = 0;
        socket.on('data', (piece) => {
          // Nothing but PUBACKs comes here, of four bytes each.
          bytes += piece.length;
          link.unacknowledged -= Math.floor(bytes / 4);
          bytes %= 4;
          link.acknowledged();
        });
      }
      return resolve(link);
    });
  });
}
