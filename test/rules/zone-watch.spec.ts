// One state from fixes that tremble, and the speed that follows from it: nothing flutters at a border, nothing is
// decided by a bad fix, and nothing ever brings a scooter to a stand (promise V7).
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Chance } from '../../firmware-sim/body/chance.js';
import { readFix } from '../../firmware-sim/body/faults.js';
import { placeBeside, type Position } from '../../firmware-sim/body/geo.js';
import { ACCELERATION_MPS2, EASING_MPS2, rollOn, routeFrom, setOff, SLOWEST_LIMIT_KMH, STEP_SECONDS, TOP_KMH, type Motion } from '../../firmware-sim/body/movement.js';
import { ZoneJudge, type Verdict } from '../../firmware-sim/unit/zone-judge.js';
import { beginWatch, isTimeToLook, limitOf, look, type Watch } from '../../firmware-sim/unit/zone-watch.js';
import type { Fix } from '../../src/telematics/wire.js';
import { compactZones } from '../../src/onboard/compact-zones.js';
import { namedId, type ZoneId } from '../../src/platform/ids.js';
import type { Ring } from '../../src/zones/zone.js';

const BORDER: Position = { latitude: 48.85, longitude: 2.35 };
/** Everything east of the border, two kilometres of it, is slow; all around is service. */
const box = (west: number, east: number): Ring => [[west, 48.8], [east, 48.8], [east, 48.9], [west, 48.9], [west, 48.8]];
const zone = (name: string, ring: Ring, areaM2: number, maxSpeedKmh: number | null) => ({
  id: namedId<ZoneId>(name), kind: maxSpeedKmh === null ? 'service' as const : 'slow' as const, name, priority: null, maxSpeedKmh, source: 'test', areaM2,
  geometry: { type: 'MultiPolygon' as const, coordinates: [[ring]] },
});
const made = ZoneJudge.of(compactZones(1, [zone('all', box(2.2, 2.5), 2, null), zone('east', box(2.35, 2.38), 1, 20)]));
if (made === null) throw new Error('these zones can be read');
const judge = made;
const SERVICE: Verdict = { zone: 'service', limitKmh: null };
const SLOW: Verdict = { zone: 'slow', limitKmh: 20 };
const UNKNOWN: Verdict = { zone: 'unknown', limitKmh: null };

const fixAt = (eastM: number, parts: Partial<Fix> = {}): Fix => ({ ...placeBeside(BORDER, eastM, 0), accuracyM: 5, ageS: 1, ...parts });
/** One look a second, from the given state on. */
const after = (state: Verdict, ...fixes: Fix[]): Watch =>
  fixes.reduce((watch, fix, second) => look(watch, judge, fix, (second + 1) * 1000), beginWatch(state, 0));

describe('the state of a scooter', () => {
  it.each<[string, Verdict, Fix[], Verdict]>([
    ['changes with the second fix beyond the border', SERVICE, [fixAt(10), fixAt(20)],                       SLOW],
    ['and back again',                                SLOW,    [fixAt(-10), fixAt(-20)],                     SERVICE],
    ['does not change with the first',                SERVICE, [fixAt(10)],                                  SERVICE],
    ['does not change with two that disagree',        SERVICE, [fixAt(10), fixAt(-10), fixAt(10)],           SERVICE],
    ['does not change right behind the border',       SERVICE, [fixAt(1), fixAt(3), fixAt(2)],               SERVICE],
    ['nor back right before it',                      SLOW,    [fixAt(-1), fixAt(-3), fixAt(-2)],            SLOW],
    ['is not decided by a rough fix',                 SERVICE, [fixAt(50, { accuracyM: 60 }), fixAt(50, { accuracyM: 60 })], SERVICE],
    ['is not decided by an old fix',                  SERVICE, [fixAt(50, { ageS: 20 }), fixAt(50, { ageS: 20 })],           SERVICE],
    ['takes a rough fix for no second opinion',       SERVICE, [fixAt(10), fixAt(20, { accuracyM: 60 })],    SERVICE],
    ['begins with two fixes that agree',              UNKNOWN, [fixAt(10), fixAt(20)],                       SLOW],
    ['begins at a border, too',                       UNKNOWN, [fixAt(1), fixAt(1)],                         SLOW],
  ])('%s', (_what, before, fixes, state) => {
    expect(after(before, ...fixes).state).toEqual(state);
  });

  it('is unknown after a minute without a place, and not before', () => {
    const bad = fixAt(50, { accuracyM: 100 });
    const watch = look(beginWatch(SLOW, 0), judge, fixAt(50), 1000);
    expect(look(watch, judge, bad, 60_999).state).toEqual(SLOW);
    expect(look(watch, judge, bad, 61_000).state).toEqual(UNKNOWN);
  });

  it('is looked at once a second, however often the unit ticks', () => {
    const watch = look(beginWatch(SLOW, 0), judge, fixAt(50), 1000);
    expect([1000, 1999, 2000].map((nowMs) => isTimeToLook(watch, nowMs))).toEqual([false, false, true]);
  });

  it.each([1, 2, 3, 4, 5])('does not flutter in an hour along the border itself, with luck %d', (seed) => {
    const chance = new Chance(seed);
    let watch = after(SERVICE, fixAt(-20), fixAt(-20));
    let changes = 0;
    for (let second = 3; second < 3600; second += 1) {
      const next = look(watch, judge, readFix(placeBeside(BORDER, 0, (second % 600) - 300), chance, false), second * 1000);
      if (next.state.zone !== watch.state.zone) changes += 1;
      watch = next;
    }
    expect(changes).toBeLessThanOrEqual(1);
  });
});

