// Free scooters around a point: a box over the partial index of free ones, then the exact distance.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { metersBetween, type Position } from '../platform/geo.js';

export interface NearbyScooter {
  readonly id: string;
  readonly plate: string;
  readonly position: Position;
  readonly rangeKm: number;
  readonly meters: number;
}

interface Row {
  id: string;
  plate: string;
  latitude: number;
  longitude: number;
  range_km: number;
}

export const MOST_NEARBY = 50;
const METERS_PER_DEGREE = 111_195;

@Injectable()
export class NearbyQueries {
  constructor(private readonly db: DataSource) {}

  /** Nearest first, at most fifty. */
  async around(center: Position, radiusM: number): Promise<NearbyScooter[]> {
    const north = radiusM / METERS_PER_DEGREE;
    const shrink = Math.max(0.01, Math.cos((center.latitude * Math.PI) / 180));
    const rows = await this.db.query<Row[]>(AROUND, [
      center.latitude - north,
      center.latitude + north,
      center.longitude - north / shrink,
      center.longitude + north / shrink,
      center.latitude,
      center.longitude,
      shrink,
      MOST_NEARBY,
    ]);
    return rows
      .map(({ id, plate, latitude, longitude, range_km: rangeKm }) => ({
        id,
        plate,
        position: { latitude, longitude },
        rangeKm,
        meters: metersBetween(center, { latitude, longitude }),
      }))
      .filter(({ meters }) => meters <= radiusM)
      .sort((a, b) => a.meters - b.meters);
  }
}

// The order is by the flat distance, which over two kilometres sorts as the true one does; it keeps a
// crowded square from sending thousands of rows.
const AROUND = `
  select id, plate, latitude, longitude, range_km from scooters
   where state = 'available' and connected
     and latitude between $1 and $2 and longitude between $3 and $4 and range_km is not null
   order by (latitude - $5) ^ 2 + ((longitude - $6) * $7) ^ 2, id limit $8`;
