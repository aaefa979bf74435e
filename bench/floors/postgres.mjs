// Floor of start-up, its database half: initdb, the server, one connection, one answer. Nothing is looked
// up, checked or written down around it.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { closeAtEnd } from '../kit/closing.mjs';
import { freePort } from '../kit/launched-city.mjs';

const LOOK_EVERY_MS = 5;

/** `home`: where the programs are and as whom they may run. @returns milliseconds, the address, and how to stop it. */
export async function firstAnswer(home, folder) {
  const data = path.join(folder, 'data');
  const port = await freePort();
  const began = performance.now();
  if (!fs.existsSync(data)) create(home, folder, data);
  const settings = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-c', 'unix_socket_directories='];
  const server = spawn(path.join(home.native, 'bin', 'postgres'), settings, {
    ...home.user,
    cwd: folder,
    stdio: 'ignore',
    detached: true,
  });
  const gone = new Promise((resolve) => {
    server.once('exit', resolve);
  });
  const stop = closeAtEnd(
    async () => {
      server.kill('SIGINT');
      await gone;
    },
    () => server.kill('SIGINT'),
  );
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  while (!(await answers(url))) {
    if (server.exitCode !== null) throw new Error(`the floor's PostgreSQL ended with ${server.exitCode}`);
    await pause(LOOK_EVERY_MS);
  }
  return { milliseconds: performance.now() - began, url, stop };
}

function create(home, folder, data) {
  if (home.user.uid !== undefined) fs.chownSync(folder, home.user.uid, home.user.gid);
  const how = ['-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
  const made = spawnSync(path.join(home.native, 'bin', 'initdb'), ['-D', data, ...how], {
    ...home.user,
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
}

async function answers(connectionString) {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
