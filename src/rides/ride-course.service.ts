// What happens to a ride: the bank's answer, the scooter's answers, and its silence. Every method is
// one reaction to one event; an event that no longer fits the state of the ride changes nothing.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RefusalCode } from '../errors.js';
import type { Events } from '../events.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { Fix } from '../platform/geo.js';
import type { RideId } from '../platform/ids.js';
import type { About } from '../platform/outbox.service.js';
import { together } from '../platform/together.js';
import { ZonesService } from '../zones/zones.service.js';
import { placeOf, RideEndService } from './ride-end.service.js';
import { RideTermsService } from './ride-terms.service.js';
import { RideRowsService } from './ride-rows.service.js';
import { rideStates } from './ride-state.js';
import type { Ride } from './ride.js';
import { isOursToFinish, whyNotEnd } from './why-not-end.js';

@Injectable()
export class RideCourseService {
  constructor(
    private readonly rows: RideRowsService,
    private readonly fleet: FleetService,
    private readonly zones: ZonesService,
    private readonly terms: RideTermsService,
    private readonly ending: RideEndService,
  ) {}

  /** The money is blocked, so the wheel may turn: only now is the scooter told to open. */
  async authorised(tx: EntityManager, { rideId }: Events['payment.authorised']): Promise<void> {
    const ride = await this.hold(tx, rideId);
    if (ride?.state !== 'authorising') return this.terms.release(tx, rideId);
    const unheard = await this.rows.advanceWithOrder(tx, ride, 'authorised', 'unlock');
    if (unheard) await this.ending.fail(tx, { ...ride, state: 'unlocking', commandId: null }, unheard);
  }

  async refusedByBank(tx: EntityManager, { rideId, reason }: Events['payment.refused']): Promise<void> {
    const ride = await this.hold(tx, rideId);
    if (ride?.state !== 'authorising') return;
    await this.ending.fail(tx, ride, BANK_SAYS[reason]);
  }

  async answered(tx: EntityManager, event: Events['command.done']): Promise<void> {
    const ride = await this.rideOf(tx, event);
    if (!ride) return;
    switch (event.kind) {
      case 'unlock': return this.unlocked(tx, ride, event);
      case 'pause': { this.step(tx, ride, 'paused', event); return; }
      case 'resume': { this.step(tx, ride, 'resumed', event); return; }
      case 'look': return this.looked(tx, ride, event);
      case 'lock': return this.ending.locked(tx, ride, event);
      case 'open_case': case 'open_bay': case 'locate': return;
    }
  }

  async refused(tx: EntityManager, event: Events['command.refused']): Promise<void> {
    const ride = await this.rideOf(tx, event);
    if (ride?.commandId !== event.commandId) return;
    const refusal = { code: 'scooter_refused' as const, details: { reason: event.reason } };
    if (ride.state === 'unlocking') return this.ending.fail(tx, ride, 'scooter_refused', event.reason === 'jammed');
    if (ride.state === 'unsure' && event.kind === 'unlock') return this.ending.fail(tx, ride, 'scooter_refused');
    if (ride.state === 'unsure') {
      this.rows.askLater(tx, ride, refusal);
      return;
    }
    if (ride.state === 'checking' || ride.state === 'locking') this.notLocked(tx, ride, refusal);
    else if (rideStates.after(ride.state, 'refused')) this.rows.advance(tx, ride, 'refused', { refusal, commandId: null });
  }

  /** No answer in time is no answer at all: not yes, not no. */
  async unanswered(tx: EntityManager, event: Events['command.expired']): Promise<void> {
    const ride = await this.rideOf(tx, event);
    if (ride?.commandId !== event.commandId) return;
    if (ride.state === 'unlocking') return this.fence(tx, ride);
    if (ride.state === 'checking') {
      const locking = this.rows.advance(tx, ride, 'silent', { commandId: null });
      await this.rows.orderIfHeard(tx, locking, 'lock');
      return;
    }
    if (ride.state === 'locking' || ride.state === 'unsure') {
      await this.rows.orderIfHeard(tx, ride, 'lock');
    } else if (rideStates.after(ride.state, 'silent')) {
      this.rows.advance(tx, ride, 'silent', { commandId: null, refusal: { code: 'scooter_silent', details: {} } });
    }
  }

  /** The scooter is back on the network: what waited for it is asked anew, with a new nonce. */
  async heardAgain(tx: EntityManager, { scooterId }: Events['scooter.connected']): Promise<void> {
    const rideId = await this.rows.liveRideOfScooter(tx, scooterId);
    const ride = rideId ? await this.hold(tx, rideId) : null;
    if (ride && ride.commandId === null && (ride.state === 'locking' || ride.state === 'unsure')) {
      await this.rows.orderIfHeard(tx, ride, 'lock');
    }
  }

  private async unlocked(tx: EntityManager, ride: Ride, event: Events['command.done']): Promise<void> {
    if (!rideStates.after(ride.state, 'unlocked')) return this.lockWhatStandsOpen(tx, ride);
    if (ride.state === 'unsure') {
      // The rider may have taken another scooter meanwhile; then the lock on its way closes this one.
      if (await this.rows.bindingRideExists(tx, ride.riderId)) return;
      await this.fleet.become(tx, ride.scooterId, 'take');
    }
    const at = new Date(event.at);
    const { odometerM } = await this.fleet.hold(tx, ride.scooterId);
    const place = event.fix ? { startLatitude: event.fix.latitude, startLongitude: event.fix.longitude } : {};
    const riding = this.rows.advance(tx, ride, 'unlocked', { startedAt: at, startOdometerM: odometerM, commandId: null, ...place });
    this.rows.noteStep(tx, riding, { step: 'started', at });
    await this.rows.tell(tx, 'ride.started', riding, { at: event.at });
  }

