// The real zones of Paris as the database would hold them, and places whose answer they decide.
import { readFileSync } from 'node:fs';
import { namedId, type ZoneId } from '../../src/platform/ids.js';
import { cityZones } from '../../src/zones/city-zones.js';
import { judgeShape } from '../../src/zones/zone-geometry.js';
import type { NewZone, Zone } from '../../src/zones/zone.js';

const read = (name: string): unknown => JSON.parse(readFileSync(`src/zones/paris/${name}`, 'utf8'));

export const parisBoundaries = (): unknown => read('boundaries.geojson');
export const operatorFeed = () =>
  read('operator-zones.json') as { data: { geofencing_zones: { features: unknown[] } } };

/** As they would stand in the database. */
export const published = (zones: readonly NewZone[]): Zone[] =>
  zones.map((zone, i) => {
    const judged = judgeShape(zone.geometry);
    if ('flaw' in judged) throw new Error(`${zone.name}: ${judged.flaw}`);
    return { ...zone, id: namedId<ZoneId>(`zone ${String(i)}`), geometry: judged.shape, areaM2: judged.areaM2 };
  });

export const parisZones = (): Zone[] => published(cityZones(parisBoundaries(), operatorFeed()).taken);

export const ZONE_PLACES = {
  rueDeRivoli: { latitude: 48.86165, longitude: 2.3376 },
  placeDeLaRepublique: { latitude: 48.8675, longitude: 2.3638 },
  mairieDeNeuilly: { latitude: 48.8846, longitude: 2.2697 },
  bastille: { latitude: 48.8532, longitude: 2.3691 },
  courDuLouvre: { latitude: 48.86103, longitude: 2.33584 },
  parcDeBercy: { latitude: 48.8354, longitude: 2.3836 },
  boisDeBoulogne: { latitude: 48.8624, longitude: 2.2492 },
  saintDenis: { latitude: 48.9362, longitude: 2.3574 },
  laDefense: { latitude: 48.8918, longitude: 2.2384 },
  levallois: { latitude: 48.8932, longitude: 2.2879 },
} as const;
