// A short storm for every day; `npm run storms` has the long ones.
import { describe, expect, it } from '@jest/globals';
import { storm } from './storm.js';

describe('a storm over the city', () => {
  it.each([1, 2])('breaks no promise while it lasts, and leaves a city at rest (seed %i)', async (seed) => {
    const { rides } = await storm({ seed, scooters: 8, riders: 10, deeds: 20 });
    expect(rides).toBeGreaterThan(0);
  }, 120_000);
});
