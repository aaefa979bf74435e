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
  /** How many steps may be under way at once; 1 unless said otherwise. */
  readonly lanes?: number;
  /** Does one piece of work; false when there is none. */
  step(): Promise<boolean>;
}

/** A loop that runs: its lanes that wait, and whether somebody called while none did. */
interface Running extends Loop {
  readonly waiting: Set<() => void>;
  owed: boolean;
}

/** The first lane looks by itself at every tick; the others at every fifth, in case the first is stuck. */
const SPARE_LANE_RESTS = 5;
const RELISTEN_AFTER_MS = 1000;
/** After a failed step the loop rests, so that a lost database does not burn a core. */
const REST_AFTER_ERROR_MS = 500;

@Injectable()
export class LoopService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(LoopService.name);
  private readonly loops: Running[] = [];
  private running: Promise<void>[] = [];
  private ear: pg.Client | null = null;
  private stopped = false;

  constructor(@Inject(CITY_CONFIG) private readonly config: CityConfig) {}

  add(loop: Loop): void {
    this.loops.push({ ...loop, step: () => loop.step(), waiting: new Set(), owed: false });
  }

  onApplicationBootstrap(): void {
    if (this.config.loops === 'by_hand') return;
    this.running = [this.listen(), ...this.loops.flatMap((loop) => this.lanesOf(loop))];
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const { waiting } of this.loops) for (const wake of waiting) wake();
    await this.ear?.end().catch(() => undefined);
    await Promise.all(this.running);
  }

  /** Runs every loop until none has work left. True when any of them did something. */
  async turn(): Promise<boolean> {
    let worked = false;
    for (const loop of this.loops) while (await loop.step()) worked = true;
    return worked;
  }

  private lanesOf(loop: Running): Promise<void>[] {
    const restOf = (lane: number): number => loop.everySeconds * (lane === 0 ? 1 : SPARE_LANE_RESTS);
    return Array.from({ length: loop.lanes ?? 1 }, (_, lane) => this.run(loop, restOf(lane)));
  }

  private async run(loop: Running, restSeconds: number): Promise<void> {
    for (let inARow = 0; !this.isStopped(); ) {
      try {
        inARow = (await loop.step()) ? inARow + 1 : 0;
        // One piece of work is no reason to wake a neighbour, a second one is.
        if (inARow > 1) wakeOne(loop);
        else if (inARow === 0) await this.rest(loop, restSeconds);
      } catch (error) {
        this.log.warn(`${loop.name}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, REST_AFTER_ERROR_MS));
      }
    }
  }

  private rest(loop: Running, restSeconds: number): Promise<void> {
    if (loop.owed || this.isStopped()) {
      loop.owed = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        loop.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, restSeconds * 1000);
      loop.waiting.add(wake);
    });
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
    // Asked to stop while it was still connecting: nobody else would end it.
    if (this.isStopped()) await ear.end();
    for (const channel of new Set(this.loops.flatMap((loop) => loop.wokenBy ?? []))) await ear.query(`listen ${channel}`);
    await broken;
  }

  private wake(channel: string): void {
    for (const loop of this.loops) if (loop.wokenBy === channel) wakeOne(loop);
  }

  private isStopped(): boolean {
    return this.stopped;
  }
}

/** When every lane is at work, whoever is done first looks once more: what was called out is not lost. */
function wakeOne(loop: Running): void {
  const [wake] = loop.waiting;
  if (wake) wake();
  else loop.owed = true;
}
