// Takes the picture of the README: asks a running city over its public API, lays the answers into city.html, and
// lets a headless Chromium photograph the page.
//
//   node docs/picture/take.mjs [--city http://127.0.0.1:3000] [--to docs/picture/city.png] [--chromium chromium]
//
// OPERATOR_EMAIL and OPERATOR_PASSWORD, when they are not those `npm start` prints.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { smallPng } from './small-png.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    city: { type: 'string', default: 'http://127.0.0.1:3000' },
    to: { type: 'string', default: path.join(HERE, 'city.png') },
    chromium: { type: 'string', default: 'chromium' },
  },
});

let token = '';
async function ask(door, body) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(new URL(door, options.city), request);
  if (!answer.ok) throw new Error(`${door} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** All pages of a list. */
async function all(door) {
  const items = [];
  for (let cursor = ''; cursor !== null; ) {
    const page = await ask(`${door}${door.includes('?') ? '&' : '?'}limit=100${cursor && `&cursor=${cursor}`}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

async function lookAtTheCity() {
  const { OPERATOR_EMAIL: email = 'operator@roue-libre.example', OPERATOR_PASSWORD: password = 'roue-libre-demo' } = process.env;
  ({ token } = await ask('/operator/sign-in', { email, password }));
  const [zones, scooters, everyTask, crews, rides, ledger] = await Promise.all([
    ask('/rider/zones'),
    all('/operator/scooters'),
    all('/operator/tasks'),
    all('/operator/crews'),
    all('/operator/rides'),
    ask('/operator/ledger'),
  ]);
  const tasks = everyTask.filter(({ state }) => state !== 'verified' && state !== 'cancelled');
  return {
    zones,
    scooters,
    tasks,
    crews,
    rides,
    ledger,
    openTasks: tasks.length,
    verifiedTasks: everyTask.filter(({ state, kind }) => state === 'verified' && kind === 'swap').length,
    // The city's clock may run fast; the youngest word of a scooter tells it.
    at: scooters.map(({ lastSeenAt }) => lastSeenAt ?? '').reduce((a, b) => (a > b ? a : b)),
  };
}

/** In JSON a `<` may be written as an escape, and then no answer can end the script it stands in. */
const asScript = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');

const city = await lookAtTheCity();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-picture-'));
try {
  const page = path.join(folder, 'city.html');
  const blank = fs.readFileSync(path.join(HERE, 'city.html'), 'utf8');
  fs.writeFileSync(page, blank.replace('globalThis.CITY = null;', () => `globalThis.CITY = ${asScript(city)};`));
  // No sandbox: the page is our own and loads nothing, and Chromium has none to offer to root.
  const flags = ['--headless', '--no-sandbox', '--hide-scrollbars', '--window-size=1600,1060', `--user-data-dir=${folder}`];
  const shot = path.join(folder, 'city.png');
  const taken = spawnSync(options.chromium, [...flags, `--screenshot=${shot}`, `file://${page}`], { encoding: 'utf8' });
  if (taken.status !== 0) throw new Error(`${options.chromium} took no picture: ${taken.error?.message ?? taken.stderr}`);
  fs.writeFileSync(options.to, smallPng(fs.readFileSync(shot)));
  console.log(`${options.to}: ${city.scooters.length} scooters, ${city.rides.length} rides, ${Math.round(fs.statSync(options.to).size / 1024)} kB`);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