describe('the speed that follows', () => {
  it.each<[Verdict, number | null]>([
    [UNKNOWN,                               null],
    [{ zone: 'outside', limitKmh: null },    null],
    [SERVICE,                               null],
    [{ zone: 'no_parking', limitKmh: null }, null],
    [SLOW,                                  20],
    [{ zone: 'slow', limitKmh: 2 },          SLOWEST_LIMIT_KMH],
    [{ zone: 'slow', limitKmh: 0 },          SLOWEST_LIMIT_KMH],
    [{ zone: 'no_ride', limitKmh: null },    10],
    [{ zone: 'no_ride', limitKmh: 0 },       SLOWEST_LIMIT_KMH],
  ])('in %j is %s km/h', (state, limit) => {
    expect(limitOf(state)).toBe(limit);
  });

  const route = routeFrom(BORDER, [placeBeside(BORDER, 0, 5000)], TOP_KMH);
  if (route === null) throw new Error('there is a way');
  const at = (speedMps: number, limitMps: number | null): Motion => ({ ...setOff(route), speedMps, limitMps, alongM: 100 });

  it('is reached gently and then held, from top speed', () => {
    let motion = at(TOP_KMH / 3.6, 20 / 3.6);
    for (let steps = 0; steps < 100; steps += 1) motion = rollOn(motion, STEP_SECONDS, true);
    expect(motion.speedMps * 3.6).toBeCloseTo(20, 6);
  });

  it('never stops a scooter and never brakes it harder than it eases, whatever the zone and the speed', () => {
    const kinds = fc.constantFrom('unknown', 'outside', 'service', 'no_parking', 'no_ride', 'slow');
    const limits = fc.option(fc.integer({ min: 0, max: 45 }), { nil: null });
    fc.assert(fc.property(fc.array(fc.record({ zone: kinds, limitKmh: limits }), { minLength: 1, maxLength: 20 }), fc.double({ min: 0.5, max: TOP_KMH / 3.6, noNaN: true }), (zones, speedMps) => {
      let motion = at(speedMps, null);
      for (const verdict of zones) {
        const limitKmh = limitOf(verdict);
        motion = { ...motion, limitMps: limitKmh === null ? null : limitKmh / 3.6 };
        for (let steps = 0; steps < 25; steps += 1) {
          const next = rollOn(motion, STEP_SECONDS, true);
          expect(next.speedMps - motion.speedMps).toBeGreaterThanOrEqual(-EASING_MPS2 * STEP_SECONDS - 1e-9);
          expect(next.speedMps - motion.speedMps).toBeLessThanOrEqual(ACCELERATION_MPS2 * STEP_SECONDS + 1e-9);
          expect(next.speedMps).toBeGreaterThanOrEqual(Math.min(motion.speedMps, SLOWEST_LIMIT_KMH / 3.6) - 1e-9);
          motion = next;
        }
      }
    }), { numRuns: 100 });
  });

  it('is never less than walking, even where a map asks for a stop', () => {
    let motion = at(8, 0);
    for (let steps = 0; steps < 200; steps += 1) motion = rollOn(motion, STEP_SECONDS, true);
    expect(motion.speedMps * 3.6).toBeCloseTo(SLOWEST_LIMIT_KMH, 6);
  });
});
