// The rows of rides: held, moved along the state table, and the commands given for them. Every other
// service of rides writes through here, so that no state changes outside the table.
import { Injectable } from '@nestjs/common';
import { In, type EntityManager, type QueryDeepPartialEntity } from 'typeorm';
import type { Events } from '../events.js';
import { Clock } from '../platform/clock.js';
import type { CommandId, RideId, RiderId, ScooterId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import { orRefuse, Refusal } from '../platform/refusal.js';
import type { RideStep as TimelineStep } from '../pricing/timeline.js';
import { DownlinkService } from '../commands/downlink.service.js';
import type { CommandKind } from '../telematics/wire.js';
import { BINDING_STATES, LIVE_STATES, rideStates, type RideStep } from './ride-state.js';
import { RideEntity } from './ride.entity.js';
import type { Ride, RideRefusal } from './ride.js';

type RideEvent = 'ride.started' | 'ride.ended' | 'ride.failed';

@Injectable()
export class RideRowsService {
  constructor(
    private readonly clock: Clock,
    private readonly downlink: DownlinkService,
    private readonly outbox: OutboxService,
  ) {}

  /** The ride, locked. Its scooter must be held before (ladder order: scooter, ride). */
  async hold(tx: EntityManager, rideId: RideId): Promise<Ride> {
    return orRefuse(await tx.findOne(RideEntity, { where: { id: rideId }, lock: { mode: 'pessimistic_write' } }), 'ride_unknown');
  }

  /** Which ride a command was given for, read without a lock; null for commands of crews and operators. */
  async rideOfCommand(tx: EntityManager, commandId: CommandId): Promise<RideId | null> {
    const [row] = await tx.query<{ ride_id: RideId }[]>('select ride_id from ride_commands where command_id = $1', [commandId]);
    return row?.ride_id ?? null;
  }

  /** Whether the scooter was told to open for this ride before it was given that command. */
  async opensBefore(tx: EntityManager, rideId: RideId, commandId: CommandId): Promise<boolean> {
    const given = await tx.query<{ command_id: CommandId }[]>('select command_id from ride_commands where ride_id = $1', [rideId]);
    return this.downlink.followsUnlock(tx, commandId, given.map(({ command_id }) => command_id));
  }

  async liveRideOfScooter(tx: EntityManager, scooterId: ScooterId): Promise<RideId | null> {
    const ride = await tx.findOne(RideEntity, { where: { scooterId, state: In([...LIVE_STATES]) }, select: { id: true } });
    return ride?.id ?? null;
  }

  bindingRideExists(tx: EntityManager, riderId: RiderId): Promise<boolean> {
    return tx.existsBy(RideEntity, { riderId, state: In([...BINDING_STATES]) });
  }

  /** One step along the table. @throws Refusal step_not_allowed when the table has no such step. */
  async advance(tx: EntityManager, ride: Ride, step: RideStep, also: Partial<Ride> = {}): Promise<Ride> {
    const state = rideStates.mustStep(ride.state, step);
    const next: Ride = { ...ride, ...also, state };
    await tx.update(RideEntity, { id: ride.id }, { ...also, state } as QueryDeepPartialEntity<RideEntity>);
    return next;
  }

  /** Gives the scooter a command for this ride and waits for its answer. @throws Refusal scooter_offline, broker_down */
  async order(tx: EntityManager, ride: Ride, kind: CommandKind): Promise<CommandId> {
    const commandId = await this.downlink.command(tx, { scooterId: ride.scooterId, kind, requestedBy: `ride:${ride.id}` });
    await tx.query('insert into ride_commands (command_id, ride_id) values ($1, $2)', [commandId, ride.id]);
    await tx.update(RideEntity, { id: ride.id }, { commandId });
    return commandId;
  }

  /** Like `order`, but a scooter out of reach is no error: whoever hears of it next tries again. */
  async orderIfHeard(tx: EntityManager, ride: Ride, kind: CommandKind): Promise<RideRefusedCode | null> {
    try {
      await this.order(tx, ride, kind);
      return null;
    } catch (error) {
      if (error instanceof Refusal && (error.code === 'scooter_offline' || error.code === 'broker_down')) {
        await tx.update(RideEntity, { id: ride.id }, { commandId: null });
        return error.code;
      }
      throw error;
    }
  }

  /** No command is awaited now; the overdue job orders the next lock. */
  async askLater(tx: EntityManager, ride: Ride, refusal: RideRefusal): Promise<void> {
    await tx.update(RideEntity, { id: ride.id }, { commandId: null, refusal } as QueryDeepPartialEntity<RideEntity>);
  }

  /** The scooter rings and flashes for somebody who looks for it. @throws Refusal scooter_offline, broker_down */
  async ring(tx: EntityManager, scooterId: ScooterId, riderId: RiderId): Promise<void> {
    await this.downlink.command(tx, { scooterId, kind: 'locate', requestedBy: `rider:${riderId}` });
  }

  async noteStep(tx: EntityManager, ride: Ride, { step, at }: TimelineStep): Promise<void> {
    await tx.query('insert into ride_steps (ride_id, step, at) values ($1, $2, $3)', [ride.id, step, at]);
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
}

type RideRefusedCode = 'scooter_offline' | 'broker_down';
