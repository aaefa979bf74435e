// Events are written in the same transaction as the change they tell of, then delivered at least once.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { EventName, Events } from '../events.js';
import { invariant } from './assert.js';
import { Clock } from './clock.js';
import { LoopService } from './loop.service.js';

export type Reaction<N extends EventName> = (tx: EntityManager, event: Events[N]) => Promise<unknown>;

const RETRY_AFTER_REAL_SECONDS = 2;
const KEPT_SECONDS = 24 * 3600;
/** Deliveries under way at once. One is slow, many fight for the same rows; four kept both cores busy. */
const LANES = 4;

interface Delivery { seq: string; listener: string; name: EventName; payload: Events[EventName]; attempts: number }

@Injectable()
export class OutboxService {
  private readonly reactions = new Map<string, { event: EventName; react: Reaction<EventName> }>();

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    loops: LoopService,
  ) {
    loops.add({ name: 'outbox.deliver', everySeconds: 1, wokenBy: 'outbox', lanes: LANES, step: () => this.deliverOne() });
    loops.add({ name: 'outbox.prune', everySeconds: 60, step: () => this.prune() });
  }

  /** `listener` is stored with each delivery, so it must stay the same across releases. */
  on<N extends EventName>(event: N, listener: string, react: Reaction<N>): void {
    invariant(!this.reactions.has(listener), `listener ${listener} is registered twice`);
    this.reactions.set(listener, { event, react: react as unknown as Reaction<EventName> });
  }

  /** `subject` is the id whose events must arrive in order: a ride, a scooter, a task. */
  async publish<N extends EventName>(tx: EntityManager, name: N, subject: string, event: Events[N]): Promise<void> {
    const listeners = [...this.reactions].filter(([, { event: wanted }]) => wanted === name).map(([listener]) => listener);
    if (listeners.length === 0) return;
    await tx.query(
      `with told as (insert into outbox_events (name, subject, payload, happened_at) values ($1, $2, $3, $4) returning seq),
            due as (insert into outbox_deliveries (event_seq, listener, subject, next_attempt_at)
                    select seq, listener, $2, $4 from told, unnest($5::text[]) as listener)
       select pg_notify('outbox', '')`,
      [name, subject, event, this.clock.now(), listeners],
    );
  }

  /** Delivers one waiting event; false when none is due. Effect and receipt commit together. */
  async deliverOne(): Promise<boolean> {
    let current: Delivery | undefined;
    try {
      return await this.db.transaction(async (tx) => {
        [current] = await tx.query<Delivery[]>(NEXT_DELIVERY, [this.clock.now()]);
        if (!current) return false;
        const reaction = this.reactions.get(current.listener);
        invariant(reaction !== undefined, `no listener called ${current.listener}`);
        await reaction.react(tx, current.payload);
        await tx.query('delete from outbox_deliveries where event_seq = $1 and listener = $2', [current.seq, current.listener]);
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

  /** What every listener has heard is kept for a day, its places not a minute longer than they are needed (promise D2). */
  private async prune(): Promise<boolean> {
    await this.db.query(`update outbox_events e set payload = payload - 'fix' where payload ? 'fix' and ${HEARD}`);
    await this.db.query(`delete from outbox_events e where happened_at < $1 and ${HEARD}`, [this.clock.in(-KEPT_SECONDS)]);
    return false;
  }
}

const HEARD = 'not exists (select 1 from outbox_deliveries d where d.event_seq = e.seq)';

// Oldest first per listener and subject, so a listener never sees a ride end before it began.
const NEXT_DELIVERY = `
  select e.seq, d.listener, e.name, e.payload, d.attempts
    from outbox_deliveries d join outbox_events e on e.seq = d.event_seq
   where d.next_attempt_at <= $1
     and not exists (select 1 from outbox_deliveries earlier
                      where earlier.listener = d.listener and earlier.subject = d.subject and earlier.event_seq < d.event_seq)
   order by d.event_seq limit 1 for update of d skip locked`;
