// What somebody can do at the scooter itself, without any network: end the ride with its button; end, pause or
// resume it with the pass of the ride by Bluetooth, or with its four digits on the keypad. Nothing moves while the
// wheels turn, and what was done is what the bolt's sensor says.
import { timingSafeEqual } from 'node:crypto';
import { keypadCode, ridePass } from '../../src/telematics/wire.js';
import { type Handled, type Stuck } from '../body/hands.js';
import { NO_RIDE } from './obedience.js';
import { FRESH_KEYPAD, isMoving, withSensors, type Happening, type Scooter } from './scooter.js';

export type Doing = Extract<Happening, { kind: 'local' }>['doing'];
export type LocalAct =
  | { readonly by: 'button' }
  | { readonly by: 'bluetooth'; readonly pass: string; readonly doing: Doing }
  | { readonly by: 'keypad'; readonly code: string; readonly doing: Doing };

/** So many wrong codes, and the keypad takes none for a while: ten thousand codes are not many. */
export const WRONG_TRIES = 5;
export const KEYPAD_LOCKED_MS = 10 * 60_000;

/** `nowMs` is the timer nobody can set; no wall clock is asked, so none can be wrong. */
export function actLocally(scooter: Scooter, act: LocalAct, nowMs: number): Handled {
  if (!scooter.inRide || scooter.rideNonce === null) return { stuck: 'no_ride' };
  switch (act.by) {
    case 'button':
      return byButton(scooter);
    case 'bluetooth':
      return same(act.pass, ridePass(scooter.commandKey, scooter.scooterId, scooter.rideNonce))
        ? carryOut(scooter, act.doing, 'bluetooth')
        : { stuck: 'wrong_pass' };
    case 'keypad':
      return byKeypad(scooter, act, { nowMs, code: keypadCode(scooter.commandKey, scooter.scooterId, scooter.rideNonce) });
  }
}

/** Whoever presses it proves nothing. So it only ends, and only what a rider has got off: never somebody's pause. */
function byButton(scooter: Scooter): Handled {
  if (scooter.sensors.lock !== 'open') return { stuck: 'locked' };
  if (isMoving(scooter)) return { stuck: 'moving' };
  return scooter.sensors.ignition === 'on' ? { stuck: 'ignition_on' } : carryOut(scooter, 'end', 'button');
}

function byKeypad(
  scooter: Scooter,
  { code, doing }: Extract<LocalAct, { by: 'keypad' }>,
  right: { readonly nowMs: number; readonly code: string },
): Handled {
  if (right.nowMs < scooter.keypad.lockedUntilMs) return { stuck: 'keypad_locked' };
  if (same(code, right.code)) return carryOut({ ...scooter, keypad: FRESH_KEYPAD }, doing, 'keypad');
  const wrongTries = scooter.keypad.wrongTries + 1;
  const keypad =
    wrongTries < WRONG_TRIES
      ? { ...scooter.keypad, wrongTries }
      : { wrongTries: 0, lockedUntilMs: right.nowMs + KEYPAD_LOCKED_MS };
  return { stuck: 'wrong_code', scooter: { ...scooter, keypad } };
}

function carryOut(scooter: Scooter, doing: Doing, by: LocalAct['by']): Handled {
  const hindrance = whyNotHere(scooter, doing);
  if (hindrance !== null) return { stuck: hindrance, scooter };
  if (doing === 'resume') return done(withSensors(scooter, { lock: 'open' }), doing, by);
  const off = withSensors(scooter, { ignition: 'off' });
  if (off.jammed && off.sensors.lock === 'open') return { stuck: 'jammed', scooter: off };
  const ride = doing === 'end' ? NO_RIDE : {};
  return done(withSensors({ ...off, ...ride, motion: null }, { lock: 'closed' }), doing, by);
}

/** A paused ride may be ended as it stands; a pause is not paused again, nor an open lock opened. */
function whyNotHere(scooter: Scooter, doing: Doing): Stuck | null {
  if (isMoving(scooter)) return 'moving';
  if (doing === 'end' && scooter.sensors.stand === 'up') return 'stand_up';
  const { lock } = scooter.sensors;
  return (doing === 'pause' && lock === 'closed') || (doing === 'resume' && lock === 'open') ? 'already_so' : null;
}

const done = (scooter: Scooter, doing: Doing, by: LocalAct['by']): Handled => ({
  scooter,
  says: [{ kind: 'local', doing, by, sensors: scooter.sensors, fix: null }],
});

/** In the same time whatever is wrong: a stopwatch must not tell digits. */
function same(said: string, right: string): boolean {
  const [a, b] = [Buffer.from(said), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
