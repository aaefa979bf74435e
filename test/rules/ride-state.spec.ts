// The life of a ride as a table, and the rules around it.
import { describe, expect, it } from '@jest/globals';
import { billedUntil } from '../../src/rides/billed-until.js';
import { BINDING_STATES, isLive, LIVE_STATES, rideStates, type RideState, type RideStep } from '../../src/rides/ride-state.js';

const steps: [RideState, RideStep, RideState | null][] = [
  ['authorising', 'authorised',      'unlocking'],
  ['authorising', 'refused',         'failed'],
  ['authorising', 'unlocked',        null],
  ['unlocking',   'unlocked',        'riding'],
  ['unlocking',   'refused',         'failed'],
  ['unlocking',   'silent',          'unsure'],
  ['unlocking',   'give_up',         null],
  ['unsure',      'unlocked',        'riding'],
  ['unsure',      'locked',          'failed'],
  ['unsure',      'silent',          null],
  ['riding',      'pause',           'pausing'],
  ['riding',      'ask_end',         'checking'],
  ['riding',      'give_up',         null],
  ['riding',      'unlocked',        null],
  ['pausing',     'silent',          'riding'],
  ['pausing',     'ask_end',         'checking'],
  ['resuming',    'ask_end',         'checking'],
  ['paused',      'resume',          'resuming'],
  ['paused',      'ask_end',         'checking'],
  ['resuming',    'silent',          'paused'],
  ['checking',    'checks_hold',     'locking'],
  ['checking',    'back_to_riding',  'riding'],
  ['checking',    'silent',          'locking'],
  ['locking',     'locked',          'ended'],
  ['locking',     'give_up',         'ended'],
  ['locking',     'silent',          null],
  ['riding',      'died',            'ended'],
  ['paused',      'died',            'ended'],
  ['locking',     'died',            'ended'],
  ['unsure',      'died',            null],
  ['ended',       'died',            null],
  ['ended',       'ask_end',         null],
  ['ended',       'locked',          null],
  ['failed',      'unlocked',        null],
];

describe('the life of a ride', () => {
  it.each(steps)('%s + %s = %s', (state, step, next) => {
    expect(rideStates.after(state, step)).toBe(next);
  });

  it('can reach every state from the first one', () => {
    const reached = new Set<string>(['authorising']);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const state of [...reached]) Object.values(rideStates.steps[state as RideState]).forEach((next) => reached.add(next));
    }
    expect([...reached].sort()).toEqual(Object.keys(rideStates.steps).sort());
  });

  it('ends from every live state, so that no ride stays open for ever', () => {
    for (const state of LIVE_STATES) {
      const reached = new Set<string>([state]);
      for (let size = 0; size !== reached.size; ) {
        size = reached.size;
        for (const at of [...reached]) Object.values(rideStates.steps[at as RideState]).forEach((next) => reached.add(next));
      }
      expect([...reached].some((at) => !isLive(at as RideState))).toBe(true);
    }
  });

  it('binds the rider in every live state but the one in which the scooter fell silent', () => {
    expect(LIVE_STATES.filter((state) => !(BINDING_STATES as readonly string[]).includes(state))).toEqual(['unsure']);
  });

  it('is never ended by silence alone', () => {
    for (const [state, table] of Object.entries(rideStates.steps)) {
      expect([state, (table as Record<string, string>)['silent']]).not.toEqual([state, 'ended']);
      expect([state, (table as Record<string, string>)['silent']]).not.toEqual([state, 'failed']);
    }
  });
});

describe('where the bill stops', () => {
  const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);
  it.each([
    ['at the lock that follows the wish',           600, 603,    603],
    ['at the lock, right at the limit',             600, 615,    615],
    ['at the wish, when the lock is heard of late', 600, 615.001, 600],
    ['at the wish, when the lock comes a day later', 600, 90_000, 600],
    ['at the lock nobody asked for',                null, 700,   700],
    ['never before the start',                      -5,  -30,    0],
  ])('%s', (_what, asked, locked, until) => {
    const facts = { startedAt: at(0), endAskedAt: asked === null ? null : at(asked), lockedAt: at(locked) };
    expect(billedUntil(facts)).toEqual(at(until));
  });
});
