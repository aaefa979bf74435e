// Many plain messages in one statement. Each row is written only while it is still the very version its change was
// worked out from; a row that somebody else has written or that is gone is left alone and not reported back.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';
import type { PlainChange } from './plain-telemetry.js';
import type { Sensors } from './scooter.js';

/** Batches take turns, also those of other processes: two that lock the same rows in different order would wait for each other. */
const TURN = 7_211_050;

@Injectable()
export class TelemetryBatchQueries {
  constructor(private readonly db: DataSource) {}

  /** @returns the new version of each row that was written. */
  async write(changes: readonly PlainChange[]): Promise<Map<ScooterId, number>> {
    // An UPDATE answers with its rows and their number.
    const [rows] = await this.db.query<[{ id: ScooterId; version: string }[], number]>(WRITE, valuesOf(changes));
    return new Map(rows.map(({ id, version }) => [id, Number(version)]));
  }
}

const WRITE = `
  with turn as materialized (select pg_advisory_xact_lock(${TURN}))
  update scooters s
     set boot = g.boot, seq = g.seq, last_seen_at = to_timestamp(g.last_seen_ms / 1000), odometer_m = g.odometer_m,
         sensors = coalesce(g.sensors, s.sensors), range_km = g.range_km, charge_percent = g.charge_percent,
         battery_serial = coalesce(g.battery_serial, s.battery_serial), latitude = g.latitude, longitude = g.longitude,
         accuracy_m = g.accuracy_m, position_at = to_timestamp(g.position_ms / 1000)
    from turn, unnest($1::uuid[], $2::xid[], $3::integer[], $4::bigint[], $5::double precision[], $6::integer[], $7::jsonb[], $8::double precision[],
                      $9::double precision[], $10::text[], $11::double precision[], $12::double precision[], $13::double precision[],
                      $14::double precision[])
      as g (id, version, boot, seq, last_seen_ms, odometer_m, sensors, range_km, charge_percent, battery_serial, latitude,
            longitude, accuracy_m, position_ms)
   where s.id = g.id and s.xmin = g.version
  returning s.id, s.xmin as version`;

/** Array literals made here: the driver would quote and escape every number (measured, a third of the cost of a message). */
function valuesOf(changes: readonly PlainChange[]): string[] {
  const numbers = (pick: (change: PlainChange) => number | null | undefined): string => literal(changes.map((change) => pick(change) ?? 'NULL'));
  const texts = (pick: (change: PlainChange) => string | null): string => literal(changes.map((change) => pick(change) ?? 'NULL'));
  return [
    literal(changes.map(({ after }) => after.id)),
    numbers(({ seen }) => seen.version),
    numbers(({ after }) => after.boot),
    numbers(({ after }) => after.seq),
    numbers(({ after }) => after.lastSeenAt?.getTime()),
    numbers(({ after }) => after.odometerM),
    texts(({ seen, after }) => sensorsText(seen.row.sensors, after.sensors)),
    numbers(({ after }) => after.rangeKm),
    numbers(({ after }) => after.chargePercent),
    texts(({ seen, after }) => (after.batterySerial === null || after.batterySerial === seen.row.batterySerial ? null : quoted(after.batterySerial))),
    numbers(({ after }) => after.latitude),
    numbers(({ after }) => after.longitude),
    numbers(({ after }) => after.accuracyM),
    numbers(({ after }) => after.positionAt?.getTime()),
  ];
}

const literal = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** Null when they say the same, which they nearly always do. */
function sensorsText(before: Sensors | null, after: Sensors | null): string | null {
  if (after === null || before === after) return null;
  const isSame = before?.lock === after.lock && before.ignition === after.ignition && before.stand === after.stand
    && before.helmet === after.helmet && before.case === after.case && before.bay === after.bay;
  return isSame ? null : quoted(JSON.stringify(after));
}
