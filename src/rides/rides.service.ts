// What a rider wishes: take a scooter, pause, go on, end. A wish is checked, written, and answered at
// once; what the scooter then does comes back through ride-course.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import type { Scooter } from '../fleet/scooter.js';
import { newId, type ReservationId, type RideId, type RiderId, type ScooterId } from '../platform/ids.js';
import { orRefuse, Refusal, refuseIf } from '../platform/refusal.js';
import { together } from '../platform/together.js';
import type { Tariff } from '../pricing/tariff.js';
import type { Reservation } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { RideTermsService } from './ride-terms.service.js';
import { RideRowsService } from './ride-rows.service.js';
import type { RideStep } from './ride-state.js';
import { RideEntity } from './ride.entity.js';
import type { Ride } from './ride.js';
import { whyNotUnlock } from './why-not-unlock.js';

@Injectable()
export class RidesService {
  constructor(
    private readonly db: DataSource,
    private readonly rows: RideRowsService,
    private readonly fleet: FleetService,
    private readonly reservations: ReservationsService,
    private readonly terms: RideTermsService,
  ) {}

  /** @throws Refusal; see why-not-ride, why-not-credit, why-not-unlock. Nothing is charged by asking. */
  request(riderId: RiderId, wish: { scooterId: ScooterId; acceptedHoldCents: number }): Promise<{ ride: Ride; plate: string }> {
    return this.db.transaction(async (tx) => {
      const [scooter, held, tariff, welcome, riderHasLiveRide] = await together(
        this.fleet.hold(tx, wish.scooterId),
        this.reservations.heldBy(tx, riderId),
        this.terms.tariffNow(tx),
        this.terms.refuseUnlessWelcome(tx, riderId),
        this.rows.bindingRideExists(tx, riderId),
      );
      const reservation = this.holdOn(held, scooter);

      refuseIf(
        whyNotUnlock({
          scooter,
          heldByRider: reservation !== null,
          riderHoldsAnother: held !== null && reservation === null,
          riderHasLiveRide,
          serviceOpen: this.terms.serviceOpen() || reservation !== null,
          acceptedHoldCents: wish.acceptedHoldCents,
          holdCents: tariff.holdCents,
        }),
        { scooterId: wish.scooterId, holdCents: tariff.holdCents },
      );

      if (reservation) await this.reservations.use(tx, reservation.id);
      await this.fleet.become(tx, scooter.id, 'take');
      const ride = this.newRide(riderId, scooter, tariff);
      this.rows.begin(tx, ride);
      this.terms.authorise(tx, ride, welcome);
      return { ride, plate: scooter.plate };
    });
  }

  reserve(riderId: RiderId, scooterId: ScooterId): Promise<Reservation> {
    return this.db.transaction(async (tx) => {
      await this.terms.refuseUnlessWelcome(tx, riderId);
      const riderHasLiveRide = await this.rows.bindingRideExists(tx, riderId);
      return this.reservations.reserve(tx, { riderId, scooterId }, { serviceOpen: this.terms.serviceOpen(), riderHasLiveRide });
    });
  }

  /** Only who holds the scooter may make it ring. */
  locate(riderId: RiderId, reservationId: ReservationId): Promise<void> {
    return this.db.transaction(async (tx) => {
      const held = await this.reservations.heldBy(tx, riderId);
      refuseIf(held?.id === reservationId ? null : 'reservation_unknown');
      if (held) await this.rows.ring(tx, held.scooterId, riderId);
    });
  }

  pause(riderId: RiderId, rideId: RideId): Promise<void> {
    return this.wish(riderId, rideId, (tx, ride) => this.askScooter(tx, ride, 'pause'));
  }

  resume(riderId: RiderId, rideId: RideId): Promise<void> {
    return this.wish(riderId, rideId, (tx, ride) => this.askScooter(tx, ride, 'resume'));
  }

  /** The scooter is asked how it stands; when it cannot be heard, the wish counts and the lock follows. */
  end(riderId: RiderId, rideId: RideId): Promise<void> {
    return this.wish(riderId, rideId, async (tx, ride) => {
      const asked = {
        endAskedAt: this.rows.now(),
        endTries: ride.endTries + 1,
        pausedBeforeEnd: ride.state === 'paused' || ride.state === 'resuming',
        refusal: null,
      };
      const checking = this.rows.advance(tx, ride, 'ask_end', asked);
      const unheard = await this.rows.orderIfHeard(tx, checking, 'look');
      if (unheard) this.rows.advance(tx, checking, 'silent');
    });
  }

  async ofRider(riderId: RiderId, rideId: RideId): Promise<Ride> {
    return orRefuse(await this.db.manager.findOneBy(RideEntity, { id: rideId, riderId }), 'ride_unknown');
  }

  private holdOn(held: Reservation | null, scooter: Scooter): Reservation | null {
    if (!held || held.scooterId !== scooter.id || held.expiresAt <= this.rows.now()) return null;
    return held;
  }

  private newRide(riderId: RiderId, scooter: Scooter, tariff: Tariff): Ride {
    return {
      id: newId<RideId>(), riderId, scooterId: scooter.id, state: 'authorising', tariff, zoneVersion: this.terms.zoneVersion(),
      commandId: null, requestedAt: this.rows.now(), startedAt: null, endAskedAt: null, endedAt: null, endTries: 0, pausedBeforeEnd: false,
      refusal: null, failure: null, fareCents: null, fareLines: null, startOdometerM: null, distanceM: null,
      startLatitude: scooter.latitude, startLongitude: scooter.longitude, endLatitude: null, endLongitude: null,
      endedBy: null, endedDespite: null,
    };
  }

  private async askScooter(tx: EntityManager, ride: Ride, step: Extract<RideStep, 'pause' | 'resume'>): Promise<void> {
    const asked = this.rows.advance(tx, ride, step, { refusal: null });
    await this.rows.order(tx, asked, step);
  }

  private wish(riderId: RiderId, rideId: RideId, act: (tx: EntityManager, ride: Ride) => Promise<void>): Promise<void> {
    return this.db.transaction(async (tx) => {
      const known = await tx.findOneBy(RideEntity, { id: rideId, riderId });
      if (!known) throw new Refusal('ride_unknown');
      await this.fleet.hold(tx, known.scooterId);
      const ride = await this.rows.hold(tx, rideId);

      await act(tx, ride);
    });
  }
}
