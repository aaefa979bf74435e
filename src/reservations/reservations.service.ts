// Holding a scooter while walking to it: asked for, let go, used, run out.
import { Injectable } from '@nestjs/common';
import { DataSource, LessThanOrEqual, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { Clock } from '../platform/clock.js';
import { newId, type ReservationId, type RiderId, type ScooterId } from '../platform/ids.js';
import { LoopService } from '../platform/loop.service.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { ReservationEntity } from './reservation.entity.js';
import { RESERVATION_MINUTES, type Reservation } from './reservation.js';
import { whyNotReserve, type ReserveFacts } from './why-not-reserve.js';

export interface Wish {
  readonly riderId: RiderId;
  readonly scooterId: ScooterId;
}

@Injectable()
export class ReservationsService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly fleet: FleetService,
    loops: LoopService,
  ) {
    loops.add({ name: 'reservations.expire', everySeconds: 1, step: () => this.expireOne() });
  }

  /** What is known only above (rides, opening hours) is handed down. @throws Refusal, see why-not-reserve */
  async reserve(
    tx: EntityManager,
    { riderId, scooterId }: Wish,
    known: Pick<ReserveFacts, 'serviceOpen' | 'riderHasLiveRide'>,
  ): Promise<Reservation> {
    const scooter = await this.fleet.hold(tx, scooterId);
    const now = this.clock.now();
    const riderHoldsAnother = await tx.existsBy(ReservationEntity, { riderId, state: 'held' });
    const lastHeldUntil = await this.lastUnused(tx, { riderId, scooterId });

    refuseIf(whyNotReserve({ scooter, ...known, riderHoldsAnother, lastHeldUntil, now }), { scooterId });

    await this.fleet.become(tx, scooterId, 'reserve');
    const expiresAt = this.clock.in(RESERVATION_MINUTES * 60);
    const row: Reservation = { id: newId<ReservationId>(), riderId, scooterId, state: 'held', createdAt: now, expiresAt, endedAt: null };
    await tx.insert(ReservationEntity, row);
    return row;
  }

  /** What the rider holds, run out or not. */
  async heldBy(tx: EntityManager, riderId: RiderId): Promise<Reservation | null> {
    const [held] = await tx.query<Reservation[]>(HELD_BY, [riderId]);
    return held ?? null;
  }

  /** The rider takes the scooter; the caller moves the scooter on. */
  async use(tx: EntityManager, id: ReservationId): Promise<void> {
    await tx.update(ReservationEntity, { id, state: 'held' }, { state: 'used', endedAt: this.clock.now() });
  }

  cancel(riderId: RiderId, id: ReservationId): Promise<void> {
    return this.db.transaction(async (tx) => {
      const found = await tx.findOneBy(ReservationEntity, { id, riderId, state: 'held' });
      await this.letGo(tx, orRefuse(found, 'reservation_unknown'), 'cancelled');
    });
  }

  async current(riderId: RiderId): Promise<Reservation> {
    return orRefuse(await this.heldBy(this.db.manager, riderId), 'reservation_unknown');
  }

  /** Lets one run-out reservation go; false when none is due. */
  private expireOne(): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const due = await tx.findOneBy(ReservationEntity, { state: 'held', expiresAt: LessThanOrEqual(this.clock.now()) });
      if (!due) return false;
      await this.letGo(tx, due, 'expired');
      return true;
    });
  }

  private async letGo(tx: EntityManager, { id, scooterId }: Reservation, state: 'cancelled' | 'expired'): Promise<void> {
    await this.fleet.hold(tx, scooterId);
    const { affected } = await tx.update(ReservationEntity, { id, state: 'held' }, { state, endedAt: this.clock.now() });
    // Used or let go by someone who was quicker: then the scooter is theirs to move.
    if (affected === 1) await this.fleet.become(tx, scooterId, 'release');
  }

  private async lastUnused(tx: EntityManager, { riderId, scooterId }: Wish): Promise<Date | null> {
    const rows = await tx.find(ReservationEntity, { where: { riderId, scooterId }, order: { createdAt: 'DESC' }, take: 1 });
    return rows[0] && rows[0].state !== 'used' ? rows[0].endedAt : null;
  }
}

const HELD_BY = `
  select id, rider_id as "riderId", scooter_id as "scooterId", state, created_at as "createdAt", expires_at as "expiresAt", ended_at as "endedAt"
    from reservations where rider_id = $1 and state = 'held'`;
