// May the ride end here and now? The published checks, in their published order: the first that
// fails speaks. Photo and corral come with later capabilities.
import type { RefusalCode } from '../errors.js';
import type { Fix } from '../platform/geo.js';
import type { Sensors } from '../telematics/wire.js';
import type { ZoneDecision } from '../zones/zone-decision.js';

/** A fix older than this says where the scooter was, not where it is. */
export const FRESH_FIX_SECONDS = 60;
/** A fix vaguer than this cannot tell one side of a street from the other. */
export const WORST_ACCURACY_M = 100;

/** `judgeZone` is asked only when everything before it holds. */
export function whyNotEnd(facts: { sensors: Sensors; fix: Fix | null; judgeZone: (fix: Fix) => ZoneDecision }): {
  code: RefusalCode;
  details: Record<string, unknown>;
} | null {
  const { sensors, fix } = facts;
  if (sensors.ignition === 'on') return no('ignition_on');
  if (sensors.stand === 'up') return no('stand_up');
  if (sensors.helmet === 'out') return no('helmet_missing');
  if (sensors.case === 'open') return no('case_open');
  if (!fix || !(fix.ageS <= FRESH_FIX_SECONDS) || !(fix.accuracyM <= WORST_ACCURACY_M)) return no('position_stale');
  const zone = facts.judgeZone(fix);
  if (zone.mayEnd) return null;
  return no(zone.why ?? 'outside_service_area', { zoneName: zone.zoneName, nearestEnd: zone.nearestEnd });
}

/** After so many tries in vain we finish the ride ourselves: the meter stands where the rider last asked. */
export const TRIES_UNTIL_WE_FINISH = 2;

/** What stands in the way is the scooter's fault and not the rider's: no fix under open sky, a bolt that does not move. */
export const isOursToFinish = (reason: { code: RefusalCode; endTries: number }): boolean =>
  reason.code === 'position_stale' && reason.endTries >= TRIES_UNTIL_WE_FINISH;

const no = (code: RefusalCode, details: Record<string, unknown> = {}) => ({ code, details });
