// Looks at every alert that is not closed: over, it closes by itself; asleep for long enough, it comes back.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CommandsService } from '../commands/commands.service.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { Scooter } from '../fleet/scooter.js';
import { LoopService } from '../platform/loop.service.js';
import { AlertBookService } from './alert-book.service.js';
import type { Alert } from './alert.js';
import { whyOver } from './is-over.js';
import { answers } from './silence.js';

const EVERY_SECONDS = 5;

@Injectable()
export class ReviewJob {
  private readonly since: Date;

  constructor(
    private readonly db: DataSource,
    private readonly book: AlertBookService,
    private readonly fleet: FleetService,
    private readonly commands: CommandsService,
  ) {
    this.since = book.now();
  }

  /** Registered by the module's own hand, because a constructor takes five things at most. */
  register(loops: LoopService): void {
    loops.add({ name: 'alerts.review', everySeconds: EVERY_SECONDS, step: () => this.review() });
  }

  private async review(): Promise<boolean> {
    const alerts = await this.book.allOpen();
    if (alerts.length === 0) return false;
    const scooters = await this.fleet.readAll([...new Set(alerts.flatMap(({ scooterId }) => scooterId ?? []))]);
    const byId = new Map(scooters.map((scooter) => [scooter.id, scooter]));
    for (const alert of alerts) await this.reviewOne(alert, (alert.scooterId && byId.get(alert.scooterId)) ?? null);
    return false;
  }

  private async reviewOne(alert: Alert, scooter: Scooter | null): Promise<void> {
    const now = this.book.now();
    const answered = alert.kind === 'never_acks' && scooter !== null && answers(await this.commands.past(this.db.manager, scooter.id));
    const over = whyOver({ alert, scooter, answers: answered, isLinkUp: this.book.isLinkUp(alert), now, since: this.since });
    if (over !== null) return this.book.closeNow(alert, over);
    if (alert.snoozedUntil !== null && alert.snoozedUntil <= now) await this.book.wakeNow(alert);
  }
}
