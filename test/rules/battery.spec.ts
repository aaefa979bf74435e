// How far a simulated charge carries: plausible numbers, and the right direction for every cause.
import { describe, expect, it } from '@jest/globals';
import {
  capacityShare,
  chargeFor,
  drain,
  learn,
  PACK_WH,
  PARKED_AUXILIARY_W,
  rangeKm,
  RIDER_KG,
  RIDING_AUXILIARY_W,
  tractionWatts,
  USUAL_WH_PER_KM,
  type Pack,
} from '../../firmware-sim/body/battery.js';

const full: Pack = { serial: 'B1', chargePercent: 100, whPerKm: USUAL_WH_PER_KM };

/** Watt hours for a kilometre at an even speed. */
function whPerKm(kmh: number, more: { loadKg?: number; celsius?: number } = {}): number {
  const effort = {
    speedMps: kmh / 3.6,
    accelerationMps2: 0,
    loadKg: more.loadKg ?? RIDER_KG,
    celsius: more.celsius ?? 20,
  };
  return (tractionWatts(effort) + RIDING_AUXILIARY_W) / kmh;
}

describe('the battery of a moped', () => {
  it('needs 30 to 45 Wh for a kilometre at 45 km/h', () => {
    expect(whPerKm(45)).toBeGreaterThan(30);
    expect(whPerKm(45)).toBeLessThan(45);
  });

  it('carries 80 to 100 km on a full charge in mild weather', () => {
    expect(rangeKm(full, 20)).toBeGreaterThan(80);
    expect(rangeKm(full, 20)).toBeLessThan(100);
  });

  it.each([
    ['speed', whPerKm(25), whPerKm(35), whPerKm(45)],
    ['load', whPerKm(40, { loadKg: 50 }), whPerKm(40, { loadKg: 75 }), whPerKm(40, { loadKg: 150 })],
    ['cold air', whPerKm(40, { celsius: 30 }), whPerKm(40, { celsius: 10 }), whPerKm(40, { celsius: -15 })],
  ])('uses more with more %s', (_cause, little, some, much) => {
    expect(little).toBeLessThan(some);
    expect(some).toBeLessThan(much);
  });

  it.each([
    [-40, 0.6],
    [-20, 0.6],
    [-10, 0.73],
    [-5, 0.785],
    [0, 0.84],
    [10, 0.93],
    [20, 1],
    [40, 1],
  ])('at %d °C gives %d of its capacity', (celsius, share) => {
    expect(capacityShare(celsius)).toBeCloseTo(share, 6);
  });

  it('shows fewer kilometres in the cold on the same charge', () => {
    expect(rangeKm(full, -10)).toBeLessThan(rangeKm(full, 0));
    expect(rangeKm(full, 0)).toBeLessThan(rangeKm(full, 20));
  });

  it('gives some energy back when braking, and never more than it took to speed up', () => {
    const up = tractionWatts({ speedMps: 8, accelerationMps2: 1.5, loadKg: RIDER_KG, celsius: 20 });
    const down = tractionWatts({ speedMps: 8, accelerationMps2: -2, loadKg: RIDER_KG, celsius: 20 });
    expect(down).toBeLessThan(0);
    expect(-down).toBeLessThan(up);
  });

  it.each([
    [{ ...full, chargePercent: 1 }, PACK_WH, 0],
    [{ ...full, chargePercent: 99 }, -PACK_WH, 100],
  ])('never leaves the scale from nothing to full', (pack, wattHours, left) => {
    expect(drain(pack, wattHours, 20).chargePercent).toBe(left);
  });

  it('loses about a percent a day standing in the street', () => {
    const lost = 100 - drain(full, PARKED_AUXILIARY_W * 24, 20).chargePercent;
    expect(lost).toBeGreaterThan(0.5);
    expect(lost).toBeLessThan(2);
  });

  it('learns from a thirsty rider, kilometre by kilometre, and stays believable', () => {
    const after = learn(full, 60 * 2, 2000);
    expect(after.whPerKm).toBeGreaterThan(USUAL_WH_PER_KM);
    expect(after.whPerKm).toBeLessThan(60);
    expect(learn(full, 1e6, 50_000).whPerKm).toBe(75);
    expect(learn(full, -1e6, 50_000).whPerKm).toBe(22);
    expect(learn(full, 5, 0)).toBe(full);
  });

  it.each([4.9, 10, 25, 60])('can be set to show %d km', (km) => {
    expect(rangeKm({ ...full, chargePercent: chargeFor(km, full, 8) }, 8)).toBeCloseTo(km, 9);
  });
});
