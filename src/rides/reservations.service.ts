// Holding a scooter while walking to it: asked for, let go, run out.
import { Injectable } from '@nestjs/common';
import { DataSource, LessThanOrEqual, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { newId, type ReservationId, type RiderId, type ScooterId } from '../platform/ids.js';
import { LoopService } from '../platform/loop.service.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { ReservationEntity } from './reservation.entity.js';
import { RESERVATION_MINUTES, type Reservation } from './reservation.js';
import { RideMoneyService } from './ride-money.service.js';
import { RideRowsService } from './ride-rows.service.js';
import { whyNotReserve } from './why-not-reserve.js';

@Injectable()
export class ReservationsService {
  constructor(
    private readonly db: DataSource,
    private readonly rows: RideRowsService,
    private readonly fleet: FleetService,
    private readonly money: RideMoneyService,
    loops: LoopService,
  ) {
    loops.add({ name: 'reservations.expire', everySeconds: 1, step: () => this.expireOne() });
  }

  reserve(riderId: RiderId, scooterId: ScooterId): Promise<Reservation> {
    return this.db.transaction(async (tx) => {
      const scooter = await this.fleet.hold(tx, scooterId);
      const now = this.rows.now();

      await this.money.refuseUnlessWelcome(tx, riderId);
      refuseIf(
        whyNotReserve({
          scooter,
          serviceOpen: this.money.serviceOpen(),
          riderHasLiveRide: await this.rows.bindingRideExists(tx, riderId),
          riderHoldsAnother: await tx.existsBy(ReservationEntity, { riderId, state: 'held' }),
          lastHeldUntil: await this.lastUnused(tx, riderId, scooterId),
          now,
        }),
        { scooterId },
      );

      await this.fleet.become(tx, scooterId, 'reserve');
      const expiresAt = new Date(now.getTime() + RESERVATION_MINUTES * 60_000);
      const row: Reservation = { id: newId<ReservationId>(), riderId, scooterId, state: 'held', createdAt: now, expiresAt, endedAt: null };
      await tx.insert(ReservationEntity, row);
      return row;
    });
  }

  cancel(riderId: RiderId, reservationId: ReservationId): Promise<void> {
    return this.db.transaction(async (tx) => {
      const found = await tx.findOneBy(ReservationEntity, { id: reservationId, riderId, state: 'held' });
      await this.letGo(tx, orRefuse(found, 'reservation_unknown'), 'cancelled');
    });
  }

  async current(riderId: RiderId): Promise<Reservation> {
    return orRefuse(await this.db.manager.findOneBy(ReservationEntity, { riderId, state: 'held' }), 'reservation_unknown');
  }

  /** Lets one run-out reservation go; false when none is due. */
  private expireOne(): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const due = await tx.findOneBy(ReservationEntity, { state: 'held', expiresAt: LessThanOrEqual(this.rows.now()) });
      if (!due) return false;
      await this.letGo(tx, due, 'expired');
      return true;
    });
  }

  private async letGo(tx: EntityManager, { id, scooterId }: Reservation, state: 'cancelled' | 'expired'): Promise<void> {
    await this.fleet.hold(tx, scooterId);
    const { affected } = await tx.update(ReservationEntity, { id, state: 'held' }, { state, endedAt: this.rows.now() });
    // Used or let go by someone who was quicker: then the scooter is theirs to move.
    if (affected === 1) await this.fleet.become(tx, scooterId, 'release');
  }

  private async lastUnused(tx: EntityManager, riderId: RiderId, scooterId: ScooterId): Promise<Date | null> {
    const rows = await tx.find(ReservationEntity, { where: { riderId, scooterId }, order: { createdAt: 'DESC' }, take: 1 });
    return rows[0] && rows[0].state !== 'used' ? rows[0].endedAt : null;
  }
}
