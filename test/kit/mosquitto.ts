// Mosquitto as Debian ships it, with the very files of deploy/mosquitto, started by the very script that keeps it up
// to date. Certificates come from the script beside them.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { passwordFile, SALT_BYTES } from '../../src/identity/mosquitto-passwords.js';
import { newId } from '../../src/platform/ids.js';
import { ROOT } from './source.js';

const DEPLOY = path.join(ROOT, 'deploy/mosquitto');
const STARTS_WITHIN_MS = 10_000;

export interface MosquittoAccount {
  readonly scooterId: string;
  readonly password: string;
  /** Only where certificates are asked for. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Not everybody who runs the tests has one; CI has. */
export const hasMosquitto = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].some((file) => fs.existsSync(file));

export class Mosquitto {
  readonly scootersUrl: string;

  private constructor(
    readonly folder: string,
    readonly serviceUrl: string,
    readonly scooters: readonly [MosquittoAccount, MosquittoAccount],
    private readonly process: { readonly running: ChildProcess; readonly scootersPort: number },
  ) {
    this.scootersUrl = `mqtts://localhost:${String(process.scootersPort)}`;
  }

  /** `conf` is a file of deploy/mosquitto. */
  static async start(conf: 'mosquitto.conf' | 'mutual-tls.conf'): Promise<Mosquitto> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-mosquitto-'));
    certify(folder, 'server', 'localhost', '127.0.0.1');
    const account = (): MosquittoAccount => {
      const scooterId = newId();
      if (conf === 'mosquitto.conf') return { scooterId, password: randomBytes(24).toString('base64url') };
      certify(folder, 'scooter', scooterId);
      return { scooterId, password: '', tls: { cert: read(folder, `scooter-${scooterId}.crt`), key: read(folder, `scooter-${scooterId}.key`) } };
    };
    const scooters = [account(), account()] as const;
    const service = { username: 'service', password: randomBytes(18).toString('hex') };
    const [scootersPort, servicePort] = [await freePort(), await freePort()];
    writeAccounts(path.join(folder, 'service.passwd'), [service]);
    writeAccounts(path.join(folder, 'scooters.passwd'), scooters.map(({ scooterId: username, password }) => ({ username, password })));
    for (const file of ['acl', 'acl-service']) fs.copyFileSync(path.join(DEPLOY, file), path.join(folder, file));
    fs.writeFileSync(path.join(folder, conf), configuration(conf, { folder, scootersPort, servicePort }));
    const running = spawn('sh', [path.join(DEPLOY, 'run.sh'), path.join(folder, conf), '1'], {
      stdio: 'ignore', env: { ...process.env, PATH: `/usr/sbin:${process.env['PATH'] ?? ''}` },
    });
    for (const port of [scootersPort, servicePort]) await untilOpen(port);
    const serviceUrl = `mqtt://${service.username}:${service.password}@127.0.0.1:${String(servicePort)}`;
    return new Mosquitto(folder, serviceUrl, scooters, { running, scootersPort });
  }

  get ca(): string {
    return read(this.folder, 'ca.crt');
  }

  revokeCertificate(scooterId: string): void {
    certify(this.folder, 'revoke', scooterId);
  }

  async stop(): Promise<void> {
    const { running } = this.process;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await gone;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

const read = (folder: string, file: string): string => fs.readFileSync(path.join(folder, 'certificates', file), 'utf8');

function certify(folder: string, ...words: string[]): void {
  execFileSync('sh', [path.join(DEPLOY, 'make-certificates.sh'), ...words], { env: { ...process.env, CERTIFICATES: path.join(folder, 'certificates'), AUTHORITY: path.join(folder, 'authority') }, stdio: 'pipe' });
}

function writeAccounts(file: string, accounts: readonly { username: string; password: string }[]): void {
  fs.writeFileSync(file, passwordFile('', accounts, () => randomBytes(SALT_BYTES)), { mode: 0o600 });
}

function configuration(conf: string, at: { folder: string; scootersPort: number; servicePort: number }): string {
  const text = fs.readFileSync(path.join(DEPLOY, conf), 'utf8')
    .replaceAll(/\/mosquitto\/(?:secrets|config)\//g, `${at.folder}/`)
    .replace(/^listener 8883$/m, `listener ${String(at.scootersPort)} 127.0.0.1`)
    .replace(/^listener 1884$/m, `listener ${String(at.servicePort)} 127.0.0.1`);
  // As root it would become somebody who may not read these files.
  return process.getuid?.() === 0 ? `user root\n${text}` : text;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => { resolve(port); });
    });
  });
}

async function untilOpen(port: number): Promise<void> {
  const deadline = performance.now() + STARTS_WITHIN_MS;
  const isOpen = (): Promise<boolean> => new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' }, () => { socket.destroy(); resolve(true); });
    socket.once('error', () => { resolve(false); });
  });
  while (!(await isOpen())) {
    if (performance.now() > deadline) throw new Error('Mosquitto does not answer');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
