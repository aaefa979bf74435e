// One PostgreSQL server process: makes its data the first time, starts it, knows when it is ready, and
// ends one that an earlier, killed city left behind.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart, sentenceForPostgres } from './cannot-start.js';
import { commandLineOf, isAlive } from './processes.provider.js';
import type { PostgresHome } from './postgres-home.provider.js';

export const DATABASE_USER = 'roue_libre';
/** initdb and the first write-ahead log take about 60 MB; less than this is not worth beginning. */
const LEAST_FREE_BYTES = 150 * 1024 * 1024;
const LARGEST_LOG_BYTES = 10 * 1024 * 1024;
const LOOK_EVERY_MS = 10;

/** Acknowledged money survives a crash only with these (PostgreSQL 18, 29.1 Reliability): not left to a file. */
const DURABLE = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'];
const SETTINGS = [
  ...DURABLE,
  'unix_socket_directories=',
  'max_connections=120',
  'shared_buffers=128MB',
  'max_wal_size=1GB',
  'jit=off',
];

export interface Files {
  readonly data: string;
  readonly password: string;
  readonly port: string;
  readonly log: string;
  readonly pid: string;
}

export function filesOf({ root }: PostgresHome): Files {
  const data = path.join(root, 'data');
  const [password, port, log, pid] = ['password', 'port', 'log']
    .map((name) => path.join(root, name))
    .concat(path.join(data, 'postmaster.pid'));
  return { data, password: password ?? '', port: port ?? '', log: log ?? '', pid: pid ?? '' };
}

/** Makes an empty database the first time. A half-made one is never taken for a whole one: the rename comes last. */
export function prepareData(home: PostgresHome): void {
  const { data, password } = filesOf(home);
  if (fs.existsSync(path.join(data, 'PG_VERSION'))) {
    mustFit(home, data);
    return;
  }
  mustHaveRoom(home.root);
  const half = `${data}.new`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.writeFileSync(password, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  if (home.user.uid !== undefined) fs.chownSync(password, home.user.uid, home.user.gid ?? home.user.uid);
  const how = [
    '-U',
    DATABASE_USER,
    '-A',
    'scram-sha-256',
    '--pwfile',
    password,
    '-E',
    'UTF8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
  ];
  const made = spawnSync(path.join(home.native, 'bin', 'initdb'), ['-D', half, ...how], {
    ...home.user,
    cwd: home.root,
    encoding: 'utf8',
  });
  if (made.error !== undefined) throw made.error;
  if (made.status !== 0) throw new CannotStart(sentenceForPostgres(made.stderr + made.stdout, 0));
  fs.renameSync(half, data);
}

function mustFit(home: PostgresHome, data: string): void {
  const version = fs.readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  if (version !== home.majorVersion) {
    throw new CannotStart(
      `The data in ${home.root} were written by PostgreSQL ${version} and this is ${home.majorVersion}: choose another folder with --data.`,
    );
  }
  const me = home.user.uid ?? process.getuid?.();
  if (me !== undefined && fs.statSync(data).uid !== me) {
    throw new CannotStart(
      `The data in ${home.root} belong to another user: start as that user, or choose another folder with --data.`,
    );
  }
}

function mustHaveRoom(folder: string): void {
  const { bavail, bsize } = fs.statfsSync(folder);
  if (bavail * bsize < LEAST_FREE_BYTES) {
    throw new CannotStart(`There is too little space left on the disk for a database in ${folder}: it needs 150 MB.`);
  }
}

/** @throws CannotStart when the server gives up before it is ready. */
export async function launch(home: PostgresHome, port: number): Promise<ChildProcess> {
  const files = filesOf(home);
  const log = openLog(files.log);
  const options = [
    '-D',
    files.data,
    '-p',
    String(port),
    '-h',
    '127.0.0.1',
    ...SETTINGS.flatMap((setting) => ['-c', setting]),
  ];
  // Detached, or the terminal would send Ctrl-C to the database before the service has finished with it.
  const server = spawn(path.join(home.native, 'bin', 'postgres'), options, {
    ...home.user,
    cwd: home.root,
    stdio: ['ignore', 'ignore', log.descriptor],
    detached: true,
  });
  fs.closeSync(log.descriptor);
  const gone = new Promise<'gone'>((resolve) => {
    server.once('exit', () => {
      resolve('gone');
    });
    server.once('error', () => {
      resolve('gone');
    });
  });
  while (!saysReady(files.pid, server.pid)) {
    if ((await Promise.race([gone, pause(LOOK_EVERY_MS)])) === 'gone') {
      throw new CannotStart(sentenceForPostgres(fs.readFileSync(files.log, 'utf8').slice(log.length), port));
    }
  }
  return server;
}

/** The log goes to a file and not to a pipe: a server that outlives us must not stumble over it. */
function openLog(file: string): { descriptor: number; length: number } {
  const long = fs.existsSync(file) && fs.statSync(file).size > LARGEST_LOG_BYTES;
  const descriptor = fs.openSync(file, long ? 'w' : 'a', 0o600);
  return { descriptor, length: fs.readFileSync(file, 'utf8').length };
}

/** The eighth line of postmaster.pid is the server's own word; pg_ctl waits for the same. */
function saysReady(pidFile: string, pid: number | undefined): boolean {
  const lines = read(pidFile).split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** Ends the server that a killed city left running on this data. */
export async function endStaleServer(home: PostgresHome): Promise<boolean> {
  const { data, pid: pidFile } = filesOf(home);
  const pid = Number(read(pidFile).split('\n')[0]);
  if (!Number.isInteger(pid) || pid < 2) return false;
  if (!commandLineOf(pid).includes(data)) {
    // The number has gone to another program since; PostgreSQL itself would wait for that one for ever.
    fs.rmSync(pidFile, { force: true });
    return false;
  }
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    process.kill(pid, signal);
    for (let look = 0; look < 500 && isAlive(pid); look++) await pause(LOOK_EVERY_MS);
    if (!isAlive(pid)) return true;
  }
  throw new CannotStart(`An earlier database (process ${pid}) does not end: end it by hand and start again.`);
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
