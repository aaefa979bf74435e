// What no event tells, because nothing happens: a scooter that stays out of reach, one that goes on standing open, a
// line to the broker that does not come back. Looked for every few seconds.
import { Injectable } from '@nestjs/common';
import { FleetService, type OutOfReach } from '../fleet/fleet.service.js';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { LoopService } from '../platform/loop.service.js';
import { LinkService } from '../telematics/link.service.js';
import { AlertBookService } from './alert-book.service.js';
import { LINK_DOWN_AFTER_SECONDS, OFFLINE_AFTER_MINUTES, STANDS_OPEN_AFTER_SECONDS } from './alert-kinds.js';
import { isFleetWide } from './fleet-wide.js';

const EVERY_SECONDS = 5;

@Injectable()
export class LevelsJob {
  private nextAt = new Date(0);
  /** When our line was last found up, or down, having been the other before. */
  private line: { isUp: boolean; since: Date } | null = null;
  private open = new Map<ScooterId, Date>();

  constructor(
    private readonly fleet: FleetService,
    private readonly book: AlertBookService,
    private readonly broker: LinkService,
    private readonly clock: Clock,
    loops: LoopService,
  ) {
    loops.add({ name: 'alerts.levels', everySeconds: EVERY_SECONDS, step: () => this.look() });
  }

  private async look(): Promise<boolean> {
    const now = this.clock.now();
    if (now < this.nextAt) return false;
    this.nextAt = this.clock.inReal(EVERY_SECONDS);
    if (this.line?.isUp !== this.broker.isConnected) this.line = { isUp: this.broker.isConnected, since: now };
    const isSettled = this.line.since <= this.clock.inReal(-LINK_DOWN_AFTER_SECONDS);
    if (isSettled && !this.line.isUp) await this.noteDown();
    // Without a line, and until the roll has been called over a new one, our rows say nothing about who can be reached.
    if (isSettled && this.line.isUp) await this.lookForSilence();
    await this.lookForOpen(now);
    return false;
  }

  private async noteDown(): Promise<void> {
    const known = await this.book.ofFleet('link_down');
    await (known ? this.book.goesOn(known) : this.book.noteOfFleetNow('link_down', 1));
  }

  private async lookForSilence(): Promise<void> {
    const gone = await this.fleet.outOfReachSince(this.clock.in(-OFFLINE_AFTER_MINUTES * 60));
    const [ofFleet, settled] = [await this.book.ofFleet('offline'), await this.book.settledAmong('offline', gone)];
    const fresh = gone.filter(({ id }) => !settled.has(id));
    const size = await this.fleet.size();
    // Half of what makes it the fleet's trouble must be back before it is that of single ones again.
    if (ofFleet && isFleetWide(fresh.length * 2, size)) return;
    if (ofFleet) await this.book.closeNow(ofFleet, 'Most of them can be heard again.');
    if (isFleetWide(fresh.length, size)) await this.book.noteOfFleetNow('offline', fresh.length);
    else for (const one of fresh) await this.noteSilent(one);
  }

  private noteSilent({ id, state }: OutOfReach): Promise<void> {
    return this.book.noteNow({ kind: 'offline', scooterId: id, isRidden: state === 'taken' });
  }

  private async lookForOpen(now: Date): Promise<void> {
    const ids = await this.fleet.standingOpenIds();
    this.open = new Map(ids.map((id) => [id, this.open.get(id) ?? now]));
    const long = [...this.open].filter(([, since]) => since <= this.clock.inReal(-STANDS_OPEN_AFTER_SECONDS));
    const spells = long.map(([id, since]) => ({ id, since }));
    const settled = await this.book.settledAmong('ghost_ride', spells);
    for (const { id } of spells) {
      if (!settled.has(id)) await this.book.noteNow({ kind: 'ghost_ride', scooterId: id, isRidden: false, details: { lock: 'open' } });
    }
  }
}
