// What one message of telemetry means for a scooter: the new row, and what has just become true.
// Only crossings are told: a scooter resting at 9 km must not ask for a battery every ten seconds.
import type { Events } from '../events.js';
import type { Fix } from '../platform/geo.js';
import { believablePlace } from './believable-place.js';
import { knownRange, LOW_RANGE_KM, RECOVERED_RANGE_KM } from './range.js';
import { needsBattery, type Scooter, type Sensors } from './scooter.js';
import { scooterStates } from './scooter-state.js';

/** One message as the fleet needs it: counted, aged by the unit itself, with null for every reading that is none. */
export interface TelemetrySample {
  readonly boot: number;
  readonly seq: number;
  readonly ageMs: number;
  readonly chargePercent: number | null;
  readonly rangeKm: number | null;
  readonly batterySerial: string;
  readonly odometerM: number;
  readonly sensors: Sensors;
  readonly inRide: boolean;
  readonly fix: Fix | null;
}

type FleetEvent = 'scooter.ran_low' | 'scooter.range_unknown' | 'scooter.range_known' | 'scooter.battery_swapped';
export type Happened = { [N in FleetEvent]: { readonly name: N; readonly event: Events[N] } }[FleetEvent];

export interface TelemetryChanges {
  readonly changes: Partial<Scooter>;
  /** In the order in which they happened. */
  readonly happened: readonly Happened[];
}

/** A new pack with at least this much more charge proves a swap; a serial alone may be a loose plug. */
const SWAP_GAINS_PERCENT = 10;
/** What the columns hold; a unit that counts further is broken. */
const MOST_BOOTS = 2_147_483_647;

/** Null when nothing changes: a message as old as, or older than, the last one taken in. */
export function telemetryChanges(before: Scooter, said: TelemetrySample, receivedAt: Date): TelemetryChanges | null {
  if (!isNewer(before, said)) return null;
  const place =
    mayKeepPlace(before, said) && said.fix ? believablePlace(before, said.fix, receivedAt, said.ageMs) : null;
  const battery = batteryChanges(before, said);
  const changes: Partial<Scooter> = {
    lastSeenAt: receivedAt,
    odometerM: said.odometerM,
    sensors: said.sensors,
    boot: said.boot,
    seq: said.seq,
    ...battery.changes,
    ...place,
  };
  return { changes, happened: battery.happened };
}

/** By the unit's own counters and never by a clock: one date in the future would freeze the scooter for good. */
const isNewer = (before: Scooter, said: TelemetrySample): boolean =>
  said.boot <= MOST_BOOTS &&
  Number.isSafeInteger(said.seq) &&
  (said.boot > before.boot || (said.boot === before.boot && said.seq > before.seq));

/** No place is stored while somebody rides (promise D1), whichever of the two of us knows it first. */
const mayKeepPlace = (before: Scooter, said: TelemetrySample): boolean => before.state !== 'taken' && !said.inRide;

function batteryChanges(before: Scooter, said: TelemetrySample): TelemetryChanges {
  const rangeKm = knownRange(said.rangeKm);
  const chargePercent = said.chargePercent !== null && Number.isFinite(said.chargePercent) ? said.chargePercent : null;
  const swap = provenSwap(before, { rangeKm, chargePercent, batterySerial: said.batterySerial });
  const needsSwap = stillNeedsSwap(before.needsSwap && !swap, rangeKm);
  const rangeUnknown = rangeKm === null;
  // A gauge that still wakes up hides how full the new pack is. The old pack stays on record until it
  // has, or its swap could never be proven.
  const unread =
    before.batterySerial !== null &&
    said.batterySerial !== before.batterySerial &&
    (rangeUnknown || chargePercent === null);
  const pack = unread ? {} : { batterySerial: said.batterySerial, chargePercent };
  if (before.state === 'retired') return { changes: { rangeKm, ...pack }, happened: [] };

  const happened: Happened[] = [];
  if (swap) happened.push({ name: 'scooter.battery_swapped', event: swap });
  if (rangeUnknown && !before.rangeUnknown)
    happened.push({ name: 'scooter.range_unknown', event: { scooterId: before.id } });
  if (rangeKm !== null && before.rangeUnknown)
    happened.push({ name: 'scooter.range_known', event: { scooterId: before.id, rangeKm } });
  if (rangeKm !== null && needsSwap && (swap || !before.needsSwap)) {
    happened.push({ name: 'scooter.ran_low', event: { scooterId: before.id, rangeKm } });
  }
  return {
    changes: {
      rangeKm,
      ...pack,
      needsSwap,
      rangeUnknown,
      ...stateAfter(before, needsBattery({ needsSwap, rangeUnknown })),
    },
    happened,
  };
}

function stillNeedsSwap(needed: boolean, rangeKm: number | null): boolean {
  if (rangeKm === null) return needed;
  return rangeKm < (needed ? RECOVERED_RANGE_KM : LOW_RANGE_KM);
}

type Pack = Pick<Scooter, 'rangeKm' | 'chargePercent'> & { readonly batterySerial: string };

function provenSwap(before: Scooter, now: Pack): Events['scooter.battery_swapped'] | null {
  const { batterySerial: serialBefore } = before;
  if (serialBefore === null || now.batterySerial === serialBefore) return null;
  if (now.rangeKm === null || now.chargePercent === null) return null;
  const chargeGained = now.chargePercent - (before.chargePercent ?? 0);
  if (chargeGained < SWAP_GAINS_PERCENT) return null;
  return { scooterId: before.id, serialBefore, serialAfter: now.batterySerial, rangeKm: now.rangeKm, chargeGained };
}

/** A reserved scooter stays with its rider, and one in a ride or in a workshop keeps its state: they look when they let it go. */
function stateAfter({ state }: Scooter, low: boolean): Partial<Scooter> {
  if (state === 'available' && low) return { state: scooterStates.mustStep(state, 'run_low') };
  if (state === 'low' && !low) return { state: scooterStates.mustStep(state, 'recover') };
  return {};
}
