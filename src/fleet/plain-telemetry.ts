// Most telemetry is plain: a scooter that is known to be there says where it stands and how full it is, and nobody
// has to be told. Such messages are written many at a time; what is not plain goes the careful way, one by one.
// What a message means is decided by the one rule in telemetry-changes.ts in both cases.
import type { Scooter } from './scooter.js';
import { telemetryChanges, type TelemetrySample } from './telemetry-changes.js';

/** A row as it stood in the database, with the mark of that very version: who finds the mark unchanged finds the row unchanged. */
export interface SeenRow {
  readonly row: Scooter;
  /** The transaction that wrote this version (xmin). */
  readonly version: number;
}

export interface PlainChange {
  readonly seen: SeenRow;
  readonly after: Scooter;
}

/** `old`: it changes nothing. `special`: it must be looked at with the row locked. */
export function plainTelemetry(seen: SeenRow, said: TelemetrySample, receivedAt: Date): PlainChange | 'old' | 'special' {
  const { row } = seen;
  const changed = telemetryChanges(row, said, receivedAt);
  if (!changed) return 'old';
  const { changes, happened } = changed;
  // Silence is broken, or trust can be won: both are decided beside the message and with the row locked.
  if (!row.connected || row.state === 'unsure' || happened.length > 0) return 'special';
  const after = { ...row, ...changes };
  const isSame = after.state === row.state && after.needsSwap === row.needsSwap && after.rangeUnknown === row.rangeUnknown;
  return isSame ? { seen, after } : 'special';
}
