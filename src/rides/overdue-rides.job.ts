// Rides that wait for a scooter which stays silent: asked again while it can be heard, and given up in
// the rider's favour after a while, so that no ride stays open for ever.
import { Injectable } from '@nestjs/common';
import { DataSource, In, LessThan } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { Clock } from '../platform/clock.js';
import { LoopService } from '../platform/loop.service.js';
import { RideEndService } from './ride-end.service.js';
import { RideRowsService } from './ride-rows.service.js';
import { RideEntity } from './ride.entity.js';
import type { Ride } from './ride.js';

/** Real seconds of silence before the rider is let go. */
export const GIVE_UP_AFTER_SECONDS = 300;
/** Four hours, as the trade has it (TIER and SIXT). City time: it is what the rider agreed to. */
export const LONGEST_RIDE_SECONDS = 4 * 3600;

@Injectable()
export class OverdueRidesJob {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly fleet: FleetService,
    private readonly rows: RideRowsService,
    private readonly ending: RideEndService,
  ) {}

  /** Registered by the module's own hand, because a constructor takes five things at most. */
  register(loops: LoopService): void {
    loops.add({ name: 'rides.overdue', everySeconds: 2, step: () => this.giveUpOne() });
    loops.add({ name: 'rides.too_long', everySeconds: 30, step: () => this.endTooLong() });
    loops.add({ name: 'rides.ask_again', everySeconds: 5, step: () => this.askAgain() });
  }

  /** A rider who cannot end, or has forgotten to, is not billed for ever: we ask in their place. */
  private async endTooLong(): Promise<boolean> {
    const since = LessThan(this.clock.in(-LONGEST_RIDE_SECONDS));
    const tooLong = await this.db.manager.find(RideEntity, {
      where: [{ state: 'riding', startedAt: since }, { state: 'paused', startedAt: since }],
      select: { id: true, scooterId: true },
      take: 100,
    });
    for (const { id, scooterId } of tooLong) {
      await this.db.transaction(async (tx) => {
        await this.fleet.hold(tx, scooterId);
        const ride = await this.rows.hold(tx, id);
        if (ride.state !== 'riding' && ride.state !== 'paused') return;
        const asked = { endAskedAt: this.clock.now(), endTries: ride.endTries + 1, pausedBeforeEnd: ride.state === 'paused' };
        await this.rows.orderIfHeard(tx, this.rows.advance(tx, ride, 'end_unheard', asked), 'lock');
      });
    }
    return false;
  }

  private giveUpOne(): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const [late] = await tx.query<{ id: Ride['id']; scooter_id: Ride['scooterId'] }[]>(
        `select id, scooter_id from rides
          where state in ('locking', 'unsure') and coalesce(end_asked_at, requested_at) < $1 order by random() limit 1`,
        [this.clock.inReal(-GIVE_UP_AFTER_SECONDS)],
      );
      if (!late) return false;
      await this.fleet.hold(tx, late.scooter_id);
      const ride = await this.rows.hold(tx, late.id);
      if (ride.state === 'locking' || ride.state === 'unsure') await this.ending.giveUp(tx, ride);
      return true;
    });
  }

  /** A scooter in reach whose lock was never asked for, because nobody could be heard at that moment. */
  private async askAgain(): Promise<boolean> {
    const waiting = await this.db.manager.find(RideEntity, {
      where: { state: In(['locking', 'unsure']) },
      select: { id: true, scooterId: true, commandId: true },
      take: 100,
    });
    for (const { id, scooterId, commandId } of waiting) {
      if (commandId !== null) continue;
      await this.db.transaction(async (tx) => {
        await this.fleet.hold(tx, scooterId);
        const ride = await this.rows.hold(tx, id);
        const stillWaits = ride.commandId === null && (ride.state === 'locking' || ride.state === 'unsure');
        if (stillWaits) await this.rows.orderIfHeard(tx, ride, 'lock');
      });
    }
    return false;
  }
}
