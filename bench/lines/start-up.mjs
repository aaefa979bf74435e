// Start-up: from the command to a city with all its scooters, on an empty folder and on its own, beside a
// cold or warm PostgreSQL and the smallest Nest application with TypeORM.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { built } from '../../scripts/ready.mjs';
import { firstAnswer } from '../floors/postgres.mjs';
import { closeAtEnd } from '../kit/closing.mjs';
import { call } from '../kit/http-calls.mjs';
import { freePort, raise } from '../kit/launched-city.mjs';
import { figure, spread } from '../kit/results.mjs';
import { byTurns } from '../kit/rounds.mjs';
import { scratchFolder } from '../kit/scratch.mjs';

const LOOK_EVERY_MS = 5;

export async function* measure({ options, say }) {
  const scooters = options.scooters ?? 1000;
  const { findHome } = await built('src/embedded/postgres-home.provider.js');
  // Found before the clock runs: as root the first time may copy the programs to where another user can run them.
  const home = findHome(scratchFolder());
  const { values, foreign } = await byTurns(
    { floor: () => floorTwice(home), ours: () => cityTwice(scooters) },
    options.rounds ?? 3,
    say,
  );
  const of = (name, temperature) => values[name].map((pair) => pair[temperature]);
  const common = { unit: 'ms', better: 'lower', foreign };
  const city = `${scooters.toLocaleString('en')} scooters connected`;
  yield {
    ...common,
    what: `cold: empty folder → ready, ${city}; floor: initdb, PostgreSQL, Nest with TypeORM`,
    floor: of('floor', 'cold').map(({ all }) => all),
    ours: of('ours', 'cold').map(({ readyMs }) => readyMs),
    goal: { number: 18, ambitious: 2, nearlyImpossible: 1.2 },
    notes: [parts(of('floor', 'cold'), of('ours', 'cold'))],
  };
  yield {
    ...common,
    what: `warm: the same folder again → ready, ${city}; floor: PostgreSQL, Nest with TypeORM`,
    floor: of('floor', 'warm').map(({ all }) => all),
    ours: of('ours', 'warm').map(({ readyMs }) => readyMs),
    goal: { number: 18, ambitious: 1.5, nearlyImpossible: 1.2 },
    notes: [parts(of('floor', 'warm'), of('ours', 'warm'))],
  };
}

function parts(floor, ours) {
  const median = (rows, name) => figure(spread(rows.map((row) => row[name])).median);
  const floors = `floor: PostgreSQL ${median(floor, 'postgres')} ms, Nest ${median(floor, 'nest')} ms`;
  return `${floors}; ours: first answer after ${median(ours, 'firstAnswerMs')} ms`;
}

async function cityTwice(scooters) {
  const dataDir = path.join(scratchFolder(), 'data');
  fs.mkdirSync(dataDir, { mode: 0o711 });
  const start = async () => {
    const { readyMs, firstAnswerMs, stop } = await raise({ dataDir, scooters });
    await stop();
    return { readyMs, firstAnswerMs };
  };
  return { cold: await start(), warm: await start() };
}

async function floorTwice(home) {
  const folder = scratchFolder();
  const start = async () => {
    const { milliseconds: postgres, url, stop } = await firstAnswer(home, folder);
    const nest = await bootNest(url);
    await stop();
    return { postgres, nest, all: postgres + nest };
  };
  return { cold: await start(), warm: await start() };
}

/** @returns milliseconds from starting the program to its first answer from the database. */
async function bootNest(url) {
  const port = await freePort();
  const began = performance.now();
  const program = fileURLToPath(new URL('../floors/nest-boot.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, url, String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const stop = closeAtEnd(
    async () => {
      child.kill('SIGKILL');
      await gone;
    },
    () => child.kill('SIGKILL'),
  );
  for (;;) {
    const { status } = await call('GET', `http://127.0.0.1:${port}/`).catch(() => ({ status: 0 }));
    if (status === 200) break;
    if (child.exitCode !== null) throw new Error(`the floor's Nest ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const milliseconds = performance.now() - began;
  await stop();
  return milliseconds;
}
