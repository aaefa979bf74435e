// Between the socket and the database: takes messages as they come, works on a few events at a time and on a
// thousand scooters' telemetry at once, and when too many wait, lets the broker wait. One bad message, or a database
// that is away, never stops it.
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import type { ScooterId } from '../platform/ids.js';
import { LinkService } from '../telematics/link.service.js';
import type { UplinkKind } from '../telematics/sequence.js';
import { MAX_MESSAGE_BYTES } from '../telematics/wire.js';
import { FloodGate } from './flood.js';
import { Inbox, type Waiting } from './inbox.js';
import { OutcomeService } from './outcome.service.js';
import { TelemetryBatchService } from './telemetry-batch.service.js';
import { UplinkService } from './uplink.service.js';

const TOPIC = /^v1\/up\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/(telemetry|events|presence)$/;
const MOST_WAITING = 20_000;
/** After a failure its worker rests, so that a lost database does not burn a core. */
const REST_MS = 500;
/** A third of the connections: the city must be able to answer people while scooters talk. */
const SHARE_OF_POOL = 3;
/** Telemetry written in one statement. */
const BATCH = 1000;
/** While the database writes one batch, the next is read and judged; but only when enough wait to be worth a transaction. */
const MOST_BATCHES = 2;
const BUSY_FROM = 250;
/** Between the beginnings of two batches, so that a trickle is not one transaction a message. */
const BATCH_EVERY_MS = 2;

@Injectable()
export class IntakeService implements OnModuleDestroy {
  private readonly inbox = new Inbox();
  private readonly flood = new FloodGate();
  private readonly workers = new Set<Promise<void>>();
  /** Telemetry that is to be taken one by one; its scooter is kept for it. */
  private readonly special: Waiting[] = [];
  private readonly batches = new Set<Promise<void>>();
  private readonly mostWorkers: number;
  private room: { readonly opens: Promise<void>; readonly open: () => void } | null = null;
  private isBatchDue = false;
  private isSpecialsTurn = false;
  private batchBegan = 0;
  private stopped = false;

  constructor(
    private readonly uplink: UplinkService,
    private readonly batch: TelemetryBatchService,
    private readonly outcome: OutcomeService,
    @Inject(CITY_CONFIG) config: CityConfig,
    broker: LinkService,
  ) {
    this.mostWorkers = Math.max(2, Math.floor(config.databasePool / SHARE_OF_POOL));
    broker.hear((topic, payload, receivedAt) => this.take(topic, payload, receivedAt), () => this.outcome.weAreBack());
  }

  /** Whether everything that came in has been dealt with. */
  get isIdle(): boolean {
    return this.inbox.isIdle;
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.room?.open();
    await Promise.all([...this.workers, ...this.batches]);
  }

  private take(topic: string, payload: Buffer, receivedAt: Date): Promise<void> | null {
    const [, scooterId, kind] = TOPIC.exec(topic) ?? [];
    if (scooterId === undefined || kind === undefined || payload.length > MAX_MESSAGE_BYTES) {
      this.outcome.nonsense();
      return null;
    }
    // The pattern above has only these kinds, and a UUID where the scooter's id stands.
    const message: Waiting = { scooterId: scooterId as ScooterId, kind: kind as UplinkKind, payload, receivedAt };
    if (!this.flood.admits(scooterId, performance.now())) {
      this.outcome.floods(message.scooterId);
      return null;
    }
    const shed = this.inbox.put(message);
    if (shed) this.outcome.shed(shed);
    if (kind === 'telemetry') this.planBatch();
    else this.hire();
    return this.inbox.size >= MOST_WAITING ? this.waitForRoom() : null;
  }

  private hire(): void {
    while (!this.stopped && this.workers.size < this.mostWorkers) {
      const message = this.next();
      if (!message) return;
      const work = this.work(message).finally(() => {
        this.workers.delete(work);
        this.done(message);
        this.hire();
        this.planBatch();
      });
      this.workers.add(work);
    }
  }

  /** In turns: an event of a scooter whose telemetry waits here cannot go before it, so neither may starve the other. */
  private next(): Waiting | null {
    this.isSpecialsTurn = !this.isSpecialsTurn;
    if (this.isSpecialsTurn) return this.special.shift() ?? this.inbox.take();
    return this.inbox.take() ?? this.special.shift() ?? null;
  }

  private async work(message: Waiting): Promise<void> {
    try {
      this.outcome.is(message, await this.uplink.receive(message));
    } catch (error) {
      if (await this.outcome.isFailure(message, error)) await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }

  /** After what is being read from the socket now, so that what comes together is written together. */
  private planBatch(): void {
    if (this.isBatchDue || this.stopped || this.inbox.telemetrySize === 0 || this.batches.size >= MOST_BATCHES) return;
    if (this.batches.size > 0 && this.inbox.telemetrySize < BUSY_FROM) return;
    this.isBatchDue = true;
    const begin = (): void => { this.beginBatch(); };
    const restMs = this.batchBegan + BATCH_EVERY_MS - performance.now();
    if (restMs > 0) setTimeout(begin, restMs);
    else setImmediate(begin);
  }

  private beginBatch(): void {
    this.isBatchDue = false;
    const messages = this.stopped ? [] : this.inbox.takeTelemetry(BATCH);
    if (messages.length === 0) return;
    this.batchBegan = performance.now();
    const batch = this.workBatch(messages).finally(() => {
      this.batches.delete(batch);
      this.hire();
      this.planBatch();
    });
    this.batches.add(batch);
    this.planBatch();
  }

  private async workBatch(messages: readonly Waiting[]): Promise<void> {
    try {
      const sorted = await this.batch.receive(messages);
      this.outcome.areAll(sorted);
      for (const message of sorted.settled) this.done(message);
      this.special.push(...sorted.special);
    } catch (error) {
      // One of them may be what the database refuses; alone it fails alone.
      this.outcome.batchFailed(error);
      this.special.push(...messages);
    }
  }

  private done({ scooterId }: Waiting): void {
    this.inbox.done(scooterId);
    if (this.inbox.size < MOST_WAITING) this.room?.open();
  }

  private waitForRoom(): Promise<void> {
    if (!this.room) {
      let open = (): void => undefined;
      const opens = new Promise<void>((resolve) => {
        open = () => {
          this.room = null;
          resolve();
        };
      });
      this.room = { opens, open };
    }
    return this.room.opens;
  }
}
