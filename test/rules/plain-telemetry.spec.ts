import { describe, expect, it } from '@jest/globals';
import { plainTelemetry } from '../../src/fleet/plain-telemetry.js';
import type { Scooter } from '../../src/fleet/scooter.js';
import { telemetryChanges, type TelemetrySample } from '../../src/fleet/telemetry-changes.js';
import { newId, type ScooterId } from '../../src/platform/ids.js';
import { BASTILLE } from '../kit/places.js';

const NOW = new Date('2026-11-23T09:00:00Z');
const SENSORS = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' } as const;
const scooter = (parts: Partial<Scooter>): Scooter => ({
  id: newId<ScooterId>(), plate: 'A', vin: 'V', state: 'available', unsureSince: null, needsSwap: false, rangeUnknown: false, connected: true,
  connectionChangedAt: NOW, lastSeenAt: NOW, rangeKm: 40, chargePercent: 60, batterySerial: 'P1', odometerM: 10, sensors: SENSORS,
  latitude: BASTILLE.latitude, longitude: BASTILLE.longitude, accuracyM: 5, positionAt: NOW, boot: 2, seq: 8, createdAt: NOW, ...parts,
});
const sample = (parts: Partial<TelemetrySample>): TelemetrySample => ({
  boot: 2, seq: 9, ageMs: 0, chargePercent: 60, rangeKm: 40, batterySerial: 'P1', odometerM: 10, sensors: SENSORS, inRide: false,
  fix: { ...BASTILLE, accuracyM: 5, ageS: 0 }, ...parts,
});

describe('telemetry that needs no care', () => {
  it.each<[string, Partial<Scooter>, Partial<TelemetrySample>, 'plain' | 'old' | 'special']>([
    ['a free scooter says where it is',             {},                                     {},                        'plain'],
    ['… in a ride, without a place',                { state: 'taken', latitude: null, longitude: null }, { inRide: true, fix: null }, 'plain'],
    ['… low already, and lower now',                { state: 'low', needsSwap: true, rangeKm: 8 }, { rangeKm: 7 },     'plain'],
    ['… whose lock is open where nobody rides',     {},                                     { sensors: { ...SENSORS, lock: 'open' } }, 'plain'],
    ['… with a loose plug and another serial',      {},                                     { batterySerial: 'P2' },   'plain'],
    ['the same number again',                       {},                                     { seq: 8 },                'old'],
    ['an older boot',                               {},                                     { boot: 1, seq: 900 },     'old'],
    ['it falls through 10 km',                      {},                                     { rangeKm: 9.9 },          'special'],
    ['it falls through 10 km in a ride',            { state: 'taken', latitude: null, longitude: null }, { rangeKm: 9.9 }, 'special'],
    ['its gauge fails',                             {},                                     { rangeKm: null },         'special'],
    ['its gauge is back',                           { state: 'low', rangeUnknown: true, rangeKm: null }, {},           'special'],
    ['it recovers',                                 { state: 'low', needsSwap: true, rangeKm: 9 }, { rangeKm: 13 },    'special'],
    ['a swap is proven',                            { state: 'low', needsSwap: true, rangeKm: 9, chargePercent: 15 },
                                                                                            { batterySerial: 'P2', chargePercent: 95 }, 'special'],
    ['a swap is proven that nobody had asked for',  {},                                     { batterySerial: 'P2', chargePercent: 95 }, 'special'],
    ['we took it for gone',                         { connected: false },                   {},                        'special'],
    ['nobody knows whether it is locked',           { state: 'unsure', unsureSince: NOW },  {},                        'special'],
  ])('%s', (_, before, said, expected) => {
    const row = scooter(before);
    const judged = plainTelemetry({ row, version: 7 }, sample(said), NOW);
    expect(typeof judged === 'object' ? 'plain' : judged).toBe(expected);
    if (typeof judged === 'object') expect(judged.after).toEqual({ ...row, ...telemetryChanges(row, sample(said), NOW)?.changes });
  });
});
