// What is no longer needed is forgotten on time. Each room says which of its rows, after how many days;
// an hour later than that they are gone.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { LoopService } from '../platform/loop.service.js';

export interface Forgetting {
  readonly name: string;
  readonly days: number;
  /** One statement; $1 is the instant before which things are forgotten. */
  readonly sql: string;
}

const EVERY_SECONDS = 3600;
const DAY_SECONDS = 86_400;

@Injectable()
export class RetentionService {
  private readonly list: Forgetting[] = [
    { name: 'remembered answers', days: 2, sql: 'delete from idempotency_keys where claimed_at < $1' },
    { name: 'ended sessions', days: 30, sql: 'delete from sessions where expires_at < $1' },
  ];
  private nextAt = new Date(0);

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    loops: LoopService,
  ) {
    loops.add({ name: 'upkeep.forget', everySeconds: 60, step: () => this.forget() });
  }

  add(forgetting: Forgetting): void {
    this.list.push(forgetting);
  }

  private async forget(): Promise<boolean> {
    const now = this.clock.now();
    if (now < this.nextAt) return false;
    for (const { days, sql } of this.list) await this.db.query(sql, [this.clock.in(-days * DAY_SECONDS)]);
    this.nextAt = this.clock.in(EVERY_SECONDS);
    return false;
  }
}
