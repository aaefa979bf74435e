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
import { scooterStates, stepForCharge, type ScooterStep } from './scooter-state.js';
import { telemetryChanges, type TelemetrySample } from './telemetry-changes.js';

const NO_PLACE = { latitude: null, longitude: null, accuracyM: null, positionAt: null } as const;

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
    await writeScooterRow(tx, before.id, changes);
    return { ...before, ...changes };
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
    await writeScooterRow(tx, before.id, after.changes);
    for (const { name, event } of after.happened) await this.outbox.publish(tx, name, before.id, event);
    return true;
  }

  async recordPresence(tx: EntityManager, scooterId: string, connected: boolean): Promise<void> {
    const before = await this.hold(tx, scooterId);
    if (before.connected === connected) return;
    await writeScooterRow(tx, before.id, { connected, connectionChangedAt: this.clock.now() });
    if (connected) await this.outbox.publish(tx, 'scooter.connected', before.id, { scooterId: before.id });
  }

  /** A fact a scooter told of itself, for whoever listens. */
  async tell(tx: EntityManager, scooterId: string, { name, event }: Fact): Promise<void> {
    await this.outbox.publish(tx, name, scooterId, event);
  }

  /** What a command's answer says of the scooter; it comes beside telemetry and moves no counter. */
  async recordSensors(tx: EntityManager, scooterId: string, sensors: Sensors, odometerM?: number): Promise<void> {
    const before = await this.hold(tx, scooterId);
    const now = this.clock.now();
    await writeScooterRow(tx, before.id, { sensors, lastSeenAt: now, odometerM: odometerM ?? before.odometerM });
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

  /** Nobody knows whether these are locked, and nobody has for long. */
  async unsureSinceBefore(instant: Date): Promise<ScooterId[]> {
    const rows = await this.db.query<{ id: ScooterId }[]>('select id from scooters where unsure_since < $1 and boot > 0', [instant]);
    return rows.map(({ id }) => id);
  }

  /** All who are there, as far as we know; for calling the roll. */
  async connectedIds(): Promise<ScooterId[]> {
    const rows = await this.db.query<{ id: ScooterId }[]>('select id from scooters where connected');
    return rows.map(({ id }) => id);
  }
}
