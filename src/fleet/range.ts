// Kilometres left and what they mean: when a scooter disappears from the map and when it may return.

/** Below this a rider could be left standing: the scooter is hidden and asks for a battery. */
export const LOW_RANGE_KM = 10;
/** Estimates wobble with cold and load; only this much, or a proven swap, ends a low spell. */
export const RECOVERED_RANGE_KM = 12;
export const MEDIUM_RANGE_KM = 25;
export const CRITICAL_RANGE_KM = 5;

export type RangeBand = 'unknown' | 'critical' | 'low' | 'medium' | 'full';

/** Null for anything that is not a believable number of kilometres; unknown is never taken for fine. */
export const knownRange = (rangeKm: number | null): number | null =>
  rangeKm !== null && Number.isFinite(rangeKm) && rangeKm >= 0 && rangeKm <= 300 ? rangeKm : null;

export function rangeBand(rangeKm: number | null): RangeBand {
  const known = knownRange(rangeKm);
  if (known === null) return 'unknown';
  if (known < CRITICAL_RANGE_KM) return 'critical';
  if (known < LOW_RANGE_KM) return 'low';
  return known < MEDIUM_RANGE_KM ? 'medium' : 'full';
}
