// Why a scooter is not offered a release now. The scooter checks again for itself before it restarts; this spares
// it the asking, and keeps a release away from those it is not for.
import type { Scooter } from '../fleet/scooter.js';
import { isNewerRelease } from '../telematics/wire.js';

/** The unit itself refuses under 20 %; the margin is what a morning in the street takes. */
export const LEAST_CHARGE_PERCENT = 25;

export interface OfferFacts {
  readonly scooter: Pick<Scooter, 'state' | 'connected' | 'chargePercent' | 'sensors'>;
  /** What it runs, as it said itself; null when it never did. */
  readonly runs: string | null;
  readonly release: string;
}

export type WhyNotOffer =
  | 'retired' | 'release_unknown' | 'not_newer' | 'not_connected' | 'in_ride' | 'reserved' | 'unsure' | 'in_maintenance' | 'not_locked' | 'low_battery';

export function whyNotOffer({ scooter, runs, release }: OfferFacts): WhyNotOffer | null {
  const { state, connected, chargePercent, sensors } = scooter;
  if (state === 'retired') return 'retired';
  if (runs === null) return 'release_unknown';
  if (!isNewerRelease(release, runs)) return 'not_newer';
  if (!connected) return 'not_connected';
  if (state === 'taken') return 'in_ride';
  if (state === 'reserved') return 'reserved';
  if (state === 'unsure') return 'unsure';
  if (state === 'maintenance' || sensors?.bay === 'open') return 'in_maintenance';
  if (sensors?.lock !== 'closed' || sensors.ignition !== 'off') return 'not_locked';
  // A silent instrument is not a full battery.
  if (chargePercent === null || chargePercent < LEAST_CHARGE_PERCENT) return 'low_battery';
  return null;
}

/** Real seconds until it is worth looking again; who comes back on the line is looked at at once. */
export function lookAgainSeconds(why: WhyNotOffer): number {
  switch (why) {
    case 'in_ride': case 'reserved': case 'unsure': case 'not_locked': return 60;
    case 'in_maintenance': case 'low_battery': return 300;
    case 'not_connected': case 'release_unknown': case 'not_newer': case 'retired': return 1800;
  }
}
