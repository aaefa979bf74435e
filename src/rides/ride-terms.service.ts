// On which terms somebody rides: are they welcome, is the service open, at which price and under which
// zones, and what it cost in the end. One door from rides to accounts, pricing, zones and billing.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RidersService } from '../accounts/riders.service.js';
import { whyNotRide } from '../accounts/why-not-ride.js';
import { PaymentsService, type WayToPay } from '../billing/payments.service.js';
import { whyNotCredit } from '../billing/why-not-credit.js';
import { cityDay } from '../platform/city-time.js';
import { Clock } from '../platform/clock.js';
import type { RideId, RiderId } from '../platform/ids.js';
import { refuseIf } from '../platform/refusal.js';
import { fareOf, type Fare } from '../pricing/fare.js';
import { mayStart } from '../pricing/opening-hours.js';
import { PricingService } from '../pricing/pricing.service.js';
import type { Tariff } from '../pricing/tariff.js';
import type { RideStep } from '../pricing/timeline.js';
import { together } from '../platform/together.js';
import { ZonesService } from '../zones/zones.service.js';
import type { Ride } from './ride.js';

/** Somebody who may ride now, and what they will pay with. */
export interface Welcome { readonly wayToPay: WayToPay | null }

@Injectable()
export class RideTermsService {
  constructor(
    private readonly clock: Clock,
    private readonly riders: RidersService,
    private readonly pricing: PricingService,
    private readonly payments: PaymentsService,
    private readonly zones: ZonesService,
  ) {}

  /** Written down with the ride, so that a quarrel about a zone can be judged by the map of that day. */
  zoneVersion(): number {
    return this.zones.version;
  }

  /** @throws Refusal with the first reason this person may not ride now: account, licence, debt, card. */
  async refuseUnlessWelcome(tx: EntityManager, riderId: RiderId): Promise<Welcome> {
    const [facts, credit] = await together(this.riders.facts(tx, riderId), this.payments.credit(tx, riderId));
    refuseIf(whyNotRide(facts, cityDay(this.clock.now())));
    refuseIf(whyNotCredit(credit));
    return credit;
  }

  serviceOpen(): boolean {
    return mayStart(this.clock.now());
  }

  tariffNow(tx: EntityManager): Promise<Tariff> {
    return this.pricing.inForceWithin(tx, this.clock.now());
  }

  authorise(tx: EntityManager, ride: Pick<Ride, 'id' | 'riderId' | 'tariff'>, { wayToPay }: Welcome): void {
    const { holdCents, currency } = ride.tariff;
    this.payments.authorise(tx, { riderId: ride.riderId, rideId: ride.id, amountCents: holdCents, currency }, wayToPay);
  }

  async settle(tx: EntityManager, ride: Ride, fare: Fare, at: Date): Promise<void> {
    await this.payments.settle(tx, { riderId: ride.riderId, rideId: ride.id, fare, currency: ride.tariff.currency, at });
  }

  async release(tx: EntityManager, rideId: RideId): Promise<void> {
    await this.payments.release(tx, rideId);
  }

  /** The live meter and the final fare are this one function. */
  fareOf(ride: Pick<Ride, 'tariff' | 'distanceM'>, steps: RideStep[], until: Date): Fare {
    return fareOf({ tariff: ride.tariff, steps, until, distanceM: ride.distanceM });
  }
}
