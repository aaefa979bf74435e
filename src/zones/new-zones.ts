// Can these zones together become the next version? Every flaw is told with the place of its zone in
// the list, so that a drawing is mended in one go.
import { judgeShape, ZONE_FLAWS, type ZoneFlaw } from './zone-geometry.js';
import type { NewZone, ZoneShape } from './zone.js';

const LIST_FLAWS = {
  no_service_area: 'Without a service area no ride could ever end.',
  limit_needed: 'A slow zone needs its speed limit, from 0 to 45 km/h.',
  limit_not_wanted: 'Only a slow zone has a speed limit.',
} as const;

export interface NewZoneFlaw {
  /** Null when it is about all of them. */
  readonly index: number | null;
  readonly name: string | null;
  readonly reason: ZoneFlaw | keyof typeof LIST_FLAWS;
  readonly message: string;
}

export interface JudgedZones {
  readonly flaws: readonly NewZoneFlaw[];
  /** Those that are whole, in their order, with their clean shape. */
  readonly zones: readonly (Omit<NewZone, 'geometry'> & { readonly geometry: ZoneShape; readonly areaM2: number })[];
}

export function judgeZones(candidates: readonly NewZone[]): JudgedZones {
  const flaws: NewZoneFlaw[] = [];
  const zones = candidates.flatMap((zone, index) => {
    const judged = limitFlaw(zone) ?? judgeShape(zone.geometry);
    if (!('flaw' in judged)) return [{ ...zone, geometry: judged.shape, areaM2: judged.areaM2 }];
    flaws.push(told(index, zone.name, judged.flaw));
    return [];
  });
  if (!candidates.some(({ kind }) => kind === 'service')) flaws.push(told(null, null, 'no_service_area'));
  return { flaws, zones };
}

const told = (index: number | null, name: string | null, reason: NewZoneFlaw['reason']): NewZoneFlaw => ({
  index,
  name,
  reason,
  message: { ...ZONE_FLAWS, ...LIST_FLAWS }[reason],
});

function limitFlaw({ kind, maxSpeedKmh }: NewZone): { readonly flaw: keyof typeof LIST_FLAWS } | null {
  if (kind !== 'slow') return maxSpeedKmh === null ? null : { flaw: 'limit_not_wanted' };
  return maxSpeedKmh !== null && maxSpeedKmh >= 0 && maxSpeedKmh <= 45 ? null : { flaw: 'limit_needed' };
}
