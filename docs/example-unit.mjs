// A telematics unit in one page: what docs/add-your-scooter.md explains, step by step. It has no lock but a word in
// memory, and no wheels; what it lacks, the conformance kit names.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import mqtt from 'mqtt';
import { z } from 'zod';

const { SCOOTER_ID: id, SCOOTER_PASSWORD: password, SCOOTER_KEY: key, MQTT_URL: broker, FLASH: flash = 'unit.json' } = process.env;
const read = () => { try { return JSON.parse(readFileSync(flash, 'utf8')); } catch { return { boot: 0, nonce: 0, answered: [], inRide: false, events: [] }; } };
// What must survive a power cut, and is written before anything is done or said.
const kept = read();
const keep = () => writeFileSync(flash, JSON.stringify(kept));
kept.boot += 1;
keep();
let seq = 0;

const sensors = () => ({ lock: kept.lock ?? 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' });
const fix = { latitude: 48.8566, longitude: 2.3522, accuracyM: 5, ageS: 1 };
// Ages are counted by a timer that nobody can set; this one also counts while the unit is off.
const now = () => Number(process.hrtime.bigint() / 1_000_000n);

const gone = { topic: `v1/up/${id}/presence`, payload: JSON.stringify({ connected: false, boot: kept.boot }), qos: 1, retain: false };
const client = mqtt.connect(broker, { protocolVersion: 4, clientId: id, username: id, password, clean: true, keepalive: 45, will: gone, queueQoSZero: false });
const say = (what, body, qos = 0) => client.connected && client.publish(`v1/up/${id}/${what}`, JSON.stringify(body), { qos });
const sayEvent = ({ at, ...event }) => say('events', { ...event, ageMs: now() - at });
const tell = (event) => {
  const said = { boot: kept.boot, seq: (seq += 1), at: now(), ...event };
  kept.events.push(said);
  keep();
  sayEvent(said);
};
const sayState = () => say('telemetry', {
  boot: kept.boot, seq: (seq += 1), ageMs: 0, chargePercent: 80, rangeKm: 50, batterySerial: 'B-1', odometerM: 0, sensors: sensors(), inRide: kept.inRide,
  fix: kept.inRide ? null : fix, moving: false, clockMs: Date.now(),
});
const sayAll = () => {
  say('presence', { connected: true, boot: kept.boot }, 1);
  kept.events.forEach(sayEvent);
  sayState();
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const Order = z.strictObject({
  commandId: z.string().regex(UUID), scooterId: z.string().regex(UUID), kind: z.enum(['unlock', 'lock', 'pause', 'resume', 'look', 'open_case', 'open_bay', 'locate']),
  nonce: z.int().min(1), notAfter: z.int().min(0), signature: z.string().regex(/^[0-9a-f]{64}$/),
});
function whyNot(order) {
  const text = ['roue-libre/v1', order.commandId, order.scooterId, order.kind, order.nonce, order.notAfter].join('\n');
  const expected = createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest();
  if (order.scooterId !== id) return 'wrong_scooter';
  if (!timingSafeEqual(Buffer.from(order.signature, 'hex'), expected)) return 'bad_signature';
  if (order.notAfter < Date.now()) return 'expired';
  if (order.notAfter > Date.now() + 17_000) return 'too_far_ahead';
  return order.nonce > kept.nonce ? null : 'replayed';
}
function obey(order) {
  const { commandId, kind } = order;
  let reason = whyNot(order);
  if (reason === 'replayed' && kept.answered.includes(commandId)) return;
  if (reason === null) {
    Object.assign(kept, { nonce: order.nonce, answered: [...kept.answered, commandId].slice(-16) });
    keep();
    if (['unlock', 'open_bay'].includes(kind) && kept.inRide) reason = 'in_ride';
    if (['pause', 'resume'].includes(kind) && !kept.inRide) reason = 'not_in_ride';
  }
  if (reason !== null) return tell({ kind: 'command_refused', commandId, reason, sensors: sensors() });
  if (['unlock', 'resume'].includes(kind)) Object.assign(kept, { lock: 'open', inRide: true });
  if (['lock', 'pause'].includes(kind)) Object.assign(kept, { lock: 'closed', inRide: kind === 'pause' });
  tell({ kind: 'command_done', commandId, command: kind, sensors: sensors(), fix: ['unlock', 'lock', 'look'].includes(kind) ? fix : null });
  sayState();
}

client.on('connect', () => client.subscribe([`v1/down/${id}/commands`, `v1/down/${id}/receipts`, 'v1/down/all/hello'], { qos: 0 }, sayAll));
client.on('message', (topic, bytes, packet) => {
  if (packet.retain || bytes.length > 4096) return;
  let body;
  try { body = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)); } catch { return; }
  if (topic.endsWith('/commands') && Order.safeParse(body).success) obey(body);
  if (topic.endsWith('/hello')) sayAll();
  if (topic.endsWith('/receipts')) kept.events = kept.events.filter(({ boot, seq }) => boot !== body?.boot || seq !== body?.seq);
  keep();
});
client.on('error', ({ message }) => console.error(message));
tell({ kind: 'started', reason: kept.boot === 1 ? 'power_on' : 'reboot' });
setInterval(() => kept.events.forEach(sayEvent), 5_000);
setInterval(sayState, 900_000);
