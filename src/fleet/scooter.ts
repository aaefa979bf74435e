// A scooter as the rules see it: what it is to riders, and what it last said of itself.
import type { ScooterId } from '../platform/ids.js';
import type { ScooterState } from './scooter-state.js';

export type { ScooterState, ScooterStep } from './scooter-state.js';

/** What the scooter's own sensors said last; an answer to `may this ride end` is read from here. */
export interface Sensors {
  readonly lock: 'open' | 'closed';
  readonly ignition: 'on' | 'off';
  readonly stand: 'up' | 'down';
  readonly helmet: 'in_case' | 'out';
  readonly case: 'open' | 'closed';
  readonly bay: 'open' | 'closed';
}

export interface Scooter {
  readonly id: ScooterId;
  readonly plate: string;
  readonly vin: string;
  readonly state: ScooterState;
  /** Since its range fell below 10 km and until a swap is proven or 12 km are reached. */
  /** Since when nobody knows whether it is locked. */
  readonly unsureSince: Date | null;
  readonly needsSwap: boolean;
  readonly rangeUnknown: boolean;
  readonly connected: boolean;
  readonly connectionChangedAt: Date | null;
  readonly lastSeenAt: Date | null;
  readonly rangeKm: number | null;
  readonly chargePercent: number | null;
  readonly batterySerial: string | null;
  readonly odometerM: number;
  readonly sensors: Sensors | null;
  /** The place is null while a ride runs (promise D2), and before the first word. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly accuracyM: number | null;
  readonly positionAt: Date | null;
  /** The last message taken in; what is not above it is old. */
  readonly boot: number;
  readonly seq: number;
  readonly createdAt: Date;
}

export const needsBattery = ({ needsSwap, rangeUnknown }: Pick<Scooter, 'needsSwap' | 'rangeUnknown'>): boolean =>
  needsSwap || rangeUnknown;