  /**
   * A ride that is over, and a scooter that says it opened for it: it must not stand open in the street. One
   * that is not in doubt any more has been locked since, and may be somebody else's by now.
   */
  private async lockWhatStandsOpen(tx: EntityManager, ride: Ride): Promise<void> {
    const { state } = await this.fleet.hold(tx, ride.scooterId);
    if (ride.state === 'failed' && state === 'unsure') await this.rows.orderIfHeard(tx, ride, 'lock');
  }

  private step(tx: EntityManager, ride: Ride, step: 'paused' | 'resumed', event: Events['command.done']): void {
    if (!rideStates.after(ride.state, step)) return;
    const moved = this.rows.advance(tx, ride, step, { commandId: null, refusal: null });
    this.rows.noteStep(tx, moved, { step, at: new Date(event.at) });
  }

  private async looked(tx: EntityManager, ride: Ride, event: Events['command.done']): Promise<void> {
    if (ride.state !== 'checking' || ride.commandId !== event.commandId) return;
    const reason = whyNotEnd({ sensors: event.sensors, fix: event.fix, judgeZone: (fix: Fix) => this.zones.decide(fix) });
    if (reason && !isOursToFinish({ code: reason.code, endTries: ride.endTries })) {
      this.backFromEnd(tx, ride, reason);
      return;
    }
    const locking = this.rows.advance(tx, ride, 'checks_hold', { commandId: null });
    await this.rows.orderIfHeard(tx, locking, 'lock');
  }

  /** Moving is the rider's to mend. Anything else is ours: the meter stands, and the lock is asked for until we give up. */
  private notLocked(tx: EntityManager, ride: Ride, refusal: { code: RefusalCode; details: { reason: string } }): void {
    if (refusal.details.reason === 'moving') {
      this.backFromEnd(tx, ride, refusal);
      return;
    }
    const locking = ride.state === 'checking' ? this.rows.advance(tx, ride, 'silent') : ride;
    this.rows.askLater(tx, locking, refusal);
  }

  private backFromEnd(tx: EntityManager, ride: Ride, refusal: { code: RefusalCode; details: Record<string, unknown> }) {
    const step = ride.pausedBeforeEnd ? 'back_to_pause' : 'back_to_riding';
    this.rows.advance(tx, ride, step, { refusal, commandId: null, endAskedAt: null });
  }

  /**
   * Unknown is not failed: the scooter may stand open. Nobody else gets it, and a lock with a higher
   * nonce goes out, so that an unlock still on its way can never be obeyed after it.
   */
  private async fence(tx: EntityManager, ride: Ride): Promise<void> {
    await this.fleet.become(tx, ride.scooterId, 'lose_trust', placeOf(ride));
    const unsure = this.rows.advance(tx, ride, 'silent', { commandId: null });
    await this.rows.orderIfHeard(tx, unsure, 'lock');
  }

  private async rideOf(tx: EntityManager, event: { commandId: Events['command.done']['commandId']; kind: string; scooterId: Events['command.done']['scooterId'] }) {
    const [, own] = await together(this.fleet.hold(tx, event.scooterId), this.rows.holdByCommand(tx, event.commandId));
    if (own !== null || event.kind !== 'lock') return own;
    // A lock is physics, whoever asked for it: an operator's lock ends the ride as well. But one heard of late
    // may be older than the ride's own unlock, and then the scooter has been opened since.
    const live = await this.rows.liveRideOfScooter(tx, event.scooterId);
    return live !== null && (await this.rows.opensBefore(tx, live, event.commandId)) ? this.hold(tx, live) : null;
  }

  /** The bank is about to say yes: scooter, ride and the number of the order to come, all in one question. */
  async readyToUnlock(tx: EntityManager, { rideId }: About): Promise<void> {
    const scooterId = rideId && (await this.ending.scooterOf(tx, rideId));
    if (scooterId) await together(this.fleet.hold(tx, scooterId), this.rows.hold(tx, rideId), this.rows.readyToOrder(tx, scooterId));
  }

  /** The scooter, which is held, is about to settle a command: the ride that waits for it. */
  async readyForAnswer(tx: EntityManager, { commandId }: About): Promise<void> {
    if (commandId) await this.rows.holdByCommand(tx, commandId);
  }

  private async hold(tx: EntityManager, rideId: RideId): Promise<Ride | null> {
    const known = this.rows.held(tx, rideId);
    if (known) return known;
    const scooterId = await this.ending.scooterOf(tx, rideId);
    if (!scooterId) return null;
    const [, ride] = await together(this.fleet.hold(tx, scooterId), this.rows.hold(tx, rideId));
    return ride;
  }
}

const BANK_SAYS = {
  declined: 'card_declined',
  needs_confirmation: 'card_needs_confirmation',
  not_reached: 'card_not_reached',
} as const satisfies Record<Events['payment.refused']['reason'], RefusalCode>;
