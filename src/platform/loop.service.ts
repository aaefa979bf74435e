// Work that nobody asks for by hand: each loop runs its step until there is nothing left, then waits until
// somebody of this process has committed work for it, for a NOTIFY of another one, or for its tick. Tests turn
// the loops themselves.
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager, type EntitySubscriberInterface } from 'typeorm';
import { CITY_CONFIG } from './config.provider.js';
import type { Statement, SwiftClient } from './swift-client.provider.js';
import type { CityConfig } from './config.js';

export interface Loop {
  readonly name: string;
  /** Longest real time between two tries. */
  readonly everySeconds: number;
  /** A PostgreSQL channel that wakes it earlier. */
  readonly wokenBy?: 'tasks' | 'zones' | 'credentials';
  /** How many steps may be under way at once; 1 unless said otherwise. */
  readonly lanes?: number;
  /** Does one piece of work; false when there is none. */
  step(): Promise<boolean>;
}

interface Hearer { readonly heard: (payload: string) => void; readonly again: () => void }

/** What somebody ordered: the statement that makes it ours, and what is then done with each row of its answer. */
export interface Piece<T> { readonly claim: Statement; readonly work: (row: T) => Promise<unknown> }

/** A loop that runs: its lanes that wait, and whether somebody called while none did. */
interface Running extends Loop {
  readonly waiting: Set<() => void>;
  owed: boolean;
}

/** The first lane looks by itself at every tick; the others at every fifth, in case the first is stuck. */
const SPARE_LANE_RESTS = 5;
const RELISTEN_AFTER_MS = 1000;
/** Pieces of work handed over and under way; what is more waits for the loop, which takes one at a time. */
const MOST_HANDED_OVER = 32;
/** After a failed step the loop rests, so that a lost database does not burn a core. */
const REST_AFTER_ERROR_MS = 500;

@Injectable()
export class LoopService implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(LoopService.name);
  private readonly loops: Running[] = [];
  private readonly afterCommit = new WeakMap<object, (() => void)[]>();
  private readonly handedOver = new Set<Promise<void>>();
  private readonly hearers = new Map<string, Hearer>();
  private running: Promise<void>[] = [];
  private ear: pg.Client | null = null;
  private stopped = false;

  constructor(
    @Inject(CITY_CONFIG) private readonly config: CityConfig,
    private readonly db: DataSource,
  ) {}

  onModuleInit(): void {
    const committed: EntitySubscriberInterface = {
      afterTransactionCommit: ({ queryRunner }) => {
        for (const act of this.afterCommit.get(queryRunner) ?? []) act();
        this.afterCommit.delete(queryRunner);
      },
    };
    this.db.subscribers.push(committed);
  }

  /** Once `tx` is committed, that loop looks at once. Loops of other processes look at their next tick. */
  wakeAfter(tx: EntityManager, name: string): void {
    this.after(tx, () => { this.wakeLoop(name); });
  }

  /**
   * This very piece of work is claimed with the commit of `tx` and begun after it, without the loop of that name having
   * to find it. When too much is under way already, or the claim fails, that loop finds it.
   */
  handOverAfter<T>(tx: EntityManager, name: string, { claim, work }: Piece<T>): void {
    const { queryRunner } = tx;
    if (this.config.loops === 'by_hand' || this.isStopped() || this.handedOver.size >= MOST_HANDED_OVER || !queryRunner?.isTransactionActive) {
      this.wakeAfter(tx, name);
      return;
    }
    // A runner in a transaction has its connection; asking for it by the front door would mean waiting.
    const { databaseConnection } = queryRunner as unknown as { readonly databaseConnection: SwiftClient };
    const claimed = databaseConnection.behindCommit<T>(claim);
    this.after(tx, () => {
      const done = this.carryOut(name, async () => { await Promise.all(((await claimed) ?? []).map(work)); })
        .finally(() => this.handedOver.delete(done));
      this.handedOver.add(done);
    });
  }

  private async carryOut(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.log.warn(`${name}: ${String(error)}`);
      this.wakeLoop(name);
    }
  }

  /** For who needs the words of a NOTIFY and not only the call. `again`: we listen (again), and what was said before is missed. */
  hearOf(channel: string, hearer: Hearer): void {
    this.hearers.set(channel, hearer);
  }

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
    await Promise.all([...this.running, ...this.handedOver]);
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
    ear.on('notification', ({ channel, payload }) => {
      this.wake(channel);
      this.hearers.get(channel)?.heard(payload ?? '');
    });
    await ear.connect();
    this.ear = ear;
    // Asked to stop while it was still connecting: nobody else would end it.
    if (this.isStopped()) await ear.end();
    for (const channel of new Set(this.loops.flatMap((loop) => loop.wokenBy ?? []))) await ear.query(`listen ${channel}`);
    for (const [channel, { again }] of this.hearers) {
      await ear.query(`listen ${channel}`);
      again();
    }
    await broken;
  }

  private wake(channel: string): void {
    for (const loop of this.loops) if (loop.wokenBy === channel) wakeOne(loop);
  }

  private wakeLoop(name: string): void {
    for (const loop of this.loops) if (loop.name === name) wakeOne(loop);
  }

  /** Outside of a transaction every statement is committed by itself, so the moment is now. */
  private after({ queryRunner }: EntityManager, act: () => void): void {
    if (queryRunner?.isTransactionActive) this.afterCommit.set(queryRunner, [...(this.afterCommit.get(queryRunner) ?? []), act]);
    else act();
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
