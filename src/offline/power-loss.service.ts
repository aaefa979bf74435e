// A scooter that died on the way: the ride is over at the last thing known of it, nobody gets the scooter, and a crew
// is sent. With its last word we know at once; without one when it has been silent for long and was almost empty.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Events } from '../events.js';
import { FleetService } from '../fleet/fleet.service.js';
import { Clock } from '../platform/clock.js';
import type { Fix } from '../platform/geo.js';
import { RideEndService } from '../rides/ride-end.service.js';
import { isLive } from '../rides/ride-state.js';
import type { EndedBy, Ride } from '../rides/ride.js';
import type { ScooterId } from '../platform/ids.js';
import { LateBillService } from './late-bill.service.js';
import { LocalActsService } from './local-acts.service.js';
import { diedAt, EMPTY_PERCENT, SILENT_SECONDS } from './why-dead.js';

@Injectable()
export class PowerLossService {
  constructor(
    private readonly fleet: FleetService,
    private readonly clock: Clock,
    private readonly acts: LocalActsService,
    private readonly ending: RideEndService,
    private readonly bills: LateBillService,
  ) {}

  async lost(tx: EntityManager, { scooterId, at, boot, fix }: Events['scooter.lost_power']): Promise<void> {
    const ride = await this.acts.rideOf(tx, { scooterId, at });
    const gone = new Date(at);
    if (ride) await this.over(tx, ride, { at: gone, fix: this.acts.aged(fix, gone), by: 'power_lost' });
    // Said in an earlier life: it has current again.
    const { boot: speaking } = await this.fleet.hold(tx, scooterId);
    if (boot >= speaking) await this.fleet.recordPowerLoss(tx, scooterId);
  }

  /** Rides whose scooter fell silent with an empty pack. */
  async endSilent(db: DataSource): Promise<boolean> {
    const since = this.clock.inReal(-SILENT_SECONDS);
    for (const scooterId of await this.fleet.fadedInRide({ since, atMostPercent: EMPTY_PERCENT })) {
      await db.transaction((tx) => this.silent(tx, scooterId, since));
    }
    return false;
  }

  private async silent(tx: EntityManager, scooterId: ScooterId, since: Date): Promise<void> {
    const at = diedAt(await this.fleet.hold(tx, scooterId), since);
    const ride = at && (await this.acts.liveRideOf(tx, scooterId));
    if (!ride || ride.startedAt === null) return;
    await this.over(tx, ride, { at, fix: null, by: 'silence' });
    await this.fleet.recordPowerLoss(tx, scooterId);
  }

  private async over(tx: EntityManager, ride: Ride, last: { at: Date; fix: Fix | null; by: EndedBy }): Promise<void> {
    const { at, fix, by } = last;
    const also = { endedBy: by, endedDespite: null };
    if (isLive(ride.state)) await this.ending.died(tx, ride, { at, fix }, also);
    else await this.bills.endedEarlier(tx, ride, { at, fix, also });
  }
}
