import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LEAST_CHARGE_CENTS, splitFare } from '../../src/billing/split-fare.js';

describe('collecting a fare', () => {
  it.each`
    fare    | hold    | capture | rest
    ${28}   | ${1000} | ${28}   | ${0}
    ${1000} | ${1000} | ${1000} | ${0}
    ${1001} | ${1000} | ${951}  | ${50}
    ${1020} | ${1000} | ${970}  | ${50}
    ${1050} | ${1000} | ${1000} | ${50}
    ${3360} | ${1000} | ${1000} | ${2360}
    ${300}  | ${0}    | ${0}    | ${300}
    ${28}   | ${0}    | ${0}    | ${28}
  `('takes $capture of a fare of $fare from a hold of $hold and charges $rest', (row) => {
    const { fare, hold, capture, rest } = row as unknown as { fare: number; hold: number; capture: number; rest: number };
    expect(splitFare(fare, hold)).toEqual({ captureCents: capture, restCents: rest });
  });

  it('splits no fare of nothing', () => {
    expect(() => splitFare(0, 1000)).toThrow();
  });

  it('loses no cent, takes no more than the hold, and leaves no rest too small to charge', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 100, max: 5000 }), (fare, hold) => {
      const { captureCents, restCents } = splitFare(fare, hold);
      expect(captureCents + restCents).toBe(fare);
      expect(captureCents).toBeLessThanOrEqual(hold);
      expect(captureCents).toBeGreaterThan(0);
      expect(restCents === 0 || restCents >= LEAST_CHARGE_CENTS).toBe(true);
    }));
  });
});
