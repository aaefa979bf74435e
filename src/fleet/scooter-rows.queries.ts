// One scooter's row, read and written by hand: telemetry comes hundreds of times a second, and with the
// mapping of the ORM each message took half as long again (measured, 3.4 against 2.3 ms).
import type { EntityManager } from 'typeorm';
import { unawaited } from '../platform/together.js';
import type { ScooterId } from '../platform/ids.js';
import type { SeenRow } from './plain-telemetry.js';
import type { Scooter } from './scooter.js';

/** Also the only names that ever get into a statement. */
const COLUMNS: Readonly<Record<keyof Scooter, string>> = {
  id: 'id',
  plate: 'plate',
  vin: 'vin',
  state: 'state',
  unsureSince: 'unsure_since',
  needsSwap: 'needs_swap',
  rangeUnknown: 'range_unknown',
  connected: 'connected',
  connectionChangedAt: 'connection_changed_at',
  lastSeenAt: 'last_seen_at',
  rangeKm: 'range_km',
  chargePercent: 'charge_percent',
  batterySerial: 'battery_serial',
  odometerM: 'odometer_m',
  sensors: 'sensors',
  latitude: 'latitude',
  longitude: 'longitude',
  accuracyM: 'accuracy_m',
  positionAt: 'position_at',
  boot: 'boot',
  seq: 'seq',
  createdAt: 'created_at',
};
const FIELDS = Object.keys(COLUMNS) as (keyof Scooter)[];
/** The driver gives bigint as text; this one stays far below what JavaScript counts exactly. */
const COUNTS: ReadonlySet<keyof Scooter> = new Set(['seq']);

const WANTED = FIELDS.map((field) => `${COLUMNS[field]}${COUNTS.has(field) ? '::double precision' : ''} as "${field}"`);
const READ = `select ${WANTED.join(', ')} from scooters where id = $1`;
const SEEN = `select xmin::text as version, ${WANTED.join(', ')} from scooters`;

export async function scooterRow(tx: EntityManager, id: string): Promise<Scooter | undefined> {
  const [row] = await tx.query<Scooter[]>(READ, [id]);
  return row;
}

/** Rows with the mark of their version. */
export const rowsOf = (tx: EntityManager, ids: readonly string[]): Promise<SeenRow[]> => seen(tx, `${SEEN} where id = any($1)`, [ids]);

/** In the order of their ids, beginning after that one. */
export const rowsAfter = (tx: EntityManager, id: string, most: number): Promise<SeenRow[]> =>
  seen(tx, `${SEEN} where id > $1 order by id limit $2`, [id, most]);

export async function versionsAfter(tx: EntityManager, id: string, most: number): Promise<{ id: ScooterId; version: number }[]> {
  const rows = await tx.query<{ id: ScooterId; version: string }[]>(
    'select id, xmin::text as version from scooters where id > $1 order by id limit $2', [id, most]);
  return rows.map((row) => ({ id: row.id, version: Number(row.version) }));
}

async function seen(tx: EntityManager, sql: string, values: unknown[]): Promise<SeenRow[]> {
  const rows = await tx.query<(Scooter & { version: string })[]>(sql, values);
  return rows.map(({ version, ...row }) => ({ row, version: Number(version) }));
}

/**
 * What a transaction holds nobody else can change, and it changes it only through `writeScooterRow`: so the
 * row is read once and remembered until the transaction ends. An unlock asked for it eleven times (measured).
 */
const held = new WeakMap<EntityManager, Map<string, Scooter>>();

export async function lockedScooterRow(tx: EntityManager, id: string): Promise<Scooter | undefined> {
  const known = held.get(tx)?.get(id);
  if (known) return known;
  const [row] = await tx.query<Scooter[]>(`${READ} for update`, [id]);
  if (row) held.set(tx, (held.get(tx) ?? new Map<string, Scooter>()).set(id, row));
  return row;
}

export function writeScooterRow(tx: EntityManager, id: string, changes: Partial<Scooter>): void {
  const fields = FIELDS.filter((field) => changes[field] !== undefined);
  const sets = fields.map((field, i) => `${COLUMNS[field]} = $${String(i + 2)}`);
  const rows = held.get(tx);
  const before = rows?.get(id);
  const row = before && { ...before, ...Object.fromEntries(fields.map((field) => [field, changes[field]])) };
  if (row) rows?.set(id, row);
  const wrote = tx.query<[{ version: string }[], number]>(
    `update scooters set ${sets.join(', ')} where id = $1 returning xmin::text as version`,
    [id, ...fields.map((field) => changes[field])],
  );
  unawaited(wrote);
  if (!row) return;
  const seenRow = wrote.then(([[answer]]) => ({ row, version: Number(answer?.version ?? 0) }));
  unawaited(seenRow);
  written.set(tx, [...(written.get(tx) ?? []), seenRow]);
}

const written = new WeakMap<EntityManager, Promise<SeenRow>[]>();

/** What a transaction has written, in this order; once it is committed, its answers are there. */
export const writtenIn = (tx: EntityManager): Promise<SeenRow[]> => Promise.all(written.get(tx) ?? []);
