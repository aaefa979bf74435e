// Floor of near-me with its database: Fastify alone, pg alone, one prepared statement, the same question
// to the same table and the same answer. It checks no input, knows no session and counts nothing.
import { createRequire } from 'node:module';
import pg from 'pg';
import { beChild } from '../kit/child.mjs';

const require = createRequire(import.meta.url);
const fastify = createRequire(require.resolve('@nestjs/platform-fastify'))('fastify');

const METERS_PER_DEGREE = 111_195;
const EARTH_RADIUS_M = 6_371_008.8;
const WALKING_DETOUR = 1.3;
const WALKING_METERS_PER_MINUTE = 80;
const text = `
  select id, plate, latitude, longitude, range_km from scooters
   where state = 'available' and connected
     and latitude between $1 and $2 and longitude between $3 and $4 and range_km is not null
   order by (latitude - $5) ^ 2 + ((longitude - $6) * $7) ^ 2, id limit $8`;

const radians = (degrees) => (degrees * Math.PI) / 180;

function metersBetween(latitude, longitude, row) {
  const half = (degrees) => Math.sin(radians(degrees) / 2) ** 2;
  const across = Math.cos(radians(latitude)) * Math.cos(radians(row.latitude)) * half(row.longitude - longitude);
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(half(row.latitude - latitude) + across));
}

await beChild(async ({ databaseUrl }) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const app = fastify({ forceCloseConnections: true });
  app.get('/rider/scooters', async ({ query }) => {
    const [latitude, longitude, radiusM] = [Number(query.latitude), Number(query.longitude), Number(query.radiusM)];
    const shrink = Math.cos(radians(latitude));
    const [north, east] = [radiusM / METERS_PER_DEGREE, radiusM / METERS_PER_DEGREE / shrink];
    const values = [
      latitude - north,
      latitude + north,
      longitude - east,
      longitude + east,
      latitude,
      longitude,
      shrink,
      50,
    ];
    const { rows } = await pool.query({ name: 'around', text, values });
    for (const row of rows) row.meters = metersBetween(latitude, longitude, row);
    const within = rows.filter(({ meters }) => meters <= radiusM).sort((a, b) => a.meters - b.meters);
    const items = within.map((row) => {
      const walkMeters = Math.round(row.meters * WALKING_DETOUR);
      return {
        id: row.id,
        plate: row.plate,
        position: { latitude: Math.round(row.latitude * 1e5) / 1e5, longitude: Math.round(row.longitude * 1e5) / 1e5 },
        rangeKm: Math.round(row.range_km * 10) / 10,
        walkMeters,
        walkMinutes: Math.ceil(walkMeters / WALKING_METERS_PER_MINUTE),
      };
    });
    return { items, nextCursor: null };
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    told: { url },
    close: async () => {
      await app.close();
      await pool.end();
    },
  };
});
