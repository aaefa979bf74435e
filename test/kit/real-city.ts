// The real city, as `npm start` brings it up: processes on free ports and a folder of its own. Any of its parts can be
// killed without a word, and only those: they are found among the children of the process that this file started.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/embedded/ports.provider.js';
import { CityDoor } from './city-door.js';

export type CityPart = 'service' | 'fleet' | 'people' | 'database';
const COMMANDS: Readonly<Record<Exclude<CityPart, 'service'>, RegExp>> = {
  fleet: /firmware-sim\/main\.js/,
  people: /people-sim\/main\.js/,
  database: /bin\/postgres -D/,
};
const MAIN = 'dist/src/main.js';
const UP_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

export class RealCity {
  /** What it printed, for when something goes wrong. */
  readonly said: string[] = [];
  private main: ChildProcess | null = null;
  private killed: { part: CityPart; pid: number } | null = null;
  private readonly since = Date.now();

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly mqttPort: number,
    private readonly size: { scooters: number; speed: number },
  ) {}

  static async found(size: { scooters: number; speed: number }): Promise<RealCity> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-kill-'));
    // Its database may belong to another user, who must get through.
    fs.chmodSync(folder, 0o711);
    return new RealCity(folder, await freePort(), await freePort(), size);
  }

  get door(): CityDoor {
    return new CityDoor(`http://127.0.0.1:${String(this.port)}`);
  }

  get stripeUrl(): string { return this.address('Stripe stand-in'); }
  get smsUrl(): string { return this.address('SMS stand-in'); }
  get streetUrl(): string { return this.address('Street'); }

  get databaseUrl(): string {
    const file = (name: string) => fs.readFileSync(path.join(this.databaseRoot, name), 'utf8').trim();
    return `postgres://roue_libre:${file('password')}@127.0.0.1:${file('port')}/postgres`;
  }

  async start({ riders }: { riders: number }): Promise<void> {
    // Whatever the tests themselves were given (a database, a broker) is not this city's.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !['DATABASE_URL', 'MQTT_URL', 'FLEET_MQTT_URL', 'FLEET_POOL'].includes(name)));
    const words = { '--scooters': this.size.scooters, '--riders': riders, '--speed': this.size.speed, '--data': this.folder, '--port': this.port };
    this.main = spawn(process.execPath, ['--enable-source-maps', MAIN, ...Object.entries(words).flatMap(([name, value]) => [name, String(value)])], {
      env: { ...env, MQTT_PORT: String(this.mqttPort), CLOCK_FROM: '2026-11-23T08:00:00.000Z', CLOCK_SINCE: String(this.since) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.main.stdout, this.main.stderr]) stream?.on('data', (text: Buffer) => { this.said.push(text.toString()); });
    const began = this.said.length;
    await eventually(() => this.said.slice(began).join('').includes('The city is up'), () => `the city being up: ${this.said.join('').slice(-2000)}`, UP_WITHIN_MS);
  }

  /** Kill -9 of one part; with the service die its broker and its stand-ins. False when that part does not live just now. */
  kill(part: CityPart): boolean {
    const pid = part === 'service' ? this.main?.pid : this.pidOf(COMMANDS[part]);
    if (pid === undefined) return false;
    this.said.push(`— kill -9 of the ${part}\n`);
    this.killed = { part, pid };
    process.kill(pid, 'SIGKILL');
    return true;
  }

  /** What was killed is there anew, every scooter connected, every part answering. */
  async ready(): Promise<void> {
    const isAnew = ({ part, pid }: { part: CityPart; pid: number }) => part === 'service' || ![undefined, pid].includes(this.pidOf(COMMANDS[part]));
    await eventually(async () => (this.killed === null || isAnew(this.killed)) && (await this.door.get('/health/ready')).status === 200, () => `a city that is ready: ${this.said.join('').slice(-2000)}`, UP_WITHIN_MS);
  }

  /** Ctrl-C. */
  async stop(): Promise<void> {
    const { main } = this;
    this.main = null;
    if (main === null || main.exitCode !== null || main.signalCode !== null) return;
    const gone = new Promise((resolve) => main.once('exit', resolve));
    main.kill('SIGINT');
    await gone;
  }

  /** Also after a failed test nothing stays behind: a killed city's database is ended by a start of its own. */
  async leave(): Promise<void> {
    await this.stop();
    const pid = Number(read(path.join(this.databaseRoot, 'data', 'postmaster.pid')).split('\n')[0]);
    if (pid > 1 && commandOf(pid).includes(this.databaseRoot)) process.kill(pid, 'SIGQUIT');
    await eventually(() => !(pid > 1) || !commandOf(pid).includes(this.databaseRoot), 'the database being gone', 10_000);
    fs.rmSync(this.databaseRoot, { recursive: true, force: true });
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private get databaseRoot(): string {
    const wished = path.join(this.folder, 'postgres');
    return read(`${wished}-is-at`).trim() || wished;
  }

  /** The newest page of addresses counts: after a kill a port may be another one. */
  private address(name: string): string {
    const found = [...this.said.join('').matchAll(new RegExp(`^ +${name} +(http\\S+)`, 'gm'))].at(-1)?.[1];
    if (found === undefined) throw new Error(`the city did not tell the address of its ${name}`);
    return found;
  }

  private pidOf(command: RegExp): number | undefined {
    return childrenOf(this.main?.pid ?? 0).find((pid) => command.test(commandOf(pid)));
  }
}

/** Asks until it is so; a door that does not answer yet is no error. */
export async function eventually(reached: () => Promise<boolean> | boolean, what: string | (() => string), withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      if (await reached()) return;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    if (performance.now() > deadline) throw new Error(`${typeof what === 'string' ? what : what()} was not reached in ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** `fetch` says TypeError when nobody listens or the line breaks. */
export const isAway = (error: unknown): boolean =>
  // Not instanceof: under jest the TypeError of fetch is another world's.
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError' && 'message' in error && /fetch failed|terminated/.test(String(error.message));

function childrenOf(parent: number): number[] {
  if (fs.existsSync('/proc/self/stat')) {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
      .filter((pid) => Number(read(`/proc/${String(pid)}/stat`).split(') ').at(-1)?.split(' ')[1]) === parent);
  }
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number)).filter(([, ppid]) => ppid === parent).map(([pid = 0]) => pid);
}

function commandOf(pid: number): string {
  if (fs.existsSync('/proc/self/cmdline')) return read(`/proc/${String(pid)}/cmdline`).replaceAll('\0', ' ');
  return execFileSync('sh', ['-c', `ps -o command= -p ${String(pid)} || true`], { encoding: 'utf8' });
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
