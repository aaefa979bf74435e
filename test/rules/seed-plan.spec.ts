// The first city: the same seed plans the same one, and every scooter in it could exist.
import { describe, expect, it } from '@jest/globals';
import { CREWS, diceFor, freePlace, planScooter, plateOf, vinOf } from '../../src/launch/seed-plan.js';

const everywhere = (): boolean => true;

/** The check of 49 CFR 565.15, written a second time and in another way. */
function vinHolds(vin: string): boolean {
  const values = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
  const weights = '8765432X098765432';
  const remainder = Array.from(vin).reduce((sum, sign, place) => sum + (values.indexOf(sign) % 10) * '0123456789X'.indexOf(weights.charAt(place)), 0) % 11;
  return vin.charAt(8) === '0123456789X'.charAt(remainder);
}

describe('the plan of the first city', () => {
  it('is the same for the same seed and another for another', () => {
    const plans = (seed: number) => Array.from({ length: 20 }, (_, number) => planScooter(seed, number, everywhere));
    expect(plans(1)).toEqual(plans(1));
    expect(plans(1)).not.toEqual(plans(2));
  });

  it('gives twenty thousand scooters twenty thousand plates and chassis numbers', () => {
    const numbers = Array.from({ length: 20_000 }, (_, number) => number);
    expect(new Set(numbers.map(plateOf)).size).toBe(20_000);
    expect(new Set(numbers.map(vinOf)).size).toBe(20_000);
    const isPlate = (plate: string): boolean => /^R[A-HJ-NP-TV-Z]-\d{3}-[A-HJ-NP-TV-Z]{2}$/.test(plate);
    expect(numbers.map(plateOf).filter((plate) => !isPlate(plate))).toEqual([]);
    expect(numbers.map(vinOf).filter((vin) => !/^[A-HJ-NPR-Z0-9]{17}$/.test(vin) || !vinHolds(vin))).toEqual([]);
  });

  it('charges each between 35 and 100 percent, and parks it in or around Paris', () => {
    for (let number = 0; number < 500; number++) {
      const { chargePercent, odometerM, place } = planScooter(7, number, everywhere);
      expect(chargePercent).toBeGreaterThanOrEqual(35);
      expect(chargePercent).toBeLessThanOrEqual(100);
      expect(odometerM).toBeGreaterThan(0);
      expect(place.latitude).toBeCloseTo(48.859, 1);
      expect(place.longitude).toBeCloseTo(2.32, 0);
    }
  });

  it('takes only places that are free, and says so when there is none', () => {
    const northOfTheSeine = ({ latitude }: { latitude: number }): boolean => latitude > 48.87;
    expect(freePlace(diceFor('a'), northOfTheSeine)?.latitude).toBeGreaterThan(48.87);
    expect(freePlace(diceFor('a'), () => false)).toBeNull();
  });

  it('throws dice evenly', () => {
    const dice = diceFor('even');
    const tenths = new Array<number>(10).fill(0);
    for (let throws = 0; throws < 10_000; throws++) {
      const tenth = Math.floor(dice() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('has five crews with a login each', () => {
    expect(CREWS).toHaveLength(5);
    expect(new Set(CREWS.flatMap(({ name, login }) => [name, login])).size).toBe(10);
  });
});
