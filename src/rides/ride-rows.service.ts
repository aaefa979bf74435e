// The rows of rides: held, moved along the state table, and the commands given for them. Every other
// service of rides writes through here, so that no state changes outside the table.
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { Events } from '../events.js';
import { Clock } from '../platform/clock.js';
import type { CommandId, RideId, RiderId, ScooterId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import { orRefuse, Refusal } from '../platform/refusal.js';
import { unawaited } from '../platform/together.js';
import type { RideStep as TimelineStep } from '../pricing/timeline.js';
import { DownlinkService } from '../commands/downlink.service.js';
import { RidePassService, type RidePass } from '../commands/ride-pass.service.js';
import type { CommandKind } from '../telematics/wire.js';
import { BINDING_STATES, isLive, LIVE_STATES, rideStates, type RideStep } from './ride-state.js';
import { RideEntity } from './ride.entity.js';
import { heldRide, insertRide, lockedRide, lockedRideOfCommand, updateRide } from './ride-table.queries.js';
import type { Ride, RideRefusal } from './ride.js';

type RideEvent = 'ride.started' | 'ride.ended' | 'ride.failed';

@Injectable()
export class RideRowsService {
  constructor(
    private readonly clock: Clock,
    private readonly downlink: DownlinkService,
    private readonly outbox: OutboxService,
    private readonly passes: RidePassService,
  ) {}

  /** The ride, locked. Its scooter must be held before (ladder order: scooter, ride). */
  async hold(tx: EntityManager, rideId: RideId): Promise<Ride> {
    return orRefuse(await lockedRide(tx, rideId), 'ride_unknown');
  }

  /** The ride, when this transaction has locked it already. */
  held(tx: EntityManager, rideId: RideId): Ride | null {
    return heldRide(tx, rideId) ?? null;
  }

  /** The ride a command was given for, locked under the same condition; null for commands of crews and operators. */
  async holdByCommand(tx: EntityManager, commandId: CommandId): Promise<Ride | null> {
    return (await lockedRideOfCommand(tx, commandId)) ?? null;
  }

  begin(tx: EntityManager, ride: Ride): void {
    insertRide(tx, ride);
  }

  /** Whether the scooter was told to open for this ride before it was given that command. */
  async opensBefore(tx: EntityManager, rideId: RideId, commandId: CommandId): Promise<boolean> {
    return this.downlink.followsUnlock(tx, commandId, await this.commandsOf(tx, rideId));
  }

  /** For its rider alone, and only while it runs. */
  async passOf(tx: EntityManager, ride: Ride): Promise<RidePass | null> {
    if (ride.startedAt === null || !isLive(ride.state)) return null;
    return this.passes.of(tx, ride.scooterId, await this.commandsOf(tx, ride.id));
  }

  /** Whose ride the scooter was in at that instant, locked; the next one may have begun since. */
  async holdAt(tx: EntityManager, scooterId: ScooterId, at: Date): Promise<Ride | null> {
    const [ride] = await tx.query<{ id: RideId }[]>(
      'select id from rides where scooter_id = $1 and started_at <= $2 order by started_at desc limit 1', [scooterId, at]);
    return ride ? this.hold(tx, ride.id) : null;
  }

  /** A ride that was asked for before that instant and whose unlock is still to be heard of. */
  async awaitsUnlock(tx: EntityManager, scooterId: ScooterId, at: Date): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `select 1 from rides where scooter_id = $1 and state in ('unlocking', 'unsure') and requested_at <= $2`, [scooterId, at]);
    return rows.length > 0;
  }

  /** What late evidence changes on a ride that is over; its state never does. */
  amend(tx: EntityManager, ride: Ride, changes: Partial<Omit<Ride, 'id' | 'state'>>): void {
    updateRide(tx, ride.id, changes);
    if (changes.endedAt) unawaited(tx.query(`update ride_steps set at = $2 where ride_id = $1 and step = 'ended'`, [ride.id, changes.endedAt]));
  }

  async liveRideOfScooter(tx: EntityManager, scooterId: ScooterId): Promise<RideId | null> {
    const ride = await tx.findOne(RideEntity, { where: { scooterId, state: In([...LIVE_STATES]) }, select: { id: true } });
    return ride?.id ?? null;
  }

  async bindingRideExists(tx: EntityManager, riderId: RiderId): Promise<boolean> {
    const rows = await tx.query<unknown[]>('select 1 from rides where rider_id = $1 and state = any($2) limit 1', [riderId, BINDING_STATES]);
    return rows.length > 0;
  }

  /** One step along the table. @throws Refusal step_not_allowed when the table has no such step. */
  advance(tx: EntityManager, ride: Ride, step: RideStep, also: Partial<Ride> = {}): Ride {
    const state = rideStates.mustStep(ride.state, step);
    updateRide(tx, ride.id, { ...also, state });
    return { ...ride, ...also, state };
  }

  /** A step and the command that belongs to it, in one change of the row; the step is taken also when nobody hears. */
  async advanceWithOrder(tx: EntityManager, ride: Ride, step: RideStep, kind: CommandKind): Promise<RideRefusedCode | null> {
    const given = await this.giveIfHeard(tx, ride, kind);
    this.advance(tx, ride, step, { commandId: given.commandId });
    return given.unheard;
  }

  readyToOrder(tx: EntityManager, scooterId: ScooterId): Promise<void> {
    return this.downlink.ready(tx, scooterId);
  }

  /** Gives the scooter a command for this ride and waits for its answer. @throws Refusal scooter_offline, broker_down */
  async order(tx: EntityManager, ride: Ride, kind: CommandKind): Promise<CommandId> {
    const commandId = await this.give(tx, ride, kind);
    updateRide(tx, ride.id, { commandId });
    return commandId;
  }

  /** Like `order`, but a scooter out of reach is no error: whoever hears of it next tries again. */
  async orderIfHeard(tx: EntityManager, ride: Ride, kind: CommandKind): Promise<RideRefusedCode | null> {
    const { commandId, unheard } = await this.giveIfHeard(tx, ride, kind);
    updateRide(tx, ride.id, { commandId });
    return unheard;
  }

  private async giveIfHeard(tx: EntityManager, ride: Ride, kind: CommandKind): Promise<Given> {
    try {
      return { commandId: await this.give(tx, ride, kind), unheard: null };
    } catch (error) {
      if (error instanceof Refusal && (error.code === 'scooter_offline' || error.code === 'broker_down')) return { commandId: null, unheard: error.code };
      throw error;
    }
  }

  private async give(tx: EntityManager, ride: Ride, kind: CommandKind): Promise<CommandId> {
    const commandId = await this.downlink.command(tx, { scooterId: ride.scooterId, kind, requestedBy: `ride:${ride.id}` });
    unawaited(tx.query('insert into ride_commands (command_id, ride_id) values ($1, $2)', [commandId, ride.id]));
    return commandId;
  }

  /** No command is awaited now; the overdue job orders the next lock. */
  askLater(tx: EntityManager, ride: Ride, refusal: RideRefusal): void {
    updateRide(tx, ride.id, { commandId: null, refusal });
  }

  /** The scooter rings and flashes for somebody who looks for it. @throws Refusal scooter_offline, broker_down */
  async ring(tx: EntityManager, scooterId: ScooterId, riderId: RiderId): Promise<void> {
    await this.downlink.command(tx, { scooterId, kind: 'locate', requestedBy: `rider:${riderId}` });
  }

  noteStep(tx: EntityManager, ride: Ride, { step, at }: TimelineStep): void {
    unawaited(tx.query('insert into ride_steps (ride_id, step, at) values ($1, $2, $3)', [ride.id, step, at]));
  }

  stepsOf(tx: EntityManager, rideId: RideId): Promise<TimelineStep[]> {
    return tx.query<TimelineStep[]>('select step, at from ride_steps where ride_id = $1 order by at, id', [rideId]);
  }

  async tell<N extends RideEvent>(tx: EntityManager, name: N, ride: Ride, rest: Omit<Events[N], 'rideId' | 'riderId' | 'scooterId'>) {
    const who = { rideId: ride.id, riderId: ride.riderId, scooterId: ride.scooterId };
    await this.outbox.publish(tx, name, ride.id, { ...who, ...rest } as unknown as Events[N]);
  }

  now(): Date {
    return this.clock.now();
  }

  private async commandsOf(tx: EntityManager, rideId: RideId): Promise<CommandId[]> {
    const given = await tx.query<{ command_id: CommandId }[]>('select command_id from ride_commands where ride_id = $1', [rideId]);
    return given.map(({ command_id: commandId }) => commandId);
  }
}

interface Given { readonly commandId: CommandId | null; readonly unheard: RideRefusedCode | null }
type RideRefusedCode = 'scooter_offline' | 'broker_down';
