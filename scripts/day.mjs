// `npm run day`: a whole service day of a simulated city, faster than reality, then the questions that
// must have one answer: is every ride over, do the books balance, was every empty battery seen once?
//   npm run day -- [--speed 60] [--scooters 1000] [--riders 400] [--hours 16] [--json FILE]
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { audit } from './day-audit.mjs';
import { built, buildPlan, makeReady, ROOT, run } from './ready.mjs';

/** A Monday in winter, 07:00 in Paris. */
const MORNING = Date.parse('2026-11-23T06:00:00Z');
const SAMPLE_MS = 2000;
const READY_WITHIN_MS = 120_000;
const SETTLED_WITHIN_MS = 180_000;

const { values } = parseArgs({
  options: {
    speed: { type: 'string', default: '60' },
    scooters: { type: 'string', default: '1000' },
    riders: { type: 'string', default: '400' },
    hours: { type: 'string', default: '16' },
    json: { type: 'string' },
  },
});
const [speed, scooters, riders, hours] = ['speed', 'scooters', 'riders', 'hours'].map((name) => Number(values[name]));
const dist = (file) => path.join(ROOT, buildPlan().outDir, file);

await run(async () => {
  await makeReady();
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-day-'));
  const { startPostgres } = await built('src/embedded/postgres.provider.js');
  const database = await startPostgres({ dataDir: path.join(home, 'database') });
  const children = [];
  try {
    const report = await liveOneDay({ home, databaseUrl: database.url, children });
    print(report);
    if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
    return report.wrong.length === 0 ? 0 : 1;
  } finally {
    for (const child of children.reverse()) await end(child);
    await database.stop();
    fs.rmSync(home, { recursive: true, force: true });
  }
});

async function liveOneDay({ home, databaseUrl, children }) {
  const clock = { CLOCK_FROM: new Date(MORNING).toISOString(), CLOCK_SINCE: String(Date.now()) };
  const city = start(dist('src/main.js'), ['--scooters', String(scooters), '--riders', '0', '--speed', String(speed), '--port', '0', '--data', path.join(home, 'city')], {
    ...clock, DATABASE_URL: databaseUrl, MQTT_PORT: '0', RATE_PER_SECOND: '100000',
  });
  children.push(city);
  const doors = await doorsOf(city);
  await until(async () => (await fetch(`${doors.API}/health/ready`)).status === 200, READY_WITHIN_MS, 'the city', () => city.tail.join('\n'));
  console.log(`The city is ready; ${hours} hours at ×${speed} take ${((hours * 60) / speed).toFixed(1)} minutes.`);

  const endsAt = new Date(MORNING + hours * 3_600_000).toISOString();
  const began = performance.now();
  const people = start(dist('people-sim/main.js'), [
    '--city', doors.API, '--street', doors.Street, '--stripe', doors['Stripe stand-in'], '--sms', doors['SMS stand-in'],
    '--riders', String(riders), '--scooters', String(scooters), '--crews', path.join(home, 'city/crews.json'), '--seed', '1', '--until', endsAt,
    '--clock-from', clock.CLOCK_FROM, '--clock-since', clock.CLOCK_SINCE, '--clock-speed', String(speed),
  ]);
  children.push(people);
  const memory = [];
  const sampler = setInterval(() => memory.push({ at: performance.now() - began, service: rssMb(city.pid) }), SAMPLE_MS);
  await people.over;
  clearInterval(sampler);
  const realSeconds = (performance.now() - began) / 1000;

  const questions = await audit({ databaseUrl, doors, settledWithinMs: SETTLED_WITHIN_MS });
  const halves = [memory.slice(memory.length / 4, memory.length / 2), memory.slice((memory.length * 3) / 4)].map((part) => median(part.map(({ service }) => service)));
  const wrong = [...questions.wrong];
  if (city.exitCode !== null) wrong.push('the service ended before its day did');
  if (halves[1] > halves[0] * 1.15 + 15) wrong.push(`memory grew from ${halves[0]} to ${halves[1]} MB`);
  if (people.said.length === 0) wrong.push(`the people said nothing: ${people.tail.slice(-5).join(' | ')}`);
  return {
    scooters, speed, hours, realSeconds: Math.round(realSeconds), timesReal: Math.round((hours * 3600) / realSeconds),
    memoryMb: { secondQuarter: halves[0], lastQuarter: halves[1] }, ...questions.facts, people: people.said.at(-1), wrong,
  };
}

function start(script, args, env = {}) {
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.tail = [];
  child.said = [];
  child.over = new Promise((resolve) => child.once('exit', resolve));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      child.tail.push(line);
      if (child.tail.length > 400) child.tail.shift();
      if (line.startsWith('{"report"')) child.said.push(JSON.parse(line));
    });
  }
  return child;
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await Promise.race([child.over, pause(10_000)]);
  if (child.exitCode === null) child.kill('SIGKILL');
}

/** The addresses as the city prints them for a person. */
async function doorsOf(city) {
  await until(() => city.tail.some((line) => line.includes('Ctrl-C stops')) || city.exitCode !== null, READY_WITHIN_MS, 'the page of addresses', () => city.tail.join('\n'));
  if (city.exitCode !== null) throw new Error(city.tail.join('\n'));
  return Object.fromEntries(city.tail.flatMap((line) => {
    const found = /^ {2}(API|Street|Stripe stand-in|SMS stand-in) +(http\S+)/.exec(line);
    return found ? [[found[1], found[2]]] : [];
  }));
}

async function until(holds, withinMs, what, why) {
  const deadline = performance.now() + withinMs;
  while (!(await Promise.resolve().then(holds).catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`${what} did not come: ${why()}`);
    await pause(200);
  }
}

function rssMb(pid) {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function print({ wrong, people, ...facts }) {
  console.log(JSON.stringify(facts, null, 2));
  console.log('people:', JSON.stringify(people));
  for (const sentence of wrong) console.log(`WRONG: ${sentence}`);
  console.log(`${wrong.length === 0 ? 'A good day' : 'Not a good day'}: ×${facts.timesReal} real time.`);
}
