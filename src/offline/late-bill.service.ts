// A ride that is over and billed, and a word of its scooter that comes after the bill. The evidence counts as if it had
// come at once; where the bill becomes smaller the difference goes back, and where it would grow it stays as it was given.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Fix } from '../platform/geo.js';
import { taxInside } from '../platform/money.js';
import { CorrectionsService } from '../refunds/corrections.service.js';
import { RideRowsService } from '../rides/ride-rows.service.js';
import { RideTermsService } from '../rides/ride-terms.service.js';
import type { Ride } from '../rides/ride.js';

/** What was not known when the bill was made. */
export interface LateEnd {
  readonly at: Date;
  readonly fix: Fix | null;
  readonly also: Pick<Ride, 'endedBy' | 'endedDespite'>;
}

@Injectable()
export class LateBillService {
  constructor(
    private readonly rows: RideRowsService,
    private readonly terms: RideTermsService,
    private readonly corrections: CorrectionsService,
  ) {}

  /** It ended before the instant it was billed until. */
  async endedEarlier(tx: EntityManager, ride: Ride, { at, fix, also }: LateEnd): Promise<void> {
    if (ride.state !== 'ended' || ride.endedAt === null || at >= ride.endedAt) return;
    const place = fix ? { endLatitude: fix.latitude, endLongitude: fix.longitude } : {};
    this.rows.amend(tx, ride, { endedAt: at, ...also, ...place });
    await this.billAnew(tx, { ...ride, endedAt: at });
  }

  /** Its steps are not those it was billed for. */
  async billAnew(tx: EntityManager, ride: Ride): Promise<void> {
    if (ride.state !== 'ended' || ride.endedAt === null || ride.fareCents === null) return;
    const fare = this.terms.fareOf(ride, await this.rows.stepsOf(tx, ride.id), ride.endedAt);
    if (fare.totalCents >= ride.fareCents) return;
    this.rows.amend(tx, ride, { fareCents: fare.totalCents, fareLines: fare.lines });
    const before = { totalCents: ride.fareCents, ...taxInside(ride.fareCents, ride.tariff.taxPercent) };
    const { id: rideId, riderId, tariff: { currency } } = ride;
    await this.corrections.correct(tx, { rideId, riderId, currency, before, after: fare });
  }
}
