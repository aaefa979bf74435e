// Events are written in the same transaction as the change they tell of, then delivered at least once: later, one by
// one, or within that very transaction where its locks allow it.
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { EventName, Events } from '../events.js';
import { invariant } from './assert.js';
import { Clock } from './clock.js';
import type { CommandId, RideId, ScooterId } from './ids.js';
import { LoopService } from './loop.service.js';
import { together } from './together.js';

/** Whom an event will be about: enough to take its reaction's locks before it is told. */
export interface About { readonly scooterId?: ScooterId; readonly rideId?: RideId; readonly commandId?: CommandId }
type Hold = (tx: EntityManager, about: About) => Promise<unknown>;
export type Reaction<N extends EventName> = (tx: EntityManager, event: Events[N]) => Promise<unknown>;

const RETRY_AFTER_REAL_SECONDS = 2;
const KEPT_SECONDS = 24 * 3600;
/** Deliveries under way at once. One is slow, many fight for the same rows; four kept both cores busy. */
const LANES = 4;

/** What has been heard within a transaction, and whether it was that listener's turn. */
interface Scene { heard: number; readonly overtook: Promise<boolean>[] }
interface Delivery { seq: string; listener: string; name: EventName; payload: Events[EventName]; attempts: number }

@Injectable()
export class OutboxService {
  private readonly log = new Logger(OutboxService.name);
  private readonly reactions = new Map<string, { event: EventName; react: Reaction<EventName>; hold: Hold }>();
  private readonly scenes = new WeakMap<EntityManager, Scene>();

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly loops: LoopService,
  ) {
    loops.add({ name: DELIVER, everySeconds: 1, lanes: LANES, step: () => this.deliverOne() });
    loops.add({ name: 'outbox.prune', everySeconds: 60, step: () => this.prune() });
  }

  /**
   * `listener` is stored with each delivery, so it must stay the same across releases. `hold` takes the locks of the
   * reaction beforehand, for a writer who stands further up the ladder than it.
   */
  on<N extends EventName>(event: N, listener: string, react: Reaction<N>, hold: Hold = () => Promise.resolve()): void {
    invariant(!this.reactions.has(listener), `listener ${listener} is registered twice`);
    this.reactions.set(listener, { event, react: react as unknown as Reaction<EventName>, hold });
  }

  /**
   * A transaction in which what is told is heard at once, so that effect and receipt are the writer's own commit. For
   * writers who hold the locks from the bottom of the ladder. A listener's trouble is never the writer's: then all of
   * it is rolled back and `work` runs once more, its events to be delivered later, so it must bear to run twice.
   */
  async transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const scene: Scene = { heard: 0, overtook: [] };
    try {
      return await this.db.transaction(async (tx) => {
        this.scenes.set(tx, scene);
        const result = await work(tx);
        if ((await Promise.all(scene.overtook)).includes(true)) throw new Error('a listener still has earlier events to hear');
        return result;
      });
    } catch (error) {
      if (scene.heard === 0) throw error;
      this.log.debug(`told later: ${String(error)}`);
      return this.db.transaction(work);
    }
  }

  /** Takes the locks of those who will hear such an event at once, in the order of the ladder. */
  async hold(tx: EntityManager, name: EventName, about: About): Promise<void> {
    if (this.scenes.has(tx)) await together(...this.listenersOf(name).map(([, { hold }]) => hold(tx, about)));
  }

  /** `subject` is the id whose events must arrive in order: a ride, a scooter, a task. */
  async publish<N extends EventName>(tx: EntityManager, name: N, subject: string, event: Events[N]): Promise<void> {
    const listeners = this.listenersOf(name);
    if (listeners.length === 0) return;
    const row = [name, subject, event, this.clock.now(), listeners.map(([listener]) => listener)];
    const scene = this.scenes.get(tx);
    if (!scene) {
      await tx.query(TELL_LATER, row);
      this.loops.wakeAfter(tx, DELIVER);
      return;
    }
    scene.heard++;
    const overtook = tx.query<unknown[]>(TELL_NOW, row).then((waiting) => waiting.length > 0);
    // Awaited before the commit; when the work fails first, it has failed for all of us.
    overtook.catch(() => undefined);
    scene.overtook.push(overtook);
    for (const [, { react }] of listeners) await react(tx, event);
  }

  /** Delivers one waiting event; false when none is due. Effect and receipt commit together. */
  async deliverOne(): Promise<boolean> {
    let current: Delivery | undefined;
    try {
      return await this.db.transaction(async (tx) => {
        [[current]] = await tx.query<[Delivery[], number]>(TAKE_DELIVERY, [this.clock.now()]);
        if (!current) return false;
        const reaction = this.reactions.get(current.listener);
        invariant(reaction !== undefined, `no listener called ${current.listener}`);
        await reaction.react(tx, current.payload);
        return true;
      });
    } catch (error) {
      if (!current) throw error;
      await this.db.query(
        `update outbox_deliveries set attempts = attempts + 1, last_error = $3, next_attempt_at = $4
          where event_seq = $1 and listener = $2`,
        [current.seq, current.listener, String(error), this.clock.inReal(RETRY_AFTER_REAL_SECONDS)],
      );
      return true;
    }
  }

  private listenersOf(name: EventName) {
    return [...this.reactions].filter(([, { event }]) => event === name);
  }

  /** What every listener has heard is kept for a day, its places not a minute longer than they are needed (promise D2). */
  private async prune(): Promise<boolean> {
    await this.db.query(`update outbox_events e set payload = payload - 'fix' where payload ? 'fix' and ${HEARD}`);
    await this.db.query(`delete from outbox_events e where happened_at < $1 and ${HEARD}`, [this.clock.in(-KEPT_SECONDS)]);
    return false;
  }
}

const DELIVER = 'outbox.deliver';
const HEARD = 'not exists (select 1 from outbox_deliveries d where d.event_seq = e.seq)';

const TELL = 'told as (insert into outbox_events (name, subject, payload, happened_at) values ($1, $2, $3, $4) returning seq)';

const TELL_LATER = `with ${TELL} insert into outbox_deliveries (event_seq, listener, subject, next_attempt_at)
  select seq, listener, $2, $4 from told, unnest($5::text[]) as listener`;

const TELL_NOW = `with ${TELL} select 1 from outbox_deliveries where subject = $2 and listener = any($5::text[]) limit 1`;

// Oldest first per listener and subject, so a listener never sees a ride end before it began. Taking the delivery is
// its receipt: when the reaction fails, both are undone.
const TAKE_DELIVERY = `
  delete from outbox_deliveries d using outbox_events e
   where e.seq = d.event_seq and (d.event_seq, d.listener) = (
     select due.event_seq, due.listener from outbox_deliveries due
      where due.next_attempt_at <= $1
        and not exists (select 1 from outbox_deliveries earlier
                         where earlier.listener = due.listener and earlier.subject = due.subject and earlier.event_seq < due.event_seq)
      order by due.event_seq limit 1 for update of due skip locked)
  returning e.seq, d.listener, e.name, e.payload, d.attempts`;
