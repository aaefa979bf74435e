import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../src/platform/refusal.js';
import {
  SCOOTER_STATES,
  scooterStates,
  stepForCharge,
  type ScooterState,
  type ScooterStep,
} from '../../src/fleet/scooter-state.js';

const STEPS: ScooterStep[] = [
  'reserve',
  'release',
  'release_low',
  'take',
  'run_low',
  'recover',
  'service',
  'return',
  'return_low',
  'lose_trust',
  'trust',
  'trust_low',
  'retire',
];
const told: Record<ScooterState, Partial<Record<ScooterStep, ScooterState>>> = {
  available: {
    reserve: 'reserved',
    take: 'taken',
    run_low: 'low',
    service: 'maintenance',
    lose_trust: 'unsure',
    retire: 'retired',
  },
  reserved: { release: 'available', release_low: 'low', take: 'taken', lose_trust: 'unsure' },
  taken: { release: 'available', release_low: 'low', lose_trust: 'unsure' },
  low: { service: 'maintenance', recover: 'available', lose_trust: 'unsure', retire: 'retired' },
  maintenance: { return: 'available', return_low: 'low', retire: 'retired' },
  unsure: { trust: 'available', trust_low: 'low', take: 'taken', service: 'maintenance', retire: 'retired' },
  retired: {},
};

describe('the life of a scooter', () => {
  it.each(SCOOTER_STATES)('from %s leads where the city says, and nowhere else', (state) => {
    const steps = Object.fromEntries(
      STEPS.flatMap((step) => {
        const next = scooterStates.after(state, step);
        return next ? [[step, next]] : [];
      }),
    );
    expect(steps).toEqual(told[state]);
  });

  it('reaches every state from the first one, unsure', () => {
    const reached = new Set<ScooterState>(['unsure']);
    for (const state of reached)
      for (const step of STEPS) {
        const next = scooterStates.after(state, step);
        if (next) reached.add(next);
      }
    expect([...reached].sort()).toEqual([...SCOOTER_STATES].sort());
  });

  it.each<[ScooterState, ScooterStep]>([
    ['taken', 'take'],
    ['taken', 'reserve'],
    ['reserved', 'reserve'],
    ['low', 'take'],
    ['low', 'reserve'],
    ['maintenance', 'take'],
    ['retired', 'trust'],
    ['taken', 'retire'],
  ])('refuses to a scooter that is %s: %s', (state, step) => {
    expect(() => scooterStates.mustStep(state, step)).toThrow(
      expect.objectContaining({ code: 'step_not_allowed', details: { state, step } }),
    );
    expect(() => scooterStates.mustStep(state, step)).toThrow(Refusal);
  });

  it.each<[ScooterStep, boolean, ScooterStep]>([
    ['release', false, 'release'],
    ['release', true, 'release_low'],
    ['return', true, 'return_low'],
    ['return', false, 'return'],
    ['trust', true, 'trust_low'],
    ['trust', false, 'trust'],
    ['take', true, 'take'],
    ['lose_trust', true, 'lose_trust'],
  ])('%s, needing a battery: %s, means %s', (step, needs, meant) => {
    expect(stepForCharge(step, needs)).toBe(meant);
  });
});
