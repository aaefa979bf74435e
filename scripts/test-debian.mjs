// `node scripts/test-debian.mjs`: the flows against the real parts as Debian ships them, PostgreSQL with a
// role that owns nothing but its databases, and Mosquitto with the very files of deploy/mosquitto. Both run in
// a temporary folder on free ports, beside whatever runs here already, and are gone afterwards.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT, Trouble, built, makeReady, node, run } from './ready.mjs';

/** The garages of one test file take from one end, its puppets from the other. */
const SCOOTERS = 300;
const STARTS_WITHIN_MS = 20_000;
const SPECS = ['test/flows', 'test/contracts/scooters-apart', 'test/house/migrations'];

await run(async () => {
  const programs = { postgres: debianPostgres(), mosquitto: debianMosquitto() };
  await makeReady();
  const user = unprivileged();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-debian-'));
  own(folder, user);
  const started = [];
  process.on('exit', () => started.forEach((server) => server.kill('SIGKILL')));
  try {
    const database = await startPostgres({ programs, user, folder, started });
    const broker = await startMosquitto({ programs, user, folder, started });
    const words = process.argv.slice(2);
    const jest = ['--enable-source-maps', 'node_modules/jest/bin/jest.js', '-c', 'test/jest.config.mjs',
      // There new units get new passwords, and this Mosquitto reads its list once; put-out has one of its own that reads again.
      ...(words.length === 0 ? ['--testPathIgnorePatterns', 'test/flows/keys', '/node_modules/'] : []), '--forceExit', '--runInBand'];
    return await node([...jest, ...(words.length === 0 ? SPECS : words)], { env: { ...process.env, ...database, ...broker } });
  } finally {
    for (const server of started.toReversed()) await stop(server);
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

// ── what Debian has ──────────────────────────────────────────────────────────────────────────────

function debianPostgres() {
  const home = '/usr/lib/postgresql';
  const versions = fs.existsSync(home) ? fs.readdirSync(home).map(Number).filter((version) => fs.existsSync(`${home}/${version}/bin/initdb`)) : [];
  const newest = Math.max(...versions.filter((version) => version >= 15));
  if (newest === -Infinity) throw new Trouble('PostgreSQL 15 or newer of Debian is not here: apt-get install postgresql.');
  return `${home}/${newest}/bin`;
}

function debianMosquitto() {
  const found = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find((file) => fs.existsSync(file));
  if (found === undefined) throw new Trouble('Mosquitto of Debian is not here: apt-get install mosquitto.');
  return found;
}

/** Neither of them wants to be root; the package of PostgreSQL brings a user. */
function unprivileged() {
  if (process.getuid() !== 0) return {};
  const ask = (what) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

function own(folder, { uid, gid }) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (uid !== undefined) fs.chownSync(folder, uid, gid);
}

function write(file, text, { uid, gid }) {
  fs.writeFileSync(file, text, { mode: 0o600 });
  if (uid !== undefined) fs.chownSync(file, uid, gid);
}

// ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────

async function startPostgres({ programs, user, folder, started }) {
  const [adminPassword, password] = [randomBytes(18).toString('hex'), randomBytes(18).toString('hex')];
  const [data, secret, port] = [path.join(folder, 'postgres'), path.join(folder, 'admin-password'), await freePort()];
  write(secret, adminPassword, user);
  const options = ['-D', data, '-U', 'postgres', '--pwfile', secret, '--auth', 'scram-sha-256', '-E', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'];
  const made = spawnSync(path.join(programs.postgres, 'initdb'), options, { ...user, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Trouble(`initdb: ${made.stderr}`);
  // The data live as long as this run, so nothing has to survive a power cut.
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, fsync: 'off', full_page_writes: 'off', max_connections: 200 };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  start('postgres', { program: path.join(programs.postgres, 'postgres'), words: ['-D', data, ...words], user, folder, started });
  await prepareRole(`postgres://postgres:${adminPassword}@127.0.0.1:${port}/postgres`, password);
  return { DATABASE_URL: `postgres://roue_libre:${password}@127.0.0.1:${port}/postgres` };
}

/** The service never is a superuser; tests also make databases. */
async function prepareRole(url, password) {
  const { default: pg } = await import('pg');
  const client = await until('PostgreSQL answers', async () => {
    const tried = new pg.Client(url);
    await tried.connect();
    return tried;
  });
  await client.query(`create role roue_libre login createdb password '${password}'`);
  const { rows } = await client.query('show server_version');
  await client.end();
  console.log(`PostgreSQL ${rows[0].server_version}, as a role without special rights.`);
}

// ── Mosquitto ────────────────────────────────────────────────────────────────────────────────────

async function startMosquitto({ programs, user, folder, started }) {
  const { passwordFile, SALT_BYTES } = await built('src/identity/mosquitto-passwords.js');
  const salt = () => randomBytes(SALT_BYTES);
  const service = { username: 'service', password: randomBytes(18).toString('hex') };
  const pool = Array.from({ length: SCOOTERS }, () => ({ scooterId: randomUUID(), password: randomBytes(24).toString('base64url') }));
  write(path.join(folder, 'service.passwd'), passwordFile('', [service], salt), user);
  write(path.join(folder, 'scooters.passwd'), passwordFile('', pool.map(({ scooterId, password }) => ({ username: scooterId, password })), salt), user);
  fs.writeFileSync(path.join(folder, 'pool.jsonl'), pool.map((scooter) => `${JSON.stringify(scooter)}\n`).join(''));
  const deploy = path.join(ROOT, 'deploy/mosquitto');
  const places = { CERTIFICATES: path.join(folder, 'certificates'), AUTHORITY: path.join(folder, 'authority') };
  execFileSync('sh', [path.join(deploy, 'make-certificates.sh'), 'server', 'localhost', '127.0.0.1'], { ...user, env: { ...process.env, ...places }, stdio: 'pipe' });
  for (const file of ['acl', 'acl-service']) write(path.join(folder, file), fs.readFileSync(path.join(deploy, file), 'utf8'), user);
  const [scootersPort, servicePort] = [await freePort(), await freePort()];
  const config = fs.readFileSync(path.join(deploy, 'mosquitto.conf'), 'utf8')
    .replaceAll(/\/mosquitto\/(secrets|config)\//g, `${folder}/`)
    .replace(/^listener 8883$/m, `listener ${scootersPort} 127.0.0.1`)
    .replace(/^listener 1884$/m, `listener ${servicePort} 127.0.0.1`);
  write(path.join(folder, 'mosquitto.conf'), config, user);
  start('mosquitto', { program: programs.mosquitto, words: ['-c', path.join(folder, 'mosquitto.conf')], user, folder, started });
  for (const port of [scootersPort, servicePort]) await until('Mosquitto answers', () => touch(port));
  const { stdout } = spawnSync(programs.mosquitto, ['-h'], { encoding: 'utf8' });
  console.log(`${stdout.split('\n')[0]}, with the configuration of deploy/mosquitto and ${SCOOTERS} scooters.`);
  return {
    MQTT_URL: `mqtt://${service.username}:${service.password}@127.0.0.1:${servicePort}`,
    FLEET_MQTT_URL: `mqtts://localhost:${scootersPort}`,
    // Only the process that is started with it believes our own authority.
    NODE_EXTRA_CA_CERTS: path.join(folder, 'certificates/ca.crt'),
    FLEET_POOL: path.join(folder, 'pool.jsonl'),
  };
}

// ── small things ─────────────────────────────────────────────────────────────────────────────────

function start(name, { program, words, user, folder, started }) {
  const log = fs.openSync(path.join(folder, `${name}.log`), 'w');
  // Detached, so that Ctrl-C ends the tests first and their servers after them.
  const server = spawn(program, words, { ...user, cwd: folder, stdio: ['ignore', log, log], detached: true });
  fs.closeSync(log);
  started.push(server);
  server.once('exit', (code, signal) => {
    if (server.isEnding !== true) console.error(`${name} ended (${signal ?? code}):\n${fs.readFileSync(path.join(folder, `${name}.log`), 'utf8').slice(-2000)}`);
  });
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.isEnding = true;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  // Fast for PostgreSQL, ordinary for Mosquitto.
  server.kill('SIGINT');
  await gone;
}

async function until(what, attempt) {
  const deadline = performance.now() + STARTS_WITHIN_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw new Trouble(`${what}: not within ${STARTS_WITHIN_MS / 1000} s (${error.message}).`);
      await pause(50);
    }
  }
}

function touch(port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1' }, () => resolve(socket.destroy()));
    socket.once('error', reject);
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
