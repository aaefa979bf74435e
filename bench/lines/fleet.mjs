// Fleet: ten thousand simulated scooters in one process, beside as many bare connections: what they take of memory
// and of CPU, connected and at peace, and with every fault at once.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, buildPlan, built } from '../../scripts/ready.mjs';
import { startChild } from '../kit/child.mjs';
import { closeAtEnd } from '../kit/closing.mjs';
import { cpuSecondsOf, memoryOf, watchForeignLoad } from '../kit/machine.mjs';
import { startAnyBroker } from '../kit/mosquitto.mjs';
import { figure } from '../kit/results.mjs';
import { scratchFolder } from '../kit/scratch.mjs';

const SCOOTERS = 10_000;
const LOOKED_AT_SECONDS = 120;
/** The bound of the goal: one gibibyte. */
const MOST_MIB = 1024;
const ALL_BY_MS = 300_000;
/** Every one by its name, at rates of a bad day. */
const FAULTS = 'lost:0.02,late:0.02,doubled:0.02,out_of_order:0.02,offline:0.02,drifting_gps:0.1,jammed_lock:0.05,brown_out:0.01,wrong_clock:0.1,mute:0.02,no_last_gasp:0.5';
const LOOK_EVERY_MS = 250;

export async function* measure({ options, say }) {
  const count = options.scooters ?? SCOOTERS;
  const seconds = options.seconds ?? LOOKED_AT_SECONDS;
  const broker = await startAnyBroker();
  const office = await startChild('kit/fleet-office.mjs', { serviceUrl: broker.serviceUrl });
  const cards = await makeCards(count, office.told.serviceKey);
  await broker.letIn(cards.map(({ scooterId, password }) => ({ username: scooterId, password })));

  const foreign = [];
  const lived = async (name, pid, connecting) => {
    const since = watchForeignLoad();
    const atRest = memoryOf(pid) ?? Number.NaN;
    say(`${name}: ${count.toLocaleString('en')} connected after ${figure(connecting)} s, ${figure(atRest)} MiB`);
    const cpu = cpuSecondsOf(pid);
    let most = atRest;
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      await pause(LOOK_EVERY_MS);
      most = Math.max(most, memoryOf(pid) ?? 0);
    }
    const share = since();
    if (share !== null) foreign.push(share);
    const perMinute = ((cpuSecondsOf(pid) - cpu) * 1000 * 60) / seconds / count;
    return { connecting, atRest, most, after: memoryOf(pid) ?? Number.NaN, perMinute };
  };

  const floor = await startChild('floors/fleet.mjs', { mqttUrl: `mqtt://127.0.0.1:${broker.port}`, cards });
  const bare = await lived('floor', floor.pid, floor.told.seconds);
  const bareLeft = await floor.ask('connected');
  await floor.stop();

  const fleet = await startFleet({ cards, port: broker.port });
  const full = await lived('fleet', fleet.pid, fleet.connecting);
  const heard = await office.ask('heard');
  await fleet.stop();
  const hurtFleet = await startFleet({ cards, port: broker.port, faults: FAULTS });
  const hurt = await lived('fleet with faults', hurtFleet.pid, hurtFleet.connecting);
  const heardOfHurt = await office.ask('heard');
  await hurtFleet.stop();
  await office.stop();
  await broker.stop();

  const wrong = whatIsWrong({ count, heard, most: Math.max(full.most, hurt.most), bareLeft });
  yield {
    what: `memory of one process with ${count.toLocaleString('en')} scooters connected, at most in ${seconds} s; floor: bare MQTT.js connections, ${broker.name}`,
    unit: 'MiB', better: 'lower', foreign, wrong, floor: [bare.most], ours: [full.most], goal: null,
    notes: [
      `at most ${MOST_MIB} MiB: ${full.most <= MOST_MIB ? 'held' : 'NOT HELD'}; at rest ${figure(full.atRest)}, after ${seconds} s ${figure(full.after)}`,
      `connected after ${figure(full.connecting)} s, the floor after ${figure(bare.connecting)} s; zones of Paris (${figure(office.told.zonesBytes / 1024)} KiB) on board of ${heard.zones.toLocaleString('en')}`,
      `the office heard ${heard.events.toLocaleString('en')} events and ${heard.telemetry.toLocaleString('en')} messages of telemetry, and gave receipts`,
      ...wrong,
    ],
  };
  yield {
    what: `CPU of one scooter that stands for a minute, of ${count.toLocaleString('en')}; floor: a bare connection`,
    unit: 'ms', better: 'lower', foreign, floor: [bare.perMinute], ours: [full.perMinute], goal: null,
  };
  yield {
    what: `memory of the same with every fault there is (${FAULTS})`,
    unit: 'MiB', better: 'lower', foreign, floor: [bare.most], ours: [hurt.most], goal: null,
    notes: [
      `at most ${MOST_MIB} MiB: ${hurt.most <= MOST_MIB ? 'held' : 'NOT HELD'}; connected after ${figure(hurt.connecting)} s; ${figure(hurt.perMinute)} ms of CPU a scooter and minute`,
      `the office heard of ${(heardOfHurt.connects - heard.connects).toLocaleString('en')} connections and ${(heardOfHurt.events - heard.events).toLocaleString('en')} events`,
    ],
  };
}

