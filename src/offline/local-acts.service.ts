// What riders did at the scooter itself: by its button, by Bluetooth, on its keypad. We hear of it at once or days
// later; it counts from the instant the scooter counted back to.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Events } from '../events.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { Fix } from '../platform/geo.js';
import type { ScooterId } from '../platform/ids.js';
import { isLive, rideStates } from '../rides/ride-state.js';
import { RideEndService } from '../rides/ride-end.service.js';
import { RideRowsService } from '../rides/ride-rows.service.js';
import type { Ride } from '../rides/ride.js';
import { whyNotEnd } from '../rides/why-not-end.js';
import { ZonesService } from '../zones/zones.service.js';
import { LateBillService } from './late-bill.service.js';
import { wasDone } from './was-done.js';

type Act = Events['scooter.acted_locally'];

@Injectable()
export class LocalActsService {
  constructor(
    private readonly fleet: FleetService,
    private readonly rows: RideRowsService,
    private readonly ending: RideEndService,
    private readonly bills: LateBillService,
    private readonly zones: ZonesService,
  ) {}

  async acted(tx: EntityManager, act: Act): Promise<void> {
    if (!wasDone(act)) return;
    const ride = await this.rideOf(tx, act);
    if (!ride) return;
    if (act.doing === 'end') await this.ended(tx, ride, act);
    else await this.stepped(tx, ride, act.doing === 'pause' ? 'paused' : 'resumed', act);
  }

  /** @throws while the unlock of that ride is still to be heard of: the word is told again, and by then we know. */
  async rideOf(tx: EntityManager, { scooterId, at }: Pick<Act, 'scooterId' | 'at'>): Promise<Ride | null> {
    await this.fleet.hold(tx, scooterId);
    if (await this.rows.awaitsUnlock(tx, scooterId, new Date(at))) throw new Error('the ride of this word has not begun for us yet');
    return this.rows.holdAt(tx, scooterId, new Date(at));
  }

  async liveRideOf(tx: EntityManager, scooterId: ScooterId): Promise<Ride | null> {
    const rideId = await this.rows.liveRideOfScooter(tx, scooterId);
    return rideId ? this.rows.hold(tx, rideId) : null;
  }

  /** A place is as old as the word that brings it. */
  aged(fix: Fix | null, at: Date): Fix | null {
    const passedS = Math.max(0, (this.rows.now().getTime() - at.getTime()) / 1000);
    return fix && { ...fix, ageS: fix.ageS + passedS };
  }

  /** The lock is a fact, wherever it was closed: where a checked end would have been refused, that is written down. */
  private async ended(tx: EntityManager, ride: Ride, { at: said, by, sensors, fix: saidFix }: Act): Promise<void> {
    const despite = whyNotEnd({ sensors, fix: saidFix, judgeZone: (place) => this.zones.decide(place) });
    const also = { endedBy: by, endedDespite: despite?.code ?? null };
    const at = new Date(said);
    const fix = this.aged(saidFix, at);
    if (isLive(ride.state)) await this.ending.locked(tx, ride, { at: said, fix }, also);
    else await this.bills.endedEarlier(tx, ride, { at, fix, also });
  }

  /** A step that comes after a later one is billed in its place, and no longer moves the ride. */
  private async stepped(tx: EntityManager, ride: Ride, step: 'paused' | 'resumed', { at: said }: Act): Promise<void> {
    const at = new Date(said);
    const isNewest = (await this.rows.stepsOf(tx, ride.id)).every((earlier) => earlier.at <= at);
    this.rows.noteStep(tx, ride, { step, at });
    if (!isLive(ride.state)) await this.bills.billAnew(tx, ride);
    else if (isNewest && rideStates.after(ride.state, step)) this.rows.advance(tx, ride, step, { commandId: null, refusal: null });
  }
}
