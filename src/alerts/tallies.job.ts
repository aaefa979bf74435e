// What the link has counted about single scooters: numbers that never came go to their doubts, and too much of
// anything is a trouble.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { LoopService } from '../platform/loop.service.js';
import { LinkMetricsService } from '../telematics/link-metrics.service.js';
import type { Tallied } from '../telematics/tallies.js';
import { TooMany } from '../telematics/too-many.js';
import { AlertBookService } from './alert-book.service.js';
import { FLOOD_PER_MINUTE, MISSING_PER_HOUR, STRANGE_PER_MINUTE, type AlertKind } from './alert-kinds.js';
import { DoubtsService } from './doubts.service.js';

const EVERY_SECONDS = 2;
const MINUTE_MS = 60_000;

@Injectable()
export class TalliesJob {
  private readonly watched: Readonly<Record<Tallied, { kind: AlertKind; count: TooMany }>>;

  constructor(
    private readonly metrics: LinkMetricsService,
    private readonly doubts: DoubtsService,
    private readonly book: AlertBookService,
    private readonly clock: Clock,
    loops: LoopService,
  ) {
    const minute = MINUTE_MS * clock.speed;
    this.watched = {
      missing: { kind: 'seq_gaps', count: new TooMany(MISSING_PER_HOUR, 60 * MINUTE_MS) },
      strange: { kind: 'many_refusals', count: new TooMany(STRANGE_PER_MINUTE, minute) },
      flood: { kind: 'flooding', count: new TooMany(FLOOD_PER_MINUTE, minute) },
    };
    loops.add({ name: 'alerts.tallies', everySeconds: EVERY_SECONDS, step: () => this.look() });
  }

  private async look(): Promise<boolean> {
    const tallies = this.metrics.tallies.take();
    if (tallies.size === 0) return false;
    const missing = new Map([...tallies].map(([id, tally]) => [id, tally.toWrite] as const).filter(([, count]) => count !== 0));
    if (missing.size > 0) await this.doubts.addMissing(missing);
    const nowMs = this.clock.now().getTime();
    for (const [what, { kind, count }] of Object.entries(this.watched) as [Tallied, { kind: AlertKind; count: TooMany }][]) {
      count.forget(nowMs);
      for (const [id, tally] of tallies) {
        const many = tally[what] === 0 ? null : count.add(id, tally[what], nowMs);
        if (many !== null) await this.book.noteNow({ kind, scooterId: id as ScooterId, isRidden: false, details: { many } });
      }
    }
    return false;
  }
}
