// Work that nobody asks for by hand: each loop runs its step until there is nothing left, then waits
// for a NOTIFY or for its tick. Tests turn the loops themselves.
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import pg from 'pg';
import { CITY_CONFIG } from './config.provider.js';
import type { CityConfig } from './config.js';

export interface Loop {
  readonly name: string;
  /** Longest real time between two tries. */
  readonly everySeconds: number;
  /** A PostgreSQL channel that wakes it earlier. */
  readonly wokenBy?: 'outbox' | 'commands' | 'payments' | 'tasks' | 'zones';
  /** Does one piece of work; false when there is none. */
  step(): Promise<boolean>;
}

const RELISTEN_AFTER_MS = 1000;
/** After a failed step the loop rests, so that a lost database does not burn a core. */
const REST_AFTER_ERROR_MS = 500;

@Injectable()
export class LoopService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(LoopService.name);
  private readonly loops: Loop[] = [];
  private readonly wakers = new Map<string, () => void>();
  private running: Promise<void>[] = [];
  private ear: pg.Client | null = null;
  private stopped = false;

  constructor(@Inject(CITY_CONFIG) private readonly config: CityConfig) {}

  add(loop: Loop): void {
    this.loops.push(loop);
  }

  onApplicationBootstrap(): void {
    if (this.config.loops === 'by_hand') return;
    this.running = [this.listen(), ...this.loops.map((loop) => this.run(loop))];
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const wake of this.wakers.values()) wake();
    await this.ear?.end().catch(() => undefined);
    await Promise.all(this.running);
  }

  /** Runs every loop until none has work left. True when any of them did something. */
  async turn(): Promise<boolean> {
    let worked = false;
    for (const loop of this.loops) while (await loop.step()) worked = true;
    return worked;
  }

  private async run(loop: Loop): Promise<void> {
    while (!this.isStopped()) {
      // Waiting begins before the step looks, so a wake-up while it works is not lost.
      const waiting = this.waitFor(loop);
      try {
        if (await loop.step()) waiting.cancel();
        else await waiting.over;
      } catch (error) {
        waiting.cancel();
        this.log.warn(`${loop.name}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, REST_AFTER_ERROR_MS));
      }
    }
  }

  private waitFor(loop: Loop): { over: Promise<void>; cancel: () => void } {
    let cancel = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, loop.everySeconds * 1000);
      cancel = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakers.set(loop.name, cancel);
    return { over, cancel };
  }

  /** One connection of its own listens; when it breaks, ticks carry the city until it is back. */
  private async listen(): Promise<void> {
    while (!this.isStopped()) {
      const ear = new pg.Client({ connectionString: this.config.databaseUrl, connectionTimeoutMillis: 2000, keepAlive: true });
      try {
        await this.hear(ear);
      } catch (error) {
        if (!this.isStopped()) this.log.warn(`listening: ${String(error)}`);
      }
      if (!this.isStopped()) await new Promise((resolve) => setTimeout(resolve, RELISTEN_AFTER_MS));
    }
  }

  private async hear(ear: pg.Client): Promise<void> {
    const broken = new Promise<void>((resolve) => {
      ear.on('error', () => { resolve(); });
      ear.on('end', () => { resolve(); });
    });
    ear.on('notification', ({ channel }) => { this.wake(channel); });
    await ear.connect();
    this.ear = ear;
    for (const channel of new Set(this.loops.flatMap((loop) => loop.wokenBy ?? []))) await ear.query(`listen ${channel}`);
    await broken;
  }

  private wake(channel: string): void {
    for (const loop of this.loops) if (loop.wokenBy === channel) this.wakers.get(loop.name)?.();
  }

  private isStopped(): boolean {
    return this.stopped;
  }
}
