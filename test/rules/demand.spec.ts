// When people of the simulated city want to ride.
import { describe, expect, it } from '@jest/globals';
import { destinationAt, expectedRides, LAST_START_MINUTE, OPENS_AT_MINUTE, originAt, ridesInMinute } from '../../people-sim/demand.js';
import { diceOf } from '../../people-sim/dice.js';
import { metersApart } from '../../people-sim/place.js';

const MINUTES = Array.from({ length: 1440 }, (_, minute) => minute);
const ridesOf = (seed: number, target: number, day = '2026-11-23'): number =>
  MINUTES.reduce((sum, minute) => sum + ridesInMinute({ seed, day, minute }, target), 0);

describe('the demand of a day', () => {
  it('expects exactly as many rides as it was asked for', () => {
    const expected = MINUTES.reduce((sum, minute) => sum + expectedRides(minute, 3500), 0);
    expect(expected).toBeCloseTo(3500, 6);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('comes within 5 %% of 3,500 rides (seed %i)', (seed) => {
    expect(Math.abs(ridesOf(seed, 3500) - 3500)).toBeLessThanOrEqual(175);
  });

  it.each([
    ['in the night',                3 * 60],
    ['a minute before seven',       OPENS_AT_MINUTE - 1],
    ['from 22:45 on',               LAST_START_MINUTE],
    ['a minute before midnight',    1439],
  ])('lets nobody begin %s', (_, minute) => {
    expect(expectedRides(minute, 100_000)).toBe(0);
    expect(ridesInMinute({ seed: 1, day: '2026-11-23', minute }, 100_000)).toBe(0);
  });

  it('rises in the morning and higher in the evening', () => {
    const [morning, forenoon, evening, night] = [8.5, 10.5, 18.5, 22.5].map((hour) => expectedRides(hour * 60, 3500));
    expect(morning).toBeGreaterThan(forenoon ?? 0);
    expect(evening).toBeGreaterThan(morning ?? 0);
    expect(night).toBeLessThan(forenoon ?? 0);
  });

  it('has no steps from one minute to the next', () => {
    for (let minute = OPENS_AT_MINUTE + 1; minute < LAST_START_MINUTE; minute++) {
      expect(Math.abs(expectedRides(minute, 3500) - expectedRides(minute - 1, 3500))).toBeLessThan(0.1);
    }
  });

  it('repeats itself from the same seed and not from another, nor on another day', () => {
    const minutes = (seed: number, day: string) => MINUTES.map((minute) => ridesInMinute({ seed, day, minute }, 3500));
    expect(minutes(1, '2026-11-23')).toEqual(minutes(1, '2026-11-23'));
    expect(minutes(1, '2026-11-23')).not.toEqual(minutes(2, '2026-11-23'));
    expect(minutes(1, '2026-11-23')).not.toEqual(minutes(1, '2026-11-24'));
  });
});

describe('where people come from and go to', () => {
  const centre = { latitude: 48.8606, longitude: 2.3466 };
  const mean = (place: typeof originAt, minute: number): number => {
    const dice = diceOf('where', minute);
    const sum = Array.from({ length: 2000 }, () => metersApart(place(minute, dice), centre)).reduce((a, b) => a + b, 0);
    return sum / 2000;
  };

  it('leads to the centre in the morning and out of it in the evening', () => {
    expect(mean(destinationAt, 8 * 60)).toBeLessThan(mean(originAt, 8 * 60));
    expect(mean(originAt, 18 * 60)).toBeLessThan(mean(destinationAt, 18 * 60));
  });
});
