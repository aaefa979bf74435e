// The city as `npm start` raises it, from the outside: a process, what it prints, and its doors.
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../scripts/ready.mjs';
import { closeAtEnd } from './closing.mjs';
import { call } from './http-calls.mjs';

const READY_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 20;
const ENDS_WITHIN_MS = 30_000;
const PRINTED_WITHIN_LOOKS = 1000;

/** Inherited settings would change what is measured; what the system itself needs stays. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot'];

/** @returns once every scooter is there: where it is, and when it first answered and was ready, in milliseconds. */
export async function raise({ dataDir, scooters, speed, env = {} }) {
  const port = await freePort();
  const args = [
    '--scooters',
    scooters,
    '--riders',
    0,
    '--data',
    dataDir,
    '--port',
    port,
    ...(speed === undefined ? [] : ['--speed', speed]),
  ];
  const began = performance.now();
  const child = spawn(process.execPath, [path.join(ROOT, 'scripts/start.mjs'), ...args.map(String)], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: {
      ...Object.fromEntries(KEPT.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined)),
      MQTT_PORT: '0',
      ...env,
    },
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => said.push(line));
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const stop = closeAtEnd(
    () => end(child, gone),
    () => child.kill('SIGKILL'),
  );
  const url = `http://127.0.0.1:${port}`;
  const first = await answers(`${url}/health/live`, { began, child, said });
  const ready = await answers(`${url}/health/ready`, { began, child, said });
  return {
    url,
    pid: child.pid,
    stop,
    firstAnswerMs: first,
    readyMs: ready,
    addressOf: (name) => addressOf(name, said),
    alive: () => child.exitCode === null && child.signalCode === null,
  };
}

/** @returns milliseconds until it answered 200. */
async function answers(url, { began, child, said }) {
  while (performance.now() - began < READY_WITHIN_MS) {
    const { status } = await call('GET', url).catch(() => ({ status: 0 }));
    if (status === 200) return performance.now() - began;
    if (child.exitCode !== null) throw new Error(`the city did not start:\n${said.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`the city was not ready after ${READY_WITHIN_MS / 1000} s:\n${said.join('\n')}`);
}

async function end(child, gone) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  await gone;
  clearTimeout(late);
}

/** The address after this name on the page a person reads, which is printed a moment after the city is ready. */
async function addressOf(name, said) {
  const begins = `  ${name.padEnd(16)} `;
  for (let look = 0; look < PRINTED_WITHIN_LOOKS; look++) {
    const line = said.find((text) => text.startsWith(begins));
    if (line !== undefined) return line.slice(begins.length).trim().split(' ')[0];
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`the city printed no address of the ${name}:\n${said.join('\n')}`);
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
