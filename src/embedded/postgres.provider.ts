// Real PostgreSQL from npm binaries, for a city without a DATABASE_URL: kept on one port, started again
// when it dies, ended with us.
import { type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart } from './cannot-start.js';
import { freePort } from './ports.provider.js';
import { findHome, type PostgresHome } from './postgres-home.provider.js';
import { DATABASE_USER, endStaleServer, filesOf, launch, prepareData } from './postgres-server.provider.js';

const LONGEST_REST_MS = 5000;
const FIRST_REST_MS = 100;

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  /** Where its data are, which is not under the data folder when root's checkout is closed to others. */
  readonly root: string;
  pid(): number | null;
  stop(): Promise<void>;
  /** Tells it to end without waiting, for the moment this process exits. */
  abandon(): void;
}

/** @throws CannotStart with one sentence. */
export async function startPostgres(options: {
  dataDir: string;
  say?: (sentence: string) => void;
}): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => undefined);
  const home = findHome(options.dataDir);
  prepareData(home);
  if (await endStaleServer(home)) say('A database left by an earlier run was ended; its data are whole.');
  const { port, server } = await launchSomewhere(home);
  const keeper = new Keeper(home, { port, server, say });
  const password = fs.readFileSync(filesOf(home).password, 'utf8').trim();
  return {
    url: `postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/postgres`,
    port,
    root: home.root,
    pid: () => keeper.server?.pid ?? null,
    stop: () => keeper.stop(),
    abandon: () => {
      keeper.abandon();
    },
  };
}

/** On the port it had the last time; on another when that has been taken meanwhile. */
async function launchSomewhere(home: PostgresHome): Promise<{ port: number; server: ChildProcess }> {
  const file = filesOf(home).port;
  const earlier = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
  for (const port of [earlier, await freePort(), await freePort()]) {
    if (port === 0) continue;
    try {
      const server = await launch(home, port);
      fs.writeFileSync(file, `${port}\n`);
      return { port, server };
    } catch (error) {
      if (!(error instanceof CannotStart) || !error.message.includes('is taken')) throw error;
    }
  }
  throw new CannotStart('No free port was found for the database.');
}

class Keeper {
  server: ChildProcess | null;
  private ending = false;
  private readonly port: number;
  private readonly say: (sentence: string) => void;

  constructor(
    private readonly home: PostgresHome,
    started: { port: number; server: ChildProcess; say: (sentence: string) => void },
  ) {
    this.server = started.server;
    this.port = started.port;
    this.say = started.say;
    this.watch(started.server);
  }

  private watch(server: ChildProcess): void {
    const onEnd = (): void => {
      this.server = null;
      if (this.ending) return;
      this.say(
        `The database ended unexpectedly (${server.signalCode ?? `code ${server.exitCode}`}); it is being started again.`,
      );
      // Errors inside are said and tried again, so this promise never rejects.
      this.revive().catch(() => undefined);
    };
    if (server.exitCode === null && server.signalCode === null) server.once('exit', onEnd);
    else onEnd();
  }

  private async revive(): Promise<void> {
    let said = '';
    for (let rest = FIRST_REST_MS; !this.ending; rest = Math.min(rest * 2, LONGEST_REST_MS)) {
      await pause(rest);
      if (this.isEnding()) return;
      try {
        await endStaleServer(this.home);
        this.server = await launch(this.home, this.port);
        this.watch(this.server);
        this.say('The database is back.');
        if (this.isEnding()) this.server.kill('SIGINT');
        return;
      } catch (error) {
        const sentence = error instanceof Error ? error.message : String(error);
        if (sentence !== said) this.say(sentence);
        said = sentence;
      }
    }
  }

  /** Fast shutdown: open transactions are rolled back, the log is written, nothing waits for clients. */
  async stop(): Promise<void> {
    this.ending = true;
    const server = this.server;
    if (server === null) return;
    const gone = new Promise<void>((resolve) => {
      server.once('exit', () => {
        resolve();
      });
    });
    server.kill('SIGINT');
    await gone;
  }

  abandon(): void {
    this.ending = true;
    this.server?.kill('SIGINT');
  }

  private isEnding(): boolean {
    return this.ending;
  }
}
