// When a scooter speaks of itself unasked: seldom while it stands, oftener in a ride, and at once when
// something happened that a person would want to know.
import { type Sensors } from '../../src/telematics/wire.js';
import { rangeKm } from '../body/battery.js';
import { isMoving, type Scooter } from './scooter.js';

/** City time between two reports. */
export const IDLE_REPORT_SECONDS = 900;
export const RIDE_REPORT_SECONDS = 30;

/** Ranges at which people act: swap soon, hidden from riders, urgent. */
const RANGE_MARKS_KM = [25, 10, 5] as const;
/** Upwards a mark counts only when passed by this much, so that a trembling estimate does not chatter. */
const BACK_ABOVE_KM = 1;

/** What a report would tell that the last one did not. */
export interface Told {
  readonly band: number;
  readonly serial: string;
  readonly silent: boolean;
  readonly inRide: boolean;
  readonly moving: boolean;
  /** It moves although no ride is on. */
  readonly astray: boolean;
  readonly lock: Sensors['lock'];
  readonly bay: Sensors['bay'];
}

export function toldBy(scooter: Scooter, celsius: number, before: Told | null): Told {
  return {
    band: bandOf(rangeKm(scooter.pack, celsius), before?.band ?? null),
    serial: scooter.pack.serial,
    silent: scooter.gaugeSilent,
    inRide: scooter.inRide,
    moving: scooter.motion !== null,
    astray: isMoving(scooter) && !scooter.inRide,
    lock: scooter.sensors.lock,
    bay: scooter.sensors.bay,
  };
}

/** How many marks the range has fallen below. */
function bandOf(km: number, before: number | null): number {
  const below = RANGE_MARKS_KM.filter((mark) => km < mark).length;
  if (before === null || below >= before) return below;
  return Math.max(below, Math.min(before, RANGE_MARKS_KM.filter((mark) => km < mark + BACK_ABOVE_KM).length));
}

/** In a ride setting off is no news, arriving is; without one both are. */
export const isNews = (before: Told | null, now: Told): boolean =>
  before === null ||
  before.band !== now.band ||
  before.serial !== now.serial ||
  before.silent !== now.silent ||
  before.inRide !== now.inRide ||
  (before.moving && !now.moving) ||
  before.astray !== now.astray ||
  before.lock !== now.lock ||
  before.bay !== now.bay;

export const reportEverySeconds = (scooter: Scooter): number =>
  scooter.inRide || isMoving(scooter) ? RIDE_REPORT_SECONDS : IDLE_REPORT_SECONDS;
