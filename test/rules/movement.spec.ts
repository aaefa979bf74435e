// A simulated scooter moves like a thing with mass: no jumps, no more than 45 km/h, slow around corners.
import { describe, expect, it } from '@jest/globals';
import { Chance } from '../../firmware-sim/body/chance.js';
import { metersBetween, type Position } from '../../firmware-sim/body/geo.js';
import {
  ACCELERATION_MPS2,
  hasArrived,
  placeOf,
  rollOn,
  routeFrom,
  setOff,
  STEP_SECONDS,
  TOP_MPS,
  type Motion,
} from '../../firmware-sim/body/movement.js';
import { FRESH_KEYPAD, live, type Scooter, STANDING } from '../../firmware-sim/unit/scooter.js';
import { ride } from '../../firmware-sim/body/hands.js';

const START: Position = { latitude: 48.8606, longitude: 2.3376 };
const straightNorth: Position = { latitude: 48.8786, longitude: 2.3376 };

/** A way of a few hundred metres a leg, turning wherever chance wants. */
function someWay(seed: number): Position[] {
  const chance = new Chance(seed);
  let here = START;
  return Array.from({ length: 12 }, () => {
    here = {
      latitude: here.latitude + chance.between(-0.003, 0.003),
      longitude: here.longitude + chance.between(-0.004, 0.004),
    };
    return here;
  });
}

function setOffAlong(waypoints: readonly Position[], cruiseKmh?: number): Motion {
  const route = routeFrom(START, waypoints, cruiseKmh);
  if (route === null) throw new Error('There is a way.');
  return setOff(route);
}

/** Every step of a whole ride. */
function stepsOf(start: Motion, powered = true): Motion[] {
  const steps = [start];
  let motion = start;
  while (!hasArrived(motion) && steps.length < 200_000) {
    motion = rollOn(motion, STEP_SECONDS, powered);
    steps.push(motion);
    if (!powered && motion.speedMps === 0) break;
  }
  return steps;
}

const scooter: Scooter = {
  scooterId: '0195d1a0-0000-7000-8000-000000000001',
  plate: 'GA-123-AA',
  commandKey: 'a1'.repeat(32),
  lastNonce: 0,
  answered: [],
  inRide: true,
  rideNonce: 7,
  keypad: FRESH_KEYPAD,
  sensors: { ...STANDING, lock: 'open' },
  position: START,
  odometerM: 1000,
  pack: { serial: 'B1', chargePercent: 80, whPerKm: 38 },
  motion: null,
  pushedFrom: null,
  loadKg: 75,
  jammed: false,
  gaugeSilent: false,
};

function riding(waypoints: readonly Position[], changes: Partial<Scooter> = {}): Scooter {
  const handled = ride({ ...scooter, ...changes }, { waypoints });
  if ('stuck' in handled) throw new Error(handled.stuck);
  return handled.scooter;
}