function whatIsWrong({ count, heard, most, bareLeft }) {
  const wrong = [];
  if (heard.started !== count) wrong.push(`only ${heard.started} of ${count} scooters have said that they started`);
  if (heard.connects !== count) wrong.push(`${heard.connects} connections for ${count} scooters: some were lost`);
  if (heard.zones !== count) wrong.push(`only ${heard.zones} of ${count} scooters hold the zones`);
  if (bareLeft !== count) wrong.push(`only ${bareLeft} of ${count} bare connections were left`);
  if (most > MOST_MIB && count <= SCOOTERS) wrong.push(`${figure(most)} MiB are more than ${MOST_MIB}`);
  return wrong;
}

async function makeCards(count, serviceKey) {
  const { diceFor, freePlace, plateOf, vinOf } = await built('src/launch/seed-plan.js');
  const dice = diceFor('bench: fleet');
  return Array.from({ length: count }, (_, i) => ({
    scooterId: `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`,
    plate: plateOf(i),
    vin: vinOf(i),
    password: randomBytes(24).toString('base64url'),
    commandKey: randomBytes(32).toString('hex'),
    serviceKey,
    ...freePlace(dice, () => true),
    batterySerial: `PACK-${i}`,
    chargePercent: 80,
    odometerM: 1000,
  }));
}

/** The program that everybody starts, with its file, its flash on disk and its street. */
async function startFleet({ cards, port, faults = '' }) {
  const folder = scratchFolder();
  const file = path.join(folder, 'fleet.jsonl');
  fs.writeFileSync(file, cards.map((card) => JSON.stringify(card)).join('\n'));
  const began = performance.now();
  const words = ['--fleet', file, '--flash', path.join(folder, 'flash'), '--mqtt', `mqtt://127.0.0.1:${port}`, '--faults', faults, '--clock-from', new Date().toISOString(), '--clock-since', String(Date.now())];
  const child = spawn(process.execPath, [path.join(ROOT, buildPlan().outDir, 'firmware-sim', 'main.js'), ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = closeAtEnd(
    async () => {
      child.stdin.end();
      await gone;
    },
    () => child.kill('SIGKILL'),
  );
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the fleet never was complete')), ALL_BY_MS);
    child.once('exit', (code) => reject(new Error(`the fleet ended (${code})`)));
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      if (!said.includes(`connected ${cards.length}/`)) return;
      clearTimeout(late);
      resolve();
    });
  });
  return { pid: child.pid, connecting: (performance.now() - began) / 1000, stop };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
