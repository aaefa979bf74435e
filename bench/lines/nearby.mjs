// Nearby: how soon after a scooter has said where it stands people find it there, and what a move costs the index.
import mqtt from 'mqtt';
import { call } from '../kit/http-calls.mjs';
import { startAnyBroker } from '../kit/mosquitto.mjs';
import { figure, quantile } from '../kit/results.mjs';
import { byTurns } from '../kit/rounds.mjs';
import { standFree } from '../kit/talking-fleet.mjs';
import { built } from '../../scripts/ready.mjs';

const SCOOTERS = 10_000;
const PER_SECOND = 50;
const MOVES = 500_000;
const SETTLED_AFTER_MS = 500;
/** Nobody else stands so far out. */
const APART = { latitude: 48.4, longitude: 1.6 };

export async function* measure({ options, stage, say }) {
  const databaseUrl = await stage.database('nearby_city');
  await stage.city({ databaseUrl, listen: false });
  const scooters = await standFree(databaseUrl, SCOOTERS);
  const broker = await startAnyBroker();
  const city = await stage.city({ databaseUrl, mqttUrl: broker.serviceUrl });
  const scooter = await mqtt.connectAsync(broker.serviceUrl, { clientId: 'service-bench-speaker', protocolVersion: 4 });
  scooter.stream.setNoDelay(true);
  const ear = await mqtt.connectAsync(broker.serviceUrl, { clientId: 'service-bench-ear', protocolVersion: 4 });
  ear.stream.setNoDelay(true);
  await ear.subscribeAsync('v1/up/+/telemetry', { qos: 0 });
  const set = { city, scooter, ear, scooters, seq: 1 };
  const count = Math.round(PER_SECOND * (options.seconds ?? 5));
  await round(set, count);
  const { values, foreign } = await byTurns({ both: () => round(set, count) }, options.rounds ?? 5, say);
  const delivered = values.both.flatMap((one) => one.delivered);
  const visible = values.both.flatMap((one) => one.visible);
  const overP99 = quantile(visible.map((ms, i) => ms - delivered[i]), 0.99);
  yield {
    what: `p99 of ${visible.length.toLocaleString('en')} at ${PER_SECOND}/s: PUBLISH → found at its new place; floor: PUBLISH → broker's delivery to a bare ear`,
    unit: 'ms', better: 'lower', foreign,
    floor: [quantile(delivered, 0.99)], ours: [quantile(visible, 0.99)],
    goal: null,
    notes: [
      `p50 delivered ${figure(quantile(delivered, 0.5))} ms, found ${figure(quantile(visible, 0.5))} ms; goal 13: p99 found − p99 delivered = ` +
        `${figure(quantile(visible, 0.99) - quantile(delivered, 0.99))} ms (≤ 5 · ≤ 1): ${quantile(visible, 0.99) - quantile(delivered, 0.99) <= 5 ? 'reached' : 'not reached'}; p99 of the differences ${figure(overP99)} ms; what HTTP adds is in the line near-me`,
    ],
  };
  for (const part of [scooter, ear]) await part.endAsync(true);
  for (const part of [city, broker]) await part.stop();
  yield await moves();
}

/** Each message moves one scooter. When it is in the grid the service itself notes; a question at the end looks whether it is true. */
async function round(set, count) {
  const heardAt = new Map();
  const hear = (topic) => heardAt.set(topic, performance.timeOrigin + performance.now());
  set.ear.on('message', hear);
  await set.city.ask('foundAt');
  const began = performance.now();
  const said = await Promise.all(Array.from({ length: count }, async (_, i) => {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + (i * 1000) / PER_SECOND - performance.now())));
    return say(set);
  }));
  await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS));
  set.ear.off('message', hear);
  const foundAt = await set.city.ask('foundAt');
  await mustBeThere(set, said.at(-1));
  return {
    delivered: said.map(({ topic, sentAt }) => (heardAt.get(topic) ?? Number.NaN) - sentAt),
    visible: said.map(({ key, sentAt }) => (foundAt[key] ?? Number.NaN) - sentAt),
  };
}

function say(set) {
  const number = set.seq++ % set.scooters.length;
  const { id } = set.scooters[number];
  const place = { latitude: APART.latitude + (set.seq % 1000) * 4e-4, longitude: APART.longitude + Math.floor(set.seq / 1000) * 4e-4 };
  const topic = `v1/up/${id}/telemetry`;
  const boot = 2 + Math.floor(set.seq / set.scooters.length);
  const body = JSON.stringify({
    boot, seq: 1, ageMs: 0, chargePercent: 80, rangeKm: 40, batterySerial: `PACK-${number}`, odometerM: 1000,
    sensors: { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' }, inRide: false,
    fix: { ...place, accuracyM: 5, ageS: 0 }, moving: false,
  });
  const sentAt = performance.timeOrigin + performance.now();
  set.scooter.publish(topic, body, { qos: 0 });
  return { id, place, topic, key: `${id} ${boot}`, sentAt };
}

async function mustBeThere({ city }, { id, place }) {
  const path = `/rider/scooters?latitude=${place.latitude.toFixed(6)}&longitude=${place.longitude.toFixed(6)}&radiusM=10`;
  const { body } = await call('GET', `${city.url}${path}`);
  if (!body.items?.some((item) => item.id === id)) throw new Error(`a scooter is not found where it said it was: ${JSON.stringify(body)}`);
}

/** In this process, with a hundred thousand others in the grid. */
async function moves() {
  const { NearbyGrid } = await built('src/fleet/nearby-grid.js');
  const { diceFor, freePlace } = await built('src/launch/seed-plan.js');
  const dice = diceFor('bench: moves');
  const grid = new NearbyGrid();
  const fleet = Array.from({ length: 100_000 }, (_, i) => ({ id: `scooter-${i}`, plate: `P-${i}`, position: freePlace(dice, () => true), rangeKm: 40 }));
  for (const one of fleet) grid.put(one);
  const map = new Map(fleet.map((one) => [one.id, one]));
  const moved = Array.from({ length: 10_000 }, () => {
    const one = fleet[Math.floor(dice() * fleet.length)];
    return { ...one, position: { latitude: one.position.latitude + (dice() - 0.5) * 0.004, longitude: one.position.longitude + (dice() - 0.5) * 0.006 } };
  });
  const each = (work) => {
    const began = performance.now();
    for (let i = 0; i < MOVES; i++) work(moved[i % moved.length]);
    return ((performance.now() - began) / MOVES) * 1000;
  };
  const { values, foreign } = await byTurns({ floor: () => each((one) => map.set(one.id, one)), ours: () => each((one) => grid.put(one)) }, 5, () => undefined);
  const took = quantile(values.ours, 0.5);
  return {
    what: 'one scooter moves, 100,000 others in the grid; floor: writing it into a Map', unit: 'µs', better: 'lower', foreign,
    floor: values.floor, ours: values.ours, goal: null, notes: [`goal 13: ≤ 1 µs a move: ${figure(took)} µs, ${took <= 1 ? 'reached' : 'not reached'}`],
  };
}
