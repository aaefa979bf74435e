// How a ride comes to its end: locked and paid, failed and free, or given up in the rider's favour.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RefusalCode } from '../errors.js';
import type { Events } from '../events.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { Fix } from '../platform/geo.js';
import type { RideId, ScooterId } from '../platform/ids.js';
import { billedUntil } from './billed-until.js';
import { RideTermsService } from './ride-terms.service.js';
import { RideRowsService } from './ride-rows.service.js';
import { scooterOfRide } from './ride-table.queries.js';
import { rideStates } from './ride-state.js';
import type { Ride } from './ride.js';

@Injectable()
export class RideEndService {
  constructor(
    private readonly rows: RideRowsService,
    private readonly fleet: FleetService,
    private readonly terms: RideTermsService,
  ) {}

  scooterOf(tx: EntityManager, rideId: RideId): Promise<ScooterId | null> {
    return scooterOfRide(tx, rideId);
  }

  /** The lock sensor says closed: the meter stops there, or the ride that never opened is over. */
  async locked(tx: EntityManager, ride: Ride, event: Pick<Events['command.done'], 'at' | 'fix'>, also: Partial<Ride> = {}): Promise<void> {
    if (!rideStates.after(ride.state, 'locked')) return;
    if (ride.state === 'unsure') {
      await this.trust(tx, ride, event.fix ?? undefined);
      return this.close(tx, ride, 'locked', 'scooter_silent');
    }
    await this.finish(tx, ride, { step: 'locked', lockedAt: new Date(event.at), fix: event.fix, also });
  }

  /** Its pack is empty or gone: the meter stops at the last thing known of it. Nobody knows how it stands now. */
  async died(tx: EntityManager, ride: Ride, last: { at: Date; fix: Fix | null }, also: Partial<Ride>): Promise<void> {
    const told = { refusal: { code: 'battery_died' as const, details: {} }, ...also };
    await this.finish(tx, ride, { step: 'died', lockedAt: last.at, fix: last.fix, also: told });
  }

  /** Nothing was ridden, nothing is paid: the hold goes back, and the scooter is free again unless it is in doubt. */
  async fail(tx: EntityManager, ride: Ride, failure: RefusalCode, inDoubt = false): Promise<void> {
    if (ride.state === 'unsure') await this.trust(tx, ride, placeOf(ride));
    else await this.fleet.become(tx, ride.scooterId, inDoubt ? 'lose_trust' : 'release', placeOf(ride));
    await this.close(tx, ride, 'refused', failure);
  }

  /**
   * The scooter has been silent for too long. The rider is let go: billed to the moment of asking, or
   * not at all when nothing says the scooter ever opened. The scooter stays unsure until it speaks.
   */
  async giveUp(tx: EntityManager, ride: Ride): Promise<void> {
    if (ride.state === 'unsure') return this.close(tx, ride, 'give_up', 'scooter_silent');
    await this.finish(tx, ride, { step: 'give_up', lockedAt: this.rows.now(), fix: null });
  }

  /** Its own telemetry may have cleared the scooter a moment before the ride heard of it. */
  private async trust(tx: EntityManager, ride: Ride, place: Fix | undefined): Promise<void> {
    const { state } = await this.fleet.hold(tx, ride.scooterId);
    if (state === 'unsure') await this.fleet.become(tx, ride.scooterId, 'trust', place);
  }

  private async close(tx: EntityManager, ride: Ride, step: 'locked' | 'refused' | 'give_up', failure: RefusalCode): Promise<void> {
    const failed = this.rows.advance(tx, ride, step, { failure, commandId: null });
    await this.terms.release(tx, ride.id);
    await this.rows.tell(tx, 'ride.failed', failed, { failure });
  }

  private async finish(
    tx: EntityManager,
    ride: Ride,
    how: { step: 'locked' | 'give_up' | 'died'; lockedAt: Date; fix: Fix | null; also?: Partial<Ride> },
  ): Promise<void> {
    const startedAt = ride.startedAt ?? how.lockedAt;
    const endedAt = billedUntil({ startedAt, endAskedAt: ride.endAskedAt, lockedAt: how.lockedAt });
    const distanceM = await this.distanceOf(tx, ride);
    this.rows.noteStep(tx, ride, { step: 'ended', at: endedAt });
    const fare = this.terms.fareOf({ ...ride, distanceM }, await this.rows.stepsOf(tx, ride.id), endedAt);

    const place = how.fix ? { endLatitude: how.fix.latitude, endLongitude: how.fix.longitude } : {};
    const ended = this.rows.advance(tx, ride, how.step, {
      endedAt, distanceM, commandId: null, refusal: null, fareCents: fare.totalCents, fareLines: fare.lines, ...place, ...how.also,
    });
    await this.fleet.become(tx, ride.scooterId, how.step === 'locked' ? 'release' : 'lose_trust', how.fix ?? undefined);
    await this.terms.settle(tx, ended, fare, endedAt);
    await this.rows.tell(tx, 'ride.ended', ended, { at: endedAt.toISOString(), fareCents: fare.totalCents });
  }

  private async distanceOf(tx: EntityManager, ride: Ride): Promise<number | null> {
    const { odometerM } = await this.fleet.hold(tx, ride.scooterId);
    return ride.startOdometerM === null ? null : Math.max(0, odometerM - ride.startOdometerM);
  }
}

/** Where the scooter stood when it was taken: the only place we know while a ride is on. */
export function placeOf(ride: Ride): Fix | undefined {
  if (ride.startLatitude === null || ride.startLongitude === null) return undefined;
  return { latitude: ride.startLatitude, longitude: ride.startLongitude, accuracyM: 0, ageS: 0 };
}
