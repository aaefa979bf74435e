// What hands do to a scooter in the street: ride it, park it, push it, change its battery. No network is
// asked; the thing itself allows or does not.
import { DEFAULT_LOAD_KG, isMoving, withSensors, type Happening, type Scooter } from '../unit/scooter.js';
import { type Pack } from './battery.js';
import { type Position } from './geo.js';
import { routeFrom, setOff, TOP_KMH } from './movement.js';

/** Why the thing does not let itself be handled that way. */
export type Stuck =
  | 'locked' | 'moving' | 'bay_shut' | 'bay_open' | 'no_way' | 'empty' | 'too_far'
  | 'no_power' | 'no_ride' | 'ignition_on' | 'stand_up' | 'already_so' | 'jammed' | 'wrong_pass' | 'wrong_code' | 'keypad_locked';

/** What did not go as wished may have left its mark all the same: a wrong code is counted. */
export type Handled =
  | { readonly scooter: Scooter; readonly says: readonly Happening[] }
  | { readonly stuck: Stuck; readonly scooter?: Scooter };

const handled = (scooter: Scooter, says: readonly Happening[] = []): Handled => ({ scooter, says });
const stuck = (why: Stuck): Handled => ({ stuck: why });

/** Longer than any way inside a service area, and a bound on what a caller may ask. */
const LONGEST_WAY_M = 100_000;
/** Someone walking beside it. */
const PUSHING_KMH = 4;

export interface Way {
  readonly waypoints: readonly Position[];
  readonly cruiseKmh?: number | undefined;
  readonly loadKg?: number | undefined;
}

/** The rider takes the helmet, closes the case, lifts the stand, turns the key and goes. */
export function ride(scooter: Scooter, way: Way): Handled {
  if (scooter.sensors.lock !== 'open') return stuck('locked');
  if (scooter.sensors.bay === 'open') return stuck('bay_open');
  if (isMoving(scooter)) return stuck('moving');
  if (scooter.pack.chargePercent <= 0) return stuck('empty');
  const route = routeFrom(scooter.position, way.waypoints, way.cruiseKmh ?? TOP_KMH);
  if (route === null) return stuck('no_way');
  if (route.lengthM > LONGEST_WAY_M) return stuck('too_far');
  const mounted = withSensors(scooter, { ignition: 'on', stand: 'up', helmet: 'out', case: 'closed' });
  return handled({ ...mounted, motion: setOff(route), pushedFrom: null, loadKg: way.loadKg ?? DEFAULT_LOAD_KG });
}

/** A thief rides it away on a wire of his own: the lock is not asked, and its sensor goes on saying what it said. */
export function hotWire(scooter: Scooter, way: Way): Handled {
  if (isMoving(scooter)) return stuck('moving');
  if (scooter.pack.chargePercent <= 0) return stuck('empty');
  const route = routeFrom(scooter.position, way.waypoints, way.cruiseKmh ?? TOP_KMH);
  if (route === null) return stuck('no_way');
  return handled({ ...withSensors(scooter, { stand: 'up' }), motion: setOff(route), pushedFrom: null, loadKg: way.loadKg ?? DEFAULT_LOAD_KG });
}

/** Everything a good rider does before asking to end. */
export function park(scooter: Scooter): Handled {
  if (isMoving(scooter)) return stuck('moving');
  return handled(
    withSensors({ ...scooter, motion: null }, { ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed' }),
  );
}

/** Rolled or carried away, locked or not. */
export function push(scooter: Scooter, waypoints: readonly Position[]): Handled {
  if (isMoving(scooter)) return stuck('moving');
  const route = routeFrom(scooter.position, waypoints, PUSHING_KMH);
  if (route === null) return stuck('no_way');
  return handled({ ...withSensors(scooter, { stand: 'up' }), motion: setOff(route), pushedFrom: scooter.position });
}

/** Old set out, new set in, bay shut: the scooter reads the new serial itself. */
export function swap(scooter: Scooter, set: Pick<Pack, 'serial' | 'chargePercent'>): Handled {
  if (scooter.sensors.bay !== 'open') return stuck('bay_shut');
  const pack = { ...scooter.pack, ...set };
  return shutBay({ ...scooter, pack, gaugeSilent: false });
}

/** The key for the day the pack is empty: nothing else opens the bay of a scooter that hears no command. */
const pryBay = (scooter: Scooter): Handled =>
  scooter.pack.chargePercent > 0 ? stuck('bay_shut') : handled(withSensors(scooter, { bay: 'open' }));

export function shutBay(scooter: Scooter): Handled {
  if (scooter.sensors.bay !== 'open') return stuck('bay_shut');
  const { serial, chargePercent } = scooter.pack;
  return handled(withSensors(scooter, { bay: 'closed' }), [
    { kind: 'bay_closed', batterySerial: serial, chargePercent: Math.round(chargePercent * 10) / 10 },
  ]);
}

/** Single things a hand can put in a state; the lock is not among them, for only a command moves the bolt. */
export type Thing = 'stand' | 'helmet' | 'case' | 'ignition' | 'bay' | 'bolt' | 'gauge' | 'body';

export const thingStates = {
  stand: ['up', 'down'],
  helmet: ['in_case', 'out'],
  case: ['open', 'closed'],
  ignition: ['on', 'off'],
  bay: ['open', 'forced', 'closed'],
  bolt: ['free', 'jammed'],
  gauge: ['telling', 'silent'],
  body: ['fallen'],
} as const;

export type Put = { [T in Thing]: { readonly thing: T; readonly state: (typeof thingStates)[T][number] } }[Thing];

export function put(scooter: Scooter, change: Put): Handled {
  switch (change.thing) {
    case 'stand':
      return isMoving(scooter) ? stuck('moving') : handled(withSensors(scooter, { stand: change.state }));
    case 'helmet':
      return handled(withSensors(scooter, { helmet: change.state }));
    case 'case':
      return handled(withSensors(scooter, { case: change.state }));
    case 'ignition':
      if (isMoving(scooter)) return stuck('moving');
      if (change.state === 'on' && scooter.sensors.lock === 'closed') return stuck('locked');
      return handled(withSensors(scooter, { ignition: change.state }));
    case 'bay':
      if (change.state === 'forced') return handled(withSensors(scooter, { bay: 'open' }), [{ kind: 'bay_opened' }]);
      return change.state === 'closed' ? shutBay(scooter) : pryBay(scooter);
    case 'bolt':
      return handled({ ...scooter, jammed: change.state === 'jammed' });
    case 'gauge':
      return handled({ ...scooter, gaugeSilent: change.state === 'silent' });
    case 'body':
      // Whoever fell must be found: the fall sensor is one of the few that may name the place (privacy, D2).
      return handled(withSensors({ ...scooter, motion: null }, { ignition: 'off', stand: 'up' }), [{ kind: 'fell', fix: null }]);
  }
}
