// Rides as people see them: the running price, the reason for a no, the receipt.
import { Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import { errors, type RefusalCode } from '../errors.js';
import { PaymentsService } from '../billing/payments.service.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { RideId, RiderId } from '../platform/ids.js';
import { taxInside } from '../platform/money.js';
import { orRefuse, Refusal } from '../platform/refusal.js';
import { RideTermsService } from './ride-terms.service.js';
import { RideRowsService } from './ride-rows.service.js';
import { BINDING_STATES, isLive, type RideState } from './ride-state.js';
import { RideEntity } from './ride.entity.js';
import type { Ride } from './ride.js';
import type { OwnRideView, ReceiptView, RideFile, RideRow, RideView } from './rides.dto.js';

type Slice = { cursor?: string | undefined; limit: number };

@Injectable()
export class RideViewsService {
  constructor(
    private readonly db: DataSource,
    private readonly rows: RideRowsService,
    private readonly fleet: FleetService,
    private readonly terms: RideTermsService,
    private readonly payments: PaymentsService,
  ) {}

  async one(riderId: RiderId, rideId: RideId): Promise<RideView> {
    return this.view(orRefuse(await this.db.manager.findOneBy(RideEntity, { id: rideId, riderId }), 'ride_unknown'));
  }

  /** With what ends it where no network is, as long as it runs. */
  async own(riderId: RiderId, rideId: RideId): Promise<OwnRideView> {
    return this.ownView(orRefuse(await this.db.manager.findOneBy(RideEntity, { id: rideId, riderId }), 'ride_unknown'));
  }

  async current(riderId: RiderId): Promise<OwnRideView> {
    const live = await this.db.manager.find(RideEntity, { where: BINDING_STATES.map((state) => ({ riderId, state })), take: 1 });
    return this.ownView(orRefuse(live[0], 'no_live_ride'));
  }

  async history(riderId: RiderId, { cursor, limit }: Slice): Promise<{ items: RideView[]; nextCursor: string | null }> {
    const where = cursor === undefined ? { riderId } : { riderId, id: LessThan(cursor as RideId) };
    const found = await this.db.manager.find(RideEntity, { where, order: { id: 'DESC' }, take: limit });
    return { items: await Promise.all(found.map((ride) => this.view(ride))), nextCursor: cursorOf(found, limit) };
  }

  async receipt(riderId: RiderId, rideId: RideId): Promise<ReceiptView> {
    const ride = orRefuse(await this.db.manager.findOneBy(RideEntity, { id: rideId, riderId }), 'ride_unknown');
    if (ride.fareCents === null || !ride.startedAt || !ride.endedAt) throw new Refusal('receipt_not_ready', { state: ride.state });
    const { plate } = await this.fleet.read(ride.scooterId);
    return {
      rideId: ride.id, plate,
      startedAt: ride.startedAt.toISOString(), endedAt: ride.endedAt.toISOString(),
      ...placesOf(ride), distanceM: ride.distanceM,
      lines: [...(ride.fareLines ?? [])], ...taxInside(ride.fareCents, ride.tariff.taxPercent),
      taxPercent: ride.tariff.taxPercent, totalCents: ride.fareCents, currency: ride.tariff.currency,
      payment: await this.payments.moneyOf(ride.id),
    };
  }

  /** For the control room: every ride, without its rider and its places. */
  async all(state: RideState | undefined, { cursor, limit }: Slice): Promise<{ items: RideRow[]; nextCursor: string | null }> {
    const where = {
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { id: LessThan(cursor as RideId) }),
    };
    const found = await this.db.manager.find(RideEntity, { where, order: { id: 'DESC' }, take: limit });
    return { items: found.map(rowOf), nextCursor: cursorOf(found, limit) };
  }

  /** With its rider, and with places once it is over: a look that the caller has written down before. */
  async file(rideId: RideId): Promise<RideFile> {
    const ride = orRefuse(await this.db.manager.findOneBy(RideEntity, { id: rideId }), 'ride_unknown');
    const places = isLive(ride.state) ? { startPlace: null, endPlace: null } : placesOf(ride);
    return { ...(await this.view(ride)), riderId: ride.riderId, ...places, distanceM: ride.distanceM };
  }

  /** Of a ride that has just been asked for, everything is known already. */
  asked({ ride, plate }: { ride: Ride; plate: string }): RideView {
    return shown(ride, { plate, payment: { state: 'held', paidCents: 0, debtCents: 0 }, runningFareCents: 0 });
  }

  private async ownView(ride: Ride): Promise<OwnRideView> {
    const [view, offline] = await Promise.all([this.view(ride), this.rows.passOf(this.db.manager, ride)]);
    return { ...view, offline };
  }

  private async view(ride: Ride): Promise<RideView> {
    const [{ plate }, payment, runningFareCents] = await Promise.all([
      this.fleet.read(ride.scooterId), this.payments.moneyOf(ride.id), this.runningFare(ride),
    ]);
    return shown(ride, { plate, payment, runningFareCents });
  }

  /** While the rider waits for the end, the meter stands where they asked for it. */
  private async runningFare(ride: Ride): Promise<number> {
    if (ride.fareCents !== null) return ride.fareCents;
    if (!ride.startedAt || !isLive(ride.state)) return 0;
    const until = ride.endAskedAt ?? this.rows.now();
    return this.terms.fareOf(ride, await this.rows.stepsOf(this.db.manager, ride.id), until).totalCents;
  }
}

function shown(ride: Ride, { plate, payment, runningFareCents }: Pick<RideView, 'plate' | 'payment' | 'runningFareCents'>): RideView {
  return {
    id: ride.id, scooterId: ride.scooterId, plate, state: ride.state,
    requestedAt: ride.requestedAt.toISOString(),
    startedAt: ride.startedAt?.toISOString() ?? null,
    endedAt: ride.endedAt?.toISOString() ?? null,
    runningFareCents, fareCents: ride.fareCents, fareLines: [...(ride.fareLines ?? [])],
    currency: ride.tariff.currency, holdCents: ride.tariff.holdCents,
    refusal: ride.refusal ? reasonOf(ride.refusal.code, ride.refusal.details) : null,
    failure: ride.failure ? reasonOf(ride.failure, {}) : null,
    payment,
  };
}

const cursorOf = (rows: Ride[], limit: number): string | null => (rows.length < limit ? null : (rows.at(-1)?.id ?? null));

const reasonOf = (code: RefusalCode, details: Record<string, unknown>) => ({ code, message: errors[code][1], details });

const placesOf = (ride: Ride) => ({
  startPlace: place(ride.startLatitude, ride.startLongitude),
  endPlace: place(ride.endLatitude, ride.endLongitude),
});

const place = (latitude: number | null, longitude: number | null) =>
  latitude === null || longitude === null ? null : { latitude, longitude };

const rowOf = (ride: Ride): RideRow => ({
  id: ride.id, scooterId: ride.scooterId, state: ride.state,
  requestedAt: ride.requestedAt.toISOString(),
  startedAt: ride.startedAt?.toISOString() ?? null,
  endedAt: ride.endedAt?.toISOString() ?? null,
  fareCents: ride.fareCents, failure: ride.failure,
});
