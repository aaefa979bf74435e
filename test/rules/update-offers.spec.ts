// What became of a release on one scooter, when it is offered at all, and which release comes after which.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ScooterState, Sensors } from '../../src/fleet/scooter.js';
import { isNewerRelease } from '../../src/telematics/wire.js';
import { isTrouble, OPEN, pauseSeconds, stepOf, updateState, type UpdateSaid, type UpdateState, type UpdateStep } from '../../src/updates/update-state.js';
import { lookAgainSeconds, whyNotOffer, type OfferFacts, type WhyNotOffer } from '../../src/updates/why-not-offer.js';

const parked: Sensors = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' };
const facts = (parts: Partial<OfferFacts['scooter']> = {}, more: Partial<OfferFacts> = {}): OfferFacts => ({
  scooter: { state: 'available', connected: true, chargePercent: 80, sensors: parked, ...parts }, runs: '1.0.0', release: '1.1.0', ...more,
});

describe('an offer', () => {
  it.each<[string, OfferFacts, WhyNotOffer | null]>([
    ['parked and free',                   facts(), null],
    ['low, but not too low for a restart', facts({ state: 'low', chargePercent: 25 }), null],
    ['in a ride',                         facts({ state: 'taken' }), 'in_ride'],
    ['held by a rider',                   facts({ state: 'reserved' }), 'reserved'],
    ['in doubt after an unlock',          facts({ state: 'unsure' }), 'unsure'],
    ['with a crew',                       facts({ state: 'maintenance' }), 'in_maintenance'],
    ['with its bay open',                 facts({ sensors: { ...parked, bay: 'open' } }), 'in_maintenance'],
    ['open without a ride',               facts({ sensors: { ...parked, lock: 'open' } }), 'not_locked'],
    ['with its ignition on',              facts({ sensors: { ...parked, ignition: 'on' } }), 'not_locked'],
    ['never heard of',                    facts({ sensors: null }), 'not_locked'],
    ['retired',                           facts({ state: 'retired' }), 'retired'],
    ['not there',                         facts({ connected: false }), 'not_connected'],
    ['with 24 %',                         facts({ chargePercent: 24.9 }), 'low_battery'],
    ['with a silent gauge',               facts({ chargePercent: null }), 'low_battery'],
    ['running the same',                  facts({}, { runs: '1.1.0' }), 'not_newer'],
    ['running something newer',           facts({}, { runs: '1.2.0' }), 'not_newer'],
    ['running what has no order',         facts({}, { runs: 'nightly' }), 'not_newer'],
    ['running nobody knows what',         facts({}, { runs: null }), 'release_unknown'],
    ['of what has no order',              facts({}, { release: 'nightly' }), 'not_newer'],
  ])('to a scooter %s: %#', (_what, asked, why) => {
    expect(whyNotOffer(asked)).toBe(why);
    if (why !== null) expect(lookAgainSeconds(why)).toBeGreaterThanOrEqual(60);
  });

  it('is made to nobody who is ridden, held, in doubt or with a crew, whatever else is so', () => {
    fc.assert(fc.property(
      fc.constantFrom<ScooterState>('taken', 'reserved', 'unsure', 'maintenance', 'retired'), fc.double({ min: 0, max: 100, noNaN: true }), fc.boolean(),
      (state, chargePercent, connected) => { expect(whyNotOffer(facts({ state, chargePercent, connected }))).not.toBeNull(); }));
  });

  it('is repeated less and less often, and never given up by that', () => {
    const pauses = Array.from({ length: 30 }, (_, at) => pauseSeconds(at));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect([pauses[1], pauses.at(-1)]).toEqual([30, 3600]);
  });
});

describe('a release', () => {
  const inOrder = ['0.9.9', '1.0.0-rc.1', '1.0.0-rc.2', '1.0.0-rc.10', '1.0.0', '1.0.1', '1.0.10', '1.2.0', '1.10.0', '2.0.0-rc.1', '2.0.0', '10.0.0'];
  it('comes after those before it, and after nothing else', () => {
    for (const [a, earlier] of inOrder.entries()) {
      for (const [b, later] of inOrder.entries()) expect([later, earlier, isNewerRelease(later, earlier)]).toEqual([later, earlier, b > a]);
    }
  });

  it.each(['', 'nightly', '1', '1.0', '1.0.0.0', '1.0.0-beta.1', '1.0.0+x', 'v1.0.0', '1.0.0 ', ' 1.0.0', '-1.0.0', '1e3.0.0', '99999999999.0.0'])(
    'has no place in the order when it is called "%s"', (odd) => {
      expect([isNewerRelease(odd, '0.0.1'), isNewerRelease('99.0.0', odd), isNewerRelease(odd, odd)]).toEqual([false, false, false]);
    });
});

describe('an update', () => {
  it.each<[UpdateState, UpdateStep, UpdateState | null]>([
    ['chosen',      'offer',     'offered'],
    ['chosen',      'time_out',  null],
    ['chosen',      'install',   'installed'],
    ['offered',     'download',  'downloaded'],
    ['offered',     'install',   'installed'],
    ['offered',     'time_out',  'timed_out'],
    ['downloaded',  'install',   'installed'],
    ['downloaded',  'download',  null],
    ['downloaded',  'roll_back', 'rolled_back'],
    ['installed',   'roll_back', 'rolled_back'],
    ['installed',   'refuse',    null],
    ['rolled_back', 'install',   null],
    ['rolled_back', 'again',     null],
    ['timed_out',   'install',   'installed'],
    ['timed_out',   'again',     'chosen'],
    ['refused',     'again',     'chosen'],
  ])('%s + %s = %s', (state, step, next) => {
    expect(updateState.after(state, step)).toBe(next);
  });

  it.each<[UpdateSaid['step'], UpdateSaid['reason'], UpdateStep | null]>([
    ['downloaded',  null,            'download'],
    ['installed',   null,            'install'],
    ['rolled_back', 'bad_boot',      'roll_back'],
    ['refused',     'bad_signature', 'refuse'],
    ['refused',     'bad_image',     'refuse'],
    ['refused',     'bad_boot',      'refuse'],
    ['refused',     'not_newer',     'refuse'],
    ['refused',     null,            'refuse'],
    ['refused',     'in_ride',       null],
    ['refused',     'low_battery',   null],
    ['refused',     'not_reached',   null],
  ])('that is told to be %s (%s) makes the step %s', (step, reason, next) => {
    expect(stepOf({ step, reason })).toBe(next);
  });

  it('is trouble when it was refused, undone or never heard of, and open until something is known', () => {
    expect((['offer', 'download', 'install', 'refuse', 'roll_back', 'time_out'] as const).filter(isTrouble)).toEqual(['refuse', 'roll_back', 'time_out']);
    expect(OPEN).toEqual(['chosen', 'offered', 'downloaded']);
  });
});
