// What is said about scooters over HTTP: free ones to riders, all of them to the control room.
import { z } from 'zod';
import { WALKING_DETOUR, WALKING_METERS_PER_MINUTE, type Position } from '../platform/geo.js';
import type { NearbyScooter } from './nearby-grid.js';
import { rangeBand } from './range.js';
import type { Scooter } from './scooter.js';
import type { StateCount } from './scooter-list.queries.js';
import { SCOOTER_STATES } from './scooter-state.js';

/** Numbers of a query are text; the empty one is not 0. */
const number = (least: number, most: number) =>
  z.string().trim().min(1).max(25).pipe(z.coerce.number<string>().min(least).max(most));

export const NearbyQuestion = z.strictObject({
  latitude: number(-90, 90),
  longitude: number(-180, 180),
  radiusM: number(1, 2000).default(500),
});
export type NearbyQuestion = z.infer<typeof NearbyQuestion>;

const PlaceAnswer = z.strictObject({ latitude: z.number(), longitude: z.number() });

export const NearbyAnswer = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id: z.string(),
        plate: z.string(),
        position: PlaceAnswer,
        rangeKm: z.number(),
        walkMeters: z.int(),
        walkMinutes: z.int(),
      }),
    ),
    nextCursor: z.null(),
  })
  .meta({ id: 'NearbyScooters' });
export type NearbyAnswer = z.infer<typeof NearbyAnswer>;

export const ScooterPage = z.strictObject({
  state: z.enum(SCOOTER_STATES).optional(),
  cursor: z.uuid().optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .pipe(z.coerce.number<string>().int().min(1).max(100))
    .default(50),
});
export type ScooterPage = z.infer<typeof ScooterPage>;

export const ScooterId = z.strictObject({ id: z.uuid() });
export type ScooterId = z.infer<typeof ScooterId>;

export const OperatorScooter = z
  .strictObject({
    id: z.string(),
    plate: z.string(),
    vin: z.string(),
    state: z.enum(SCOOTER_STATES),
    connected: z.boolean(),
    connectionChangedAt: z.iso.datetime().nullable(),
    lastSeenAt: z.iso.datetime().nullable(),
    rangeKm: z.number().nullable(),
    rangeBand: z.enum(['unknown', 'critical', 'low', 'medium', 'full']),
    chargePercent: z.number().nullable(),
    needsSwap: z.boolean(),
    batterySerial: z.string().nullable(),
    odometerM: z.int(),
    sensors: z
      .strictObject({
        lock: z.enum(['open', 'closed']),
        ignition: z.enum(['on', 'off']),
        stand: z.enum(['up', 'down']),
        helmet: z.enum(['in_case', 'out']),
        case: z.enum(['open', 'closed']),
        bay: z.enum(['open', 'closed']),
      })
      .nullable(),
    position: PlaceAnswer.nullable(),
    positionAt: z.iso.datetime().nullable(),
    accuracyM: z.number().nullable(),
  })
  .meta({ id: 'OperatorScooter' });
export type OperatorScooter = z.infer<typeof OperatorScooter>;

export const OperatorScooters = z
  .strictObject({ items: z.array(OperatorScooter), nextCursor: z.string().nullable() })
  .meta({ id: 'OperatorScooters' });
export type OperatorScooters = z.infer<typeof OperatorScooters>;

export const FleetSummary = z
  .strictObject({
    total: z.int(),
    connected: z.int(),
    states: z.array(z.strictObject({ state: z.enum(SCOOTER_STATES), count: z.int(), connected: z.int() })),
  })
  .meta({ id: 'FleetSummary' });
export type FleetSummary = z.infer<typeof FleetSummary>;

/** Five decimals are about a metre, and more than a receiver knows. */
const shown = ({ latitude, longitude }: Position): Position => ({
  latitude: Math.round(latitude * 1e5) / 1e5,
  longitude: Math.round(longitude * 1e5) / 1e5,
});

export const nearbyAnswer = (scooters: readonly NearbyScooter[]): NearbyAnswer => ({
  items: scooters.map(({ id, plate, position, rangeKm, meters }) => {
    const walkMeters = Math.round(meters * WALKING_DETOUR);
    const walkMinutes = Math.ceil(walkMeters / WALKING_METERS_PER_MINUTE);
    return { id, plate, position: shown(position), rangeKm: Math.round(rangeKm * 10) / 10, walkMeters, walkMinutes };
  }),
  nextCursor: null,
});

/** No place while it is in a ride: the row holds none, and this does not rely on it. */
export function operatorScooter(scooter: Scooter): OperatorScooter {
  const { latitude, longitude } = scooter;
  const placed = scooter.state !== 'taken' && latitude !== null && longitude !== null;
  return {
    id: scooter.id,
    plate: scooter.plate,
    vin: scooter.vin,
    state: scooter.state,
    connected: scooter.connected,
    connectionChangedAt: scooter.connectionChangedAt?.toISOString() ?? null,
    lastSeenAt: scooter.lastSeenAt?.toISOString() ?? null,
    rangeKm: scooter.rangeKm,
    rangeBand: rangeBand(scooter.rangeKm),
    chargePercent: scooter.chargePercent,
    needsSwap: scooter.needsSwap,
    batterySerial: scooter.batterySerial,
    odometerM: scooter.odometerM,
    sensors: scooter.sensors,
    position: placed ? shown({ latitude, longitude }) : null,
    positionAt: placed ? (scooter.positionAt?.toISOString() ?? null) : null,
    accuracyM: placed ? scooter.accuracyM : null,
  };
}

export function operatorScooters(scooters: readonly Scooter[], limit: number): OperatorScooters {
  const page = scooters.slice(0, limit);
  return { items: page.map(operatorScooter), nextCursor: scooters.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Every state is named, so that nought is seen as nought. */
export function fleetSummary(counts: readonly StateCount[]): FleetSummary {
  const states = SCOOTER_STATES.map((state) => {
    const counted = counts.find((row) => row.state === state);
    return { state, count: counted?.count ?? 0, connected: counted?.connected ?? 0 };
  });
  return {
    total: states.reduce((sum, { count }) => sum + count, 0),
    connected: states.reduce((sum, { connected }) => sum + connected, 0),
    states,
  };
}
