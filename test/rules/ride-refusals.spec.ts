// Who may hold, take and leave a scooter: one row per reason, the allowed beside the refused.
import { describe, expect, it } from '@jest/globals';
import { isOursToFinish, whyNotEnd } from '../../src/rides/why-not-end.js';
import { whyNotReserve, type ReserveFacts } from '../../src/reservations/why-not-reserve.js';
import { whyNotUnlock, type UnlockFacts } from '../../src/rides/why-not-unlock.js';
import type { Fix } from '../../src/platform/geo.js';
import type { Sensors } from '../../src/telematics/wire.js';
import type { ZoneDecision } from '../../src/zones/zone-decision.js';

const scooter = { state: 'available', connected: true, rangeKm: 40, needsSwap: false, rangeUnknown: false } as const;
const unlock: UnlockFacts = {
  scooter, heldByRider: false, riderHoldsAnother: false, riderHasLiveRide: false, serviceOpen: true,
  acceptedHoldCents: 1000, holdCents: 1000,
};

describe('why a scooter cannot be taken', () => {
  it.each<[string | null, Partial<UnlockFacts>]>([
    [null,                    {}],
    [null,                    { heldByRider: true, scooter: { ...scooter, state: 'reserved' } }],
    [null,                    { scooter: { ...scooter, rangeKm: 10 } }],
    ['service_closed',        { serviceOpen: false }],
    ['rider_already_riding',  { riderHasLiveRide: true }],
    ['rider_already_reserved', { riderHoldsAnother: true }],
    ['scooter_not_available', { scooter: { ...scooter, state: 'taken' } }],
    ['scooter_not_available', { scooter: { ...scooter, state: 'reserved' } }],
    ['scooter_not_available', { scooter: { ...scooter, state: 'unsure' } }],
    ['scooter_not_available', { scooter: { ...scooter, state: 'maintenance' } }],
    ['scooter_not_available', { heldByRider: true }],
    ['scooter_low',           { scooter: { ...scooter, state: 'low' } }],
    ['scooter_low',           { scooter: { ...scooter, rangeKm: 9.999 } }],
    ['scooter_low',           { scooter: { ...scooter, rangeKm: null } }],
    ['scooter_low',           { scooter: { ...scooter, needsSwap: true } }],
    ['scooter_low',           { scooter: { ...scooter, rangeUnknown: true } }],
    ['scooter_offline',       { scooter: { ...scooter, connected: false } }],
    ['hold_not_accepted',     { acceptedHoldCents: 999 }],
    ['hold_not_accepted',     { acceptedHoldCents: 1001 }],
  ])('%s', (reason, facts) => {
    expect(whyNotUnlock({ ...unlock, ...facts })).toBe(reason);
  });
});

const now = new Date('2026-11-23T10:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const reserve: ReserveFacts = {
  scooter, serviceOpen: true, riderHasLiveRide: false, riderHoldsAnother: false, lastHeldUntil: null, now,
};

describe('why a scooter cannot be held', () => {
  it.each<[string | null, Partial<ReserveFacts>]>([
    [null,                     {}],
    [null,                     { lastHeldUntil: minutesAgo(10) }],
    ['reserved_too_soon',      { lastHeldUntil: minutesAgo(9.99) }],
    ['service_closed',         { serviceOpen: false }],
    ['rider_already_riding',   { riderHasLiveRide: true }],
    ['rider_already_reserved', { riderHoldsAnother: true }],
    ['scooter_low',            { scooter: { ...scooter, state: 'low' } }],
    ['scooter_not_available',  { scooter: { ...scooter, state: 'reserved' } }],
    ['scooter_offline',        { scooter: { ...scooter, connected: false } }],
  ])('%s', (reason, facts) => {
    expect(whyNotReserve({ ...reserve, ...facts })).toBe(reason);
  });
});

const parked: Sensors = { lock: 'open', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' };
const fix: Fix = { latitude: 48.86, longitude: 2.34, accuracyM: 5, ageS: 2 };
const fine: ZoneDecision = { mayRide: true, mayEnd: true, limitKmh: null, why: null, zoneName: null, nearestEnd: null };
const forbidden: ZoneDecision = { ...fine, mayEnd: false, why: 'parking_forbidden', zoneName: 'Quai' };
const outside: ZoneDecision = { ...fine, mayEnd: false, why: 'outside_service_area' };

describe('why a ride cannot end here', () => {
  it.each<[string | null, Partial<Sensors>, Partial<Fix> | null, ZoneDecision]>([
    [null,                   {},                                   {},                 fine],
    ['ignition_on',          { ignition: 'on' },                   {},                 fine],
    ['stand_up',             { stand: 'up' },                      {},                 fine],
    ['helmet_missing',       { helmet: 'out' },                    {},                 fine],
    ['case_open',            { case: 'open' },                     {},                 fine],
    ['position_stale',       {},                                   null,               fine],
    ['position_stale',       {},                                   { ageS: 61 },       fine],
    [null,                   {},                                   { ageS: 60 },       fine],
    ['position_stale',       {},                                   { ageS: NaN },      fine],
    ['position_stale',       {},                                   { accuracyM: 101 }, fine],
    ['position_stale',       {},                                   { accuracyM: NaN }, fine],
    ['parking_forbidden',    {},                                   {},                 forbidden],
    ['outside_service_area', {},                                   {},                 outside],
    ['ignition_on',          { ignition: 'on', stand: 'up' },      null,               outside],
    ['helmet_missing',       { helmet: 'out', case: 'open' },      null,               outside],
  ])('%s', (code, sensors, place, zone) => {
    const reason = whyNotEnd({ sensors: { ...parked, ...sensors }, fix: place && { ...fix, ...place }, judgeZone: () => zone });
    expect(reason?.code ?? null).toBe(code);
  });

  it('does not judge the zone while something nearer is wrong', () => {
    const judgeZone = () => { throw new Error('asked'); };
    expect(whyNotEnd({ sensors: { ...parked, stand: 'up' }, fix, judgeZone })?.code).toBe('stand_up');
  });
});

describe('whose fault it is', () => {
  it.each([
    ['position_stale',       1, false],
    ['position_stale',       2, true],
    ['stand_up',             9, false],
    ['outside_service_area', 9, false],
  ] as const)('%s at try %i: we finish the ride ourselves: %s', (code, endTries, ours) => {
    expect(isOursToFinish({ code, endTries })).toBe(ours);
  });
});
