// One scooter as a thing in the street together with what its own computer must remember of it. Everything
// here takes a scooter and returns the next one; radio, time and flash are somewhere else.
import { type ScooterEvent, type Sensors, type Telemetry } from '../../src/telematics/wire.js';
import {
  drain,
  learn,
  PARKED_AUXILIARY_W,
  rangeKm,
  RIDER_KG,
  RIDING_AUXILIARY_W,
  tractionWatts,
  usableWh,
  type Effort,
  type Pack,
} from '../body/battery.js';
import { metersBetween, type Position } from '../body/geo.js';
import { hasArrived, placeOf, rollOn, STEP_SECONDS, type Motion } from '../body/movement.js';

/** What the keypad remembers of wrong fingers. */
export interface Keypad {
  readonly wrongTries: number;
  /** Milliseconds of the timer nobody can set; until then no code is taken. */
  readonly lockedUntilMs: number;
}
export const FRESH_KEYPAD: Keypad = { wrongTries: 0, lockedUntilMs: 0 };

export interface Scooter {
  readonly scooterId: string;
  readonly plate: string;
  readonly commandKey: string;
  /** Nonce of the last command obeyed; kept in flash before the command is acted on. */
  readonly lastNonce: number;
  /** Commands answered lately: a second copy of one is not a second question. */
  readonly answered: readonly string[];
  readonly inRide: boolean;
  /** Nonce of the unlock its ride began with: what the pass and the code of that ride are made of. Null without a ride. */
  readonly rideNonce: number | null;
  readonly keypad: Keypad;
  readonly sensors: Sensors;
  readonly position: Position;
  readonly odometerM: number;
  readonly pack: Pack;
  readonly motion: Motion | null;
  /** Moved by hand or truck instead of its motor; from where. */
  readonly pushedFrom: Position | null;
  readonly loadKg: number;
  /** The bolt does not move: the motor runs, the sensor stays open. */
  readonly jammed: boolean;
  /** The instrument gives no reading; unknown is not zero. */
  readonly gaugeSilent: boolean;
}

/** What happened, before it is given its boot, its number and its age. */
type Unsaid<Said> = Said extends unknown ? Omit<Said, 'boot' | 'seq' | 'ageMs'> : never;
export type Happening = Unsaid<ScooterEvent>;

export const STANDING: Sensors = {
  lock: 'closed',
  ignition: 'off',
  stand: 'down',
  helmet: 'in_case',
  case: 'closed',
  bay: 'closed',
};

export const withSensors = (scooter: Scooter, sensors: Partial<Sensors>): Scooter => ({
  ...scooter,
  sensors: { ...scooter.sensors, ...sensors },
});

export const speedMps = (scooter: Scooter): number => scooter.motion?.speedMps ?? 0;
/** Anything faster than the receiver's noise is motion. */
export const isMoving = (scooter: Scooter): boolean => speedMps(scooter) > 0.1;

/** Time passes: the scooter rolls along its way if it has one, and its battery pays for it. */
export function live(scooter: Scooter, seconds: number, celsius: number): Scooter {
  if (seconds <= 0) return scooter;
  return scooter.motion === null ? stand(scooter, seconds, celsius) : roll(scooter, seconds, celsius);
}

function stand(scooter: Scooter, seconds: number, celsius: number): Scooter {
  const watts = scooter.sensors.ignition === 'on' ? RIDING_AUXILIARY_W : PARKED_AUXILIARY_W;
  return { ...scooter, pack: drain(scooter.pack, (watts * seconds) / 3600, celsius) };
}

function roll(scooter: Scooter, seconds: number, celsius: number): Scooter {
  const { loadKg, pack } = scooter;
  const pushed = scooter.pushedFrom !== null;
  const storedWh = usableWh(pack, celsius);
  let { motion } = scooter;
  let usedWh = 0;
  let leftS = seconds;
  while (motion !== null && leftS > 0 && !isOver(motion, usedWh >= storedWh && !pushed)) {
    const dt = Math.min(STEP_SECONDS, leftS);
    const powered = pushed || usedWh < storedWh;
    const next: Motion = rollOn(motion, dt, powered);
    const effort: Effort = {
      speedMps: (next.speedMps + motion.speedMps) / 2,
      accelerationMps2: (next.speedMps - motion.speedMps) / dt,
      loadKg,
      celsius,
    };
    usedWh += ((pushed ? PARKED_AUXILIARY_W : RIDING_AUXILIARY_W + (powered ? tractionWatts(effort) : 0)) * dt) / 3600;
    motion = next;
    leftS -= dt;
  }
  if (motion === null) return scooter;

  const movedM = motion.alongM - (scooter.motion?.alongM ?? 0);
  const drained = drain(pack, usedWh, celsius);
  const rolled = {
    ...scooter,
    motion,
    position: placeOf(motion),
    odometerM: scooter.odometerM + movedM,
    pack: pushed ? drained : learn(drained, usedWh, movedM),
  };
  return isOver(motion, usedWh >= storedWh && !pushed) ? stand({ ...rolled, motion: null }, leftS, celsius) : rolled;
}

/** At its end, or rolled out because the battery is empty. */
const isOver = (motion: Motion, empty: boolean): boolean => hasArrived(motion) || (empty && motion.speedMps === 0);

/** Readings as the wire wants them: a silent instrument says null, and the receiver's place only when allowed. */
export function readings(
  scooter: Scooter,
  celsius: number,
  fix: Telemetry['fix'],
  clockMs: number,
): Omit<Telemetry, 'boot' | 'seq' | 'ageMs'> {
  return {
    chargePercent: scooter.gaugeSilent ? null : Math.round(scooter.pack.chargePercent * 10) / 10,
    rangeKm: scooter.gaugeSilent ? null : Math.round(rangeKm(scooter.pack, celsius) * 100) / 100,
    batterySerial: scooter.pack.serial,
    odometerM: Math.floor(scooter.odometerM),
    sensors: scooter.sensors,
    inRide: scooter.inRide,
    // Promise of privacy D1: between unlock and lock no place leaves the scooter with its telemetry.
    fix: scooter.inRide ? null : fix,
    moving: isMoving(scooter),
    clockMs: Math.max(0, Math.round(clockMs)),
  };
}

/** Everyone who pushes a locked scooter this far is taking it somewhere. */
const PUSHED_FAR_M = 30;

export const pushedFar = (scooter: Scooter): boolean =>
  scooter.pushedFrom !== null &&
  scooter.sensors.lock === 'closed' &&
  !scooter.inRide &&
  metersBetween(scooter.pushedFrom, scooter.position) > PUSHED_FAR_M;

/** What only the hand that did it can tell, and the unit must add its place to: a fall, and the end of a ride (privacy, D2). */
export const namesPlace = (what: Happening): what is Extract<Happening, { kind: 'fell' | 'local' }> =>
  what.kind === 'fell' || (what.kind === 'local' && what.doing === 'end');

export const DEFAULT_LOAD_KG = RIDER_KG;
