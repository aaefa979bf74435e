// What is said about zones over HTTP: the map, the answer to "may I park here", and a new version.
import { z } from 'zod';
import { errors } from '../errors.js';
import { line, reason } from '../platform/text.js';
import type { ZoneDecision } from './zone-decision.js';
import type { ZonesInForce } from './zones.service.js';
import { ZONE_KINDS, type NewZone, type Zone } from './zone.js';
import type { ZoneVersionEntity } from './zone-version.entity.js';

/** Numbers of a query are text; the empty one is not 0. */
const number = (least: number, most: number) =>
  z.string().trim().min(1).max(25).pipe(z.coerce.number<string>().min(least).max(most));

export const ParkingQuestion = z.strictObject({
  latitude: number(-90, 90),
  longitude: number(-180, 180),
  accuracyM: number(0, 10_000).default(0),
});
export type ParkingQuestion = z.infer<typeof ParkingQuestion>;

const PlaceAnswer = z.strictObject({ latitude: z.number(), longitude: z.number() });

export const ParkingAnswer = z
  .strictObject({
    mayRide: z.boolean(),
    mayEnd: z.boolean(),
    limitKmh: z.int().nullable(),
    why: z.enum(['outside_service_area', 'parking_forbidden']).nullable(),
    message: z.string().nullable(),
    zoneName: z.string().nullable(),
    nearestEnd: z.strictObject({ position: PlaceAnswer, meters: z.int() }).nullable(),
    zoneVersion: z.int(),
  })
  .meta({ id: 'ParkingAnswer' });
export type ParkingAnswer = z.infer<typeof ParkingAnswer>;

const Shape = z.strictObject({
  type: z.literal('MultiPolygon'),
  coordinates: z.array(z.array(z.array(z.array(z.number())))),
});

/** GeoJSON (RFC 7946); features stand in rank order, so the first one that covers a place speaks there. */
export const ZonesAnswer = z
  .strictObject({
    type: z.literal('FeatureCollection'),
    version: z.int(),
    features: z.array(
      z.strictObject({
        type: z.literal('Feature'),
        id: z.string(),
        properties: z.strictObject({ kind: z.enum(ZONE_KINDS), name: z.string(), maxSpeedKmh: z.int().nullable() }),
        geometry: Shape,
      }),
    ),
  })
  .meta({ id: 'Zones' });
export type ZonesAnswer = z.infer<typeof ZonesAnswer>;

const OperatorZone = z.strictObject({
  id: z.string(),
  kind: z.enum(ZONE_KINDS),
  name: z.string(),
  priority: z.int().nullable(),
  maxSpeedKmh: z.int().nullable(),
  areaM2: z.number(),
  source: z.string(),
  geometry: Shape,
});

export const ZoneVersionAnswer = z
  .strictObject({
    version: z.int(),
    note: z.string().nullable(),
    publishedAt: z.iso.datetime().nullable(),
    publishedBy: z.string().nullable(),
    zones: z.array(OperatorZone),
  })
  .meta({ id: 'ZoneVersion' });
export type ZoneVersionAnswer = z.infer<typeof ZoneVersionAnswer>;

/** The shape itself is judged zone by zone, so that every flaw is told and not only the first. */
export const NewZones = z
  .strictObject({
    note: line(500),
    reason,
    zones: z
      .array(
        z.strictObject({
          kind: z.enum(ZONE_KINDS),
          name: line(120),
          priority: z.int().min(-1000).max(1000).nullable().default(null),
          maxSpeedKmh: z.int().min(0).max(45).nullable().default(null),
          geometry: z.unknown(),
        }),
      )
      .min(1)
      .max(2000),
  })
  .meta({ id: 'NewZones' });
export type NewZones = z.infer<typeof NewZones>;

export const PublishedAnswer = z.strictObject({ version: z.int() }).meta({ id: 'PublishedZones' });
export type PublishedAnswer = z.infer<typeof PublishedAnswer>;

export const newZonesOf = ({ zones }: NewZones): NewZone[] =>
  zones.map(({ kind, name, priority, maxSpeedKmh, geometry }) => ({
    kind,
    name,
    priority,
    maxSpeedKmh,
    geometry,
    source: 'operator',
  }));

export const parkingAnswer = (decision: ZoneDecision, zoneVersion: number): ParkingAnswer => ({
  mayRide: decision.mayRide,
  mayEnd: decision.mayEnd,
  limitKmh: decision.limitKmh,
  why: decision.why,
  message: decision.why && errors[decision.why][1],
  zoneName: decision.zoneName,
  nearestEnd: decision.nearestEnd,
  zoneVersion,
});

export const zonesAnswer = ({ version, zones }: ZonesInForce): ZonesAnswer => ({
  type: 'FeatureCollection',
  version,
  features: zones.map(({ id, kind, name, maxSpeedKmh, geometry }) => ({
    type: 'Feature',
    id,
    properties: { kind, name, maxSpeedKmh },
    geometry,
  })),
});

export const zoneVersionAnswer = (
  { version, zones }: ZonesInForce,
  row: ZoneVersionEntity | null,
): ZoneVersionAnswer => ({
  version,
  note: row?.note ?? null,
  publishedAt: row?.publishedAt.toISOString() ?? null,
  publishedBy: row?.publishedBy ?? null,
  zones: zones.map(operatorZone),
});

const operatorZone = ({ id, kind, name, priority, maxSpeedKmh, areaM2, source, geometry }: Zone) => ({
  id,
  kind,
  name,
  priority,
  maxSpeedKmh,
  areaM2: Math.round(areaM2),
  source,
  geometry,
});
