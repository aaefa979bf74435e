// Between the socket and the database: takes messages as they come, works on a few at a time, and when
// too many wait, lets the broker wait. One bad message, or a database that is away, never stops it.
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import type { ScooterId } from '../platform/ids.js';
import { Refusal } from '../platform/refusal.js';
import { LinkService } from '../telematics/link.service.js';
import { Inbox, type Waiting } from './inbox.js';
import type { UplinkKind } from '../telematics/sequence.js';
import { LinkMetricsService, type UplinkResult } from '../telematics/link-metrics.service.js';
import { RollCallService } from './roll-call.service.js';
import { UplinkService } from './uplink.service.js';
import { MAX_MESSAGE_BYTES } from '../telematics/wire.js';

const TOPIC = /^v1\/up\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/(telemetry|events|presence)$/;
const MOST_WAITING = 20_000;
/** After a failure its worker rests, so that a lost database does not burn a core. */
const REST_MS = 500;
/** A third of the connections: the city must be able to answer people while scooters talk. */
const SHARE_OF_POOL = 3;

@Injectable()
export class IntakeService implements OnModuleDestroy {
  private readonly log = new Logger(IntakeService.name);
  private readonly inbox = new Inbox();
  private readonly workers = new Set<Promise<void>>();
  private readonly mostWorkers: number;
  private room: { readonly opens: Promise<void>; readonly open: () => void } | null = null;
  private stopped = false;

  constructor(
    private readonly uplink: UplinkService,
    private readonly rollCall: RollCallService,
    private readonly metrics: LinkMetricsService,
    @Inject(CITY_CONFIG) config: CityConfig,
    broker: LinkService,
  ) {
    this.mostWorkers = Math.max(2, Math.floor(config.databasePool / SHARE_OF_POOL));
    broker.hear((topic, payload, receivedAt) => this.take(topic, payload, receivedAt), () => this.rollCall.begin());
  }

  /** Whether everything that came in has been dealt with. */
  get isIdle(): boolean {
    return this.inbox.isIdle;
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.room?.open();
    await Promise.all(this.workers);
  }

  private async take(topic: string, payload: Buffer, receivedAt: Date): Promise<void> {
    const [, scooterId, kind] = TOPIC.exec(topic) ?? [];
    if (scooterId === undefined || kind === undefined || payload.length > MAX_MESSAGE_BYTES) {
      this.metrics.message('none', 'unreadable');
      return;
    }
    // The pattern above has only these kinds, and a UUID where the scooter's id stands.
    const message: Waiting = { scooterId: scooterId as ScooterId, kind: kind as UplinkKind, payload, receivedAt };
    if (this.inbox.put(message)) this.metrics.message('telemetry', 'shed');
    this.hire();
    if (this.inbox.size >= MOST_WAITING) await this.waitForRoom();
  }

  private hire(): void {
    while (!this.stopped && this.workers.size < this.mostWorkers) {
      const message = this.inbox.take();
      if (!message) return;
      const work = this.work(message).finally(() => {
        this.workers.delete(work);
        this.inbox.done(message.scooterId);
        if (this.inbox.size < MOST_WAITING) this.room?.open();
        this.hire();
      });
      this.workers.add(work);
    }
  }

  private async work(message: Waiting): Promise<void> {
    try {
      const result = await this.uplink.receive(message);
      this.metrics.message(message.kind, result);
      if (result !== 'unreadable') this.rollCall.answer(message.scooterId);
    } catch (error) {
      this.metrics.message(message.kind, resultOf(error));
      if (resultOf(error) === 'failed') await this.recover(message, error);
    }
  }

  /** The database did not take it. An event comes again by itself, newer telemetry too; a presence does not. */
  private async recover({ kind }: Waiting, error: unknown): Promise<void> {
    this.log.warn(`${kind} not stored: ${error instanceof Error ? error.name : 'unknown'}`);
    if (kind === 'presence') await this.rollCall.beginAgain();
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
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

const resultOf = (error: unknown): UplinkResult =>
  error instanceof Refusal && error.code === 'scooter_unknown' ? 'unknown_scooter' : 'failed';
