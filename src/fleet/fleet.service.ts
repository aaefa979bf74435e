// The scooters we own: who has them, what they last said, and the one way each of these changes.
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import type { Fact } from '../events.js';
import { Clock } from '../platform/clock.js';
import type { Fix } from '../platform/geo.js';
import type { ScooterId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { believablePlace } from './believable-place.js';
import { needsBattery, type Scooter, type Sensors } from './scooter.js';
import { ScooterEntity } from './scooter.entity.js';
import { lockedScooterRow, scooterRow, writeScooterRow } from './scooter-rows.queries.js';
import { scooterStates, stepForCharge, type ScooterState, type ScooterStep } from './scooter-state.js';
import { telemetryChanges, type TelemetrySample } from './telemetry-changes.js';

const NO_PLACE = { latitude: null, longitude: null, accuracyM: null, positionAt: null } as const;

export interface OutOfReach { readonly id: ScooterId; readonly state: ScooterState; readonly since: Date }

@Injectable()
export class FleetService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly outbox: OutboxService,
  ) {}

  /** Locks the row until the transaction ends, so that two riders cannot both find it free. */
  async hold(tx: EntityManager, scooterId: string): Promise<Scooter> {
    return orRefuse(await lockedScooterRow(tx, scooterId), 'scooter_unknown', { scooterId });
  }

  /** As it is now, for showing; nothing may be decided by it. */
  async read(scooterId: string): Promise<Scooter> {
    return orRefuse(await scooterRow(this.db.manager, scooterId), 'scooter_unknown', { scooterId });
  }

  /** Many at once, for showing and for planning; unknown ids are left out. */
  readAll(scooterIds: readonly string[]): Promise<Scooter[]> {
    return this.db.manager
      .createQueryBuilder(ScooterEntity, 's')
      .where('s.id = any(:ids)', { ids: [...scooterIds] })
      .getMany();
  }

  /** Whoever lets a scooter go says `release`, `return` or `trust`; whether it is low is decided here. */
  async become(tx: EntityManager, scooterId: string, step: ScooterStep, place?: Fix): Promise<Scooter> {
    const before = await this.hold(tx, scooterId);
    const state = scooterStates.mustStep(before.state, stepForCharge(step, needsBattery(before)));
    const seen = place && believablePlace(NO_PLACE, place, this.clock.now());
    const unsureSince = state === 'unsure' ? this.clock.now() : null;
    const changes: Partial<Scooter> = { state, unsureSince, ...(state === 'taken' ? NO_PLACE : seen) };
    writeScooterRow(tx, before.id, changes);
    return { ...before, ...changes };
  }

  /** From now on another unit speaks for it: whatever it says first is news, and until then nobody knows whether it is locked. */
  async expectNewUnit(tx: EntityManager, scooterId: string): Promise<void> {
    const { state } = await this.hold(tx, scooterId);
    writeScooterRow(tx, scooterId, { boot: 0, seq: 0 });
    if (state === 'available' || state === 'low') await this.become(tx, scooterId, 'lose_trust');
  }

  /** False when the message is a repetition or older than what we know; then nothing changes. */
  async recordTelemetry(
    tx: EntityManager,
    scooterId: string,
    said: TelemetrySample,
    receivedAt: Date,
  ): Promise<boolean> {
    const before = await this.hold(tx, scooterId);
    const after = telemetryChanges(before, said, receivedAt);
    if (!after) return false;
    writeScooterRow(tx, before.id, after.changes);
    for (const { name, event } of after.happened) await this.outbox.publish(tx, name, before.id, event);
    return true;
  }

  async recordPresence(tx: EntityManager, scooterId: string, connected: boolean): Promise<void> {
    const before = await this.hold(tx, scooterId);
    if (before.connected === connected) return;
    writeScooterRow(tx, before.id, { connected, connectionChangedAt: this.clock.now() });
    if (connected) await this.outbox.publish(tx, 'scooter.connected', before.id, { scooterId: before.id });
  }

  /** Its pack is empty or gone: whatever range it told of, it has none now, and somebody must go there. */
  async recordPowerLoss(tx: EntityManager, scooterId: string): Promise<void> {
    const before = await this.hold(tx, scooterId);
    if (before.rangeUnknown || before.state === 'retired') return;
    const low = before.state === 'available' ? { state: scooterStates.mustStep(before.state, 'run_low') } : {};
    writeScooterRow(tx, before.id, { rangeKm: null, rangeUnknown: true, ...low });
    await this.outbox.publish(tx, 'scooter.range_unknown', before.id, { scooterId: before.id });
  }

  /** A fact a scooter told of itself, for whoever listens. */
  async tell(tx: EntityManager, scooterId: string, { name, event }: Fact): Promise<void> {
    await this.outbox.publish(tx, name, scooterId, event);
  }

  /** What a command's answer says of the scooter; it comes beside telemetry and moves no counter. */
  async recordSensors(tx: EntityManager, scooterId: string, sensors: Sensors, odometerM?: number): Promise<void> {
    const before = await this.hold(tx, scooterId);
    const now = this.clock.now();
    writeScooterRow(tx, before.id, { sensors, lastSeenAt: now, odometerM: odometerM ?? before.odometerM });
  }

  /** New scooters. Nobody rides them before they have spoken. */
  async admit(tx: EntityManager, scooters: readonly Pick<Scooter, 'id' | 'plate' | 'vin'>[]): Promise<void> {
    const plates = [...new Set(scooters.map(({ plate }) => plate))];
    const vins = [...new Set(scooters.map(({ vin }) => vin))];
    const isKnown = await tx.existsBy(ScooterEntity, [{ plate: In(plates) }, { vin: In(vins) }]);

    refuseIf(isKnown || plates.length < scooters.length || vins.length < scooters.length ? 'plate_taken' : null);

    await tx.insert(
      ScooterEntity,
      scooters.map(({ id, plate, vin }) => ({ id, plate, vin, state: 'unsure' as const,
        unsureSince: this.clock.now(), createdAt: this.clock.now() })),
    );
  }

  /** In reach, and yet not known to be locked: in doubt after a ride, or seen open where no ride is. */
  async unprovenIds(): Promise<ScooterId[]> {
    const rows = await this.db.query<{ id: ScooterId }[]>(
      `select id from scooters where connected and sensors is not null
          and (state = 'unsure' or (state in ('available', 'low', 'maintenance') and sensors ->> 'lock' = 'open'))`,
    );
    return rows.map(({ id }) => id);
  }

  /** In somebody's ride, out of reach, not heard of since then, and almost empty when they were. */
  async fadedInRide({ since, atMostPercent }: { since: Date; atMostPercent: number }): Promise<ScooterId[]> {
    const rows = await this.db.query<{ id: ScooterId }[]>(
      `select id from scooters where state = 'taken' and not connected and last_seen_at < $1 and charge_percent <= $2`, [since, atMostPercent]);
    return rows.map(({ id }) => id);
  }

  /** Nobody knows whether these are locked, and nobody has for long. */
  async unsureSinceBefore(instant: Date): Promise<ScooterId[]> {
    const rows = await this.db.query<{ id: ScooterId }[]>('select id from scooters where unsure_since < $1 and boot > 0', [instant]);
    return rows.map(({ id }) => id);
  }

  /** Every scooter that still belongs to the city, wherever it is. */
  async inServiceIds(): Promise<ScooterId[]> {
    const rows = await this.db.query<{ id: ScooterId }[]>(`select id from scooters where state <> 'retired' order by id`);
    return rows.map(({ id }) => id);
  }

  /** Out of reach since before that, in nobody's workshop, and heard of at least once. */
  outOfReachSince(instant: Date): Promise<OutOfReach[]> {
    return this.db.query<OutOfReach[]>(
      `select id, state, connection_changed_at as since from scooters
        where not connected and connection_changed_at < $1 and boot > 0 and state not in ('maintenance', 'retired')`, [instant]);
  }

  /** Seen open although neither a rider nor a crew has them. */
  async standingOpenIds(): Promise<ScooterId[]> {
    const rows = await this.db.query<{ id: ScooterId }[]>(
      `select id from scooters where sensors ->> 'lock' = 'open' and state in ('available', 'reserved', 'low', 'unsure')`);
    return rows.map(({ id }) => id);
  }

  async size(): Promise<number> {
    const [row] = await this.db.query<{ count: number }[]>(`select count(*)::int as count from scooters where state <> 'retired'`);
    return row?.count ?? 0;
  }

  /** How many of these cannot be reached now. */
  async absentAmong(scooterIds: readonly ScooterId[]): Promise<number> {
    const [row] = await this.db.query<{ count: number }[]>('select count(*)::int as count from scooters where id = any($1) and not connected', [scooterIds]);
    return row?.count ?? 0;
  }

  /** All who are there, as far as we know; for calling the roll. */
  async connectedIds(): Promise<ScooterId[]> {
    const rows = await this.db.query<{ id: ScooterId }[]>('select id from scooters where connected');
    return rows.map(({ id }) => id);
  }
}
