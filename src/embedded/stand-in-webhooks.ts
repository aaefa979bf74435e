// Tells the city what happened at the stand-in of Stripe: signed posts, tried again until they are
// taken, in no promised order and sometimes twice, as Stripe's are.
import { createHmac } from 'node:crypto';
import type { StandInFaults } from './stand-in-faults.js';
import type { StandInMemory } from './stand-in-memory.js';

const TRY_AGAIN_AFTER_MS = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const POST_TIMEOUT_MS = 5000;
const LANES = 4;

export interface WebhookDesk {
  readonly memory: StandInMemory;
  readonly faults: StandInFaults;
  readonly secret: string;
  readonly now: () => Date;
}

export const signWebhook = (body: string, secret: string, atSeconds: number): string =>
  `t=${atSeconds},v1=${createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')}`;

export class StandInWebhooks {
  private url: string | null;
  private readonly queue: { id: string; tries: number }[];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly lanes = new Set<Promise<void>>();
  private stopped = false;

  constructor(private readonly desk: WebhookDesk, url: string | null) {
    this.url = url;
    this.queue = desk.memory.undelivered().map((id) => ({ id, tries: 0 }));
  }

  setUrl(url: string | null): void {
    this.url = url;
    this.work();
  }

  add(id: string): void {
    this.queue.push({ id, tries: 0 });
    this.work();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.lanes);
  }

  /** Starts as many deliveries as there are free lanes. */
  work(): void {
    while (this.lanes.size < LANES && this.mayWork()) {
      const next = this.queue.shift();
      if (!next) return;
      const lane: Promise<void> = this.deliver(next).finally(() => {
        this.lanes.delete(lane);
        this.work();
      });
      this.lanes.add(lane);
    }
  }

  private mayWork(): boolean {
    return !this.stopped && this.url !== null && !this.desk.faults.holdWebhooks;
  }

  private async deliver(item: { id: string; tries: number }): Promise<void> {
    const event = this.desk.memory.event(item.id);
    if (!event || this.url === null) return;
    const body = JSON.stringify(event);
    let taken = true;
    for (let copy = 0; copy < this.desk.faults.webhookCopies; copy++) taken = (await this.post(this.url, body)) && taken;
    if (this.stopped) return;
    if (taken) this.desk.memory.delivered(item.id);
    else this.later({ id: item.id, tries: item.tries + 1 });
  }

  private async post(url: string, body: string): Promise<boolean> {
    const signature = signWebhook(body, this.desk.secret, Math.floor(this.desk.now().getTime() / 1000));
    try {
      const answer = await fetch(url, {
        method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(POST_TIMEOUT_MS),
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature, 'user-agent': 'Stripe/1.0 (stand-in)' },
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  private later(item: { id: string; tries: number }): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.queue.push(item);
      this.work();
    }, TRY_AGAIN_AFTER_MS[Math.min(item.tries, TRY_AGAIN_AFTER_MS.length) - 1]);
    timer.unref();
    this.timers.add(timer);
  }
}
