// A ride's row, read and written by hand, because a rider stands at the scooter and waits. What a transaction has
// locked is read once: nobody else can change it, and it changes here only.
import type { EntityManager } from 'typeorm';
import type { CommandId, RideId, ScooterId } from '../platform/ids.js';
import { unawaited } from '../platform/together.js';
import type { Ride } from './ride.js';

/** Also the only names that ever get into a statement. */
const COLUMNS: Readonly<Record<keyof Ride, string>> = {
  id: 'id',
  riderId: 'rider_id',
  scooterId: 'scooter_id',
  state: 'state',
  tariff: 'tariff',
  zoneVersion: 'zone_version',
  commandId: 'command_id',
  requestedAt: 'requested_at',
  startedAt: 'started_at',
  endAskedAt: 'end_asked_at',
  endedAt: 'ended_at',
  endTries: 'end_tries',
  pausedBeforeEnd: 'paused_before_end',
  refusal: 'refusal',
  failure: 'failure',
  fareCents: 'fare_cents',
  fareLines: 'fare_lines',
  startOdometerM: 'start_odometer_m',
  distanceM: 'distance_m',
  startLatitude: 'start_latitude',
  startLongitude: 'start_longitude',
  endLatitude: 'end_latitude',
  endLongitude: 'end_longitude',
  endedBy: 'ended_by',
  endedDespite: 'ended_despite',
};
const FIELDS = Object.keys(COLUMNS) as (keyof Ride)[];
/** The driver would make an array of PostgreSQL of a list. */
const JSONS: ReadonlySet<keyof Ride> = new Set(['tariff', 'refusal', 'fareLines']);

const WANTED = FIELDS.map((field) => `r.${COLUMNS[field]} as "${field}"`).join(', ');
const BY_ID = `select ${WANTED} from rides r where r.id = $1 for update`;
const BY_COMMAND = `select ${WANTED} from ride_commands c join rides r on r.id = c.ride_id where c.command_id = $1 for update of r`;
const INSERT = `insert into rides (${FIELDS.map((field) => COLUMNS[field]).join(', ')}) values (${FIELDS.map((_, i) => `$${String(i + 1)}`).join(', ')})`;

const held = new WeakMap<EntityManager, Map<RideId, Ride>>();
const asked = new WeakMap<EntityManager, { commandId: CommandId; rideId: RideId | undefined }>();
/** Of the rides begun last by this process. */
const scooters = new Map<RideId, ScooterId>();
const MOST_SCOOTERS = 10_000;

export const heldRide = (tx: EntityManager, id: RideId): Ride | undefined => held.get(tx)?.get(id);

/** The scooter must be held before (ladder order: scooter, ride). */
export async function lockedRide(tx: EntityManager, id: RideId): Promise<Ride | undefined> {
  return heldRide(tx, id) ?? remember(tx, (await tx.query<Ride[]>(BY_ID, [id]))[0]);
}

/** The ride a command was given for, under the same condition. */
export async function lockedRideOfCommand(tx: EntityManager, commandId: CommandId): Promise<Ride | undefined> {
  const known = asked.get(tx);
  if (known?.commandId === commandId) return known.rideId && heldRide(tx, known.rideId);
  const [row] = await tx.query<Ride[]>(BY_COMMAND, [commandId]);
  asked.set(tx, { commandId, rideId: row?.id });
  return (row && heldRide(tx, row.id)) ?? remember(tx, row);
}

/** Which scooter a ride is on never changes; null for a ride that is not there. */
export async function scooterOfRide(tx: EntityManager, id: RideId): Promise<ScooterId | null> {
  const known = scooters.get(id);
  if (known !== undefined) return known;
  const [row] = await tx.query<{ scooterId: ScooterId }[]>('select scooter_id as "scooterId" from rides where id = $1', [id]);
  return row?.scooterId ?? null;
}

export function insertRide(tx: EntityManager, ride: Ride): void {
  if (scooters.size >= MOST_SCOOTERS) scooters.clear();
  scooters.set(ride.id, ride.scooterId);
  unawaited(tx.query(INSERT, FIELDS.map((field) => valueOf(ride, field))));
}

export function updateRide(tx: EntityManager, id: RideId, changes: Partial<Ride>): void {
  const fields = FIELDS.filter((field) => changes[field] !== undefined);
  const sets = fields.map((field, i) => `${COLUMNS[field]} = $${String(i + 2)}`);
  unawaited(tx.query(`update rides set ${sets.join(', ')} where id = $1`, [id, ...fields.map((field) => valueOf(changes, field))]));
  const before = heldRide(tx, id);
  if (before) remember(tx, { ...before, ...Object.fromEntries(fields.map((field) => [field, changes[field]])) });
}

function remember(tx: EntityManager, ride: Ride | undefined): Ride | undefined {
  if (ride) held.set(tx, (held.get(tx) ?? new Map<RideId, Ride>()).set(ride.id, ride));
  return ride;
}

function valueOf(ride: Partial<Ride>, field: keyof Ride): unknown {
  const value = ride[field];
  return JSONS.has(field) && value !== null ? JSON.stringify(value) : value;
}
