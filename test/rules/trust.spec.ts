import { describe, expect, it } from '@jest/globals';
import { mayStillOpen, mayTrust, withoutPlaceInRide, type PastCommand } from '../../src/commands/trust.js';
import type { Telemetry } from '../../src/telematics/wire.js';

type Row = [kind: PastCommand['kind'], state: PastCommand['state'], refusal?: PastCommand['refusal']];
/** In the order they were given: the nonce rises. */
const past = (...rows: Row[]): PastCommand[] => rows.map(([kind, state, refusal], index) => ({ kind, state, nonce: index + 1, refusal: refusal ?? null }));

describe('an unlock nobody answered', () => {
  it.each<[string, PastCommand[], boolean]>([
    ['nothing was ever ordered',                              past(),                                                              false],
    ['a queued unlock may open',                              past(['unlock', 'queued']),                                          true],
    ['a sent unlock may open',                                past(['unlock', 'sent']),                                            true],
    ['an expired unlock may have opened',                     past(['unlock', 'expired']),                                         true],
    ['an expired resume may have opened',                     past(['resume', 'expired']),                                         true],
    ['an expired lock opens nothing',                         past(['lock', 'expired']),                                           false],
    ['a done unlock is answered',                             past(['unlock', 'done']),                                            false],
    ['a late unlock is answered',                             past(['unlock', 'done_late']),                                       false],
    ['a refused unlock is answered',                          past(['unlock', 'refused', 'moving']),                               false],
    ['the lock after it settles it',                          past(['unlock', 'expired'], ['lock', 'done']),                       false],
    ['the late lock after it settles it',                     past(['unlock', 'expired'], ['lock', 'done_late']),                  false],
    ['a lock before it settles nothing',                      past(['lock', 'done'], ['unlock', 'expired']),                       true],
    ['a lock that expired too settles nothing',               past(['unlock', 'expired'], ['lock', 'expired']),                    true],
    ['a lock refused because in no ride was counted',         past(['unlock', 'expired'], ['lock', 'refused', 'not_in_ride']),     false],
    ['a lock refused because moving was counted',             past(['unlock', 'expired'], ['lock', 'refused', 'moving']),          false],
    ['a lock refused for its signature was not counted',      past(['unlock', 'expired'], ['lock', 'refused', 'bad_signature']),   true],
    ['a lock refused as expired was not counted',             past(['unlock', 'expired'], ['lock', 'refused_late', 'expired']),    true],
    ['a second unlock opens the question again',              past(['unlock', 'expired'], ['lock', 'done'], ['unlock', 'sent']),   true],
  ])('%s', (_, commands, open) => {
    expect(mayStillOpen(commands)).toBe(open);
  });
});

describe('a scooter we were unsure of', () => {
  const fine = { state: 'unsure', lock: 'closed', inRide: false, commands: past(['unlock', 'expired'], ['lock', 'done']) } as const;

  it.each<[string, Partial<Parameters<typeof mayTrust>[0]>, boolean]>([
    ['is trusted when it is locked and in no ride',      {},                                        true],
    ['is trusted at its first word',                     { commands: [] },                          true],
    ['is not trusted with its lock open',                { lock: 'open' },                          false],
    ['is not trusted while it believes it is ridden',    { inRide: true },                          false],
    ['is not trusted while an unlock may still arrive',  { commands: past(['unlock', 'expired']) }, false],
    ['needs no trust when it is available',              { state: 'available' },                    false],
    ['needs no trust while it is taken',                 { state: 'taken' },                        false],
    ['does not come back from the scrapyard',            { state: 'retired' },                      false],
  ])('%s', (_, change, trusted) => {
    expect(mayTrust({ ...fine, ...change })).toBe(trusted);
  });
});

describe('a place in telemetry', () => {
  const fix = { latitude: 48.86, longitude: 2.35, accuracyM: 4, ageS: 1 };
  const telemetry: Telemetry = {
    boot: 1, seq: 1, ageMs: 0, chargePercent: 80, rangeKm: 50, batterySerial: 'B1', odometerM: 1, inRide: false, fix, moving: false, clockMs: null,
    sensors: { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' },
  };

  it('is dropped at the door during a ride, whoever sent it', () => {
    expect(withoutPlaceInRide({ ...telemetry, inRide: true })).toEqual({ ...telemetry, inRide: true, fix: null });
  });

  it('is taken outside a ride', () => {
    expect(withoutPlaceInRide(telemetry)).toEqual(telemetry);
  });
});