describe('a scooter on its way', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('obeys physics on way %d: top speed, acceleration, braking, no jump', (seed) => {
    const steps = stepsOf(setOffAlong(someWay(seed)));
    const pairs = steps.slice(1).map((now, index) => ({ before: steps[index] ?? now, now }));
    const changes = pairs.map(({ before, now }) => (now.speedMps - before.speedMps) / STEP_SECONDS);
    // The last decimetre is rolled out to the point; all other braking stays in what tyres hold.
    expect(Math.min(...changes.slice(0, -1))).toBeGreaterThan(-6);
    expect(Math.max(...changes)).toBeLessThanOrEqual(ACCELERATION_MPS2 + 1e-9);
    expect(Math.max(...steps.map(({ speedMps }) => speedMps))).toBeLessThanOrEqual(TOP_MPS + 1e-9);
    const jumps = pairs.map(({ before, now }) => metersBetween(placeOf(before), placeOf(now)));
    expect(Math.max(...jumps)).toBeLessThanOrEqual(TOP_MPS * STEP_SECONDS + 1e-4);
    expect(pairs.every(({ before, now }) => now.alongM >= before.alongM)).toBe(true);
    const last = steps.at(-1);
    expect(last === undefined ? null : metersBetween(placeOf(last), someWay(seed).at(-1) ?? START)).toBeLessThan(2);
  });

  it('takes a straight kilometre at 45 km/h and a sharp corner at walking pace', () => {
    const corner = [straightNorth, { latitude: 48.8787, longitude: 2.36 }];
    const steps = stepsOf(setOffAlong(corner));
    expect(Math.max(...steps.map(({ speedMps }) => speedMps))).toBeCloseTo(TOP_MPS, 6);
    const atCorner = steps.find(({ behind }) => behind === 1);
    expect(atCorner?.speedMps).toBeLessThan(6.5);
  });

  it.each([
    [60, TOP_MPS],
    [30, 30 / 3.6],
    [10, 10 / 3.6],
  ])('asked to cruise at %d km/h never passes %d m/s', (kmh, limit) => {
    const fastest = Math.max(...stepsOf(setOffAlong([straightNorth], kmh)).map(({ speedMps }) => speedMps));
    expect(fastest).toBeCloseTo(limit, 6);
  });

  it('rolls out when the power is gone', () => {
    const moving = stepsOf(setOffAlong([straightNorth])).at(100);
    const rolledOut = moving === undefined ? undefined : stepsOf(moving, false).at(-1);
    expect(rolledOut?.speedMps).toBe(0);
    expect(rolledOut === undefined ? true : hasArrived(rolledOut)).toBe(false);
  });

  it.each([[[]], [[START]], [[{ ...START, latitude: START.latitude + 0.000005 }]]])(
    'sees no way where it stands already',
    (waypoints) => {
      expect(routeFrom(START, waypoints)).toBeNull();
    },
  );
});

describe('time that passes for a scooter', () => {
  it.each([0.2, 1, 7.3, 20, 600])(
    'in ticks of %d s ends the same ride at the same place with the same charge',
    (tick) => {
      let now = riding(someWay(3));
      const lengthM = now.motion?.route.lengthM ?? 0;
      let farthestM = 0;
      for (let seconds = 0; seconds < 1800; seconds += tick) {
        const before = now;
        now = live(now, tick, 15);
        farthestM = Math.max(farthestM, now.odometerM - before.odometerM);
      }
      expect(farthestM).toBeLessThanOrEqual(TOP_MPS * tick + 1e-6);
      expect(now.motion).toBeNull();
      expect(now.odometerM).toBeCloseTo(1000 + lengthM, 3);
      const used = 80 - now.pack.chargePercent;
      expect(used).toBeGreaterThan(0.5);
      expect(used).toBeLessThan(10);
    },
  );

  it('uses 25 to 60 Wh a kilometre over a real way with corners', () => {
    const start = riding(someWay(5));
    const end = live(start, 3600, 20);
    const km = (end.odometerM - start.odometerM) / 1000;
    const wh = ((start.pack.chargePercent - end.pack.chargePercent) / 100) * 3230;
    expect(wh / km).toBeGreaterThan(25);
    expect(wh / km).toBeLessThan(60);
  });

  it('stops under way when the battery is empty', () => {
    const end = live(
      riding([{ latitude: 48.95, longitude: 2.34 }], { pack: { serial: 'B1', chargePercent: 1, whPerKm: 38 } }),
      7200,
      20,
    );
    expect(end.motion).toBeNull();
    expect(end.pack.chargePercent).toBe(0);
    expect(end.odometerM - 1000).toBeGreaterThan(300);
    expect(end.odometerM - 1000).toBeLessThan(3000);
  });

  it('never makes a scooter younger', () => {
    const moving = live(riding(someWay(1)), 10, 15);
    expect(live(moving, 0, 15)).toBe(moving);
    expect(live(moving, -5, 15)).toBe(moving);
  });
});
