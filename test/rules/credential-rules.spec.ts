import { describe, expect, it } from '@jest/globals';
import { isQuiet, QUIET_SECONDS, whyNotChangeKey, whyNotReinstate, whyNotRetire, whyNotRevoke } from '../../src/identity/credential-rules.js';

const plain = { scooterState: 'available', isRevoked: false, isChanging: false };
const revoked = { ...plain, isRevoked: true };

describe('credentials', () => {
  it.each([
    ['a scooter of the fleet',               plain,                          null],
    ['one in a ride: it waits for its turn', { ...plain, scooterState: 'taken' }, null],
    ['one that is just being given a key',   { ...plain, isChanging: true }, 'key_change_under_way'],
    ['one that is revoked',                  revoked,                        'scooter_revoked'],
    ['one that is both',                     { ...revoked, isChanging: true }, 'scooter_revoked'],
  ])('a new key for %s', (_, facts, no) => {
    expect(whyNotChangeKey(facts)).toBe(no);
  });

  it.each([
    ['a stolen one',                 plain,                              null],
    ['one that somebody rides',      { ...plain, scooterState: 'taken' }, null],
    ['one that is being given a key', { ...plain, isChanging: true },    null],
    ['one that is revoked already',  revoked,                            'scooter_revoked'],
  ])('revoking %s', (_, facts, no) => {
    expect(whyNotRevoke(facts)).toBe(no);
  });

  it.each([
    ['revoked',                       revoked,                                   null],
    ['revoked in the workshop',       { ...revoked, scooterState: 'maintenance' }, null],
    ['revoked and still in a ride',   { ...revoked, scooterState: 'taken' },     'scooter_not_available'],
    ['revoked and held by somebody',  { ...revoked, scooterState: 'reserved' },  'scooter_not_available'],
    ['retired',                       { ...revoked, scooterState: 'retired' },   'scooter_not_available'],
    ['in good standing',              plain,                                     'scooter_not_revoked'],
  ])('reinstating one that is %s', (_, facts, no) => {
    expect(whyNotReinstate(facts)).toBe(no);
  });

  it.each([
    ['locked',                        'closed' as const, plain,   null],
    ['never heard of',                null,              plain,   null],
    ['open',                          'open' as const,   plain,   'scooter_open'],
    ['open, and out of our reach',    'open' as const,   revoked, null],
  ])('retiring one that is %s', (_, lock, facts, no) => {
    expect(whyNotRetire(lock, facts)).toBe(no);
  });
});

describe('a quiet moment for a new key', () => {
  const idle = { connected: true, scooterState: 'available', secondsSinceOrder: null };
  it.each([
    ['nothing was ever ordered',            idle,                                                  true],
    ['the last order is long over',         { ...idle, secondsSinceOrder: QUIET_SECONDS + 1 },     true],
    ['an order may still be on its way',    { ...idle, secondsSinceOrder: QUIET_SECONDS },         false],
    ['an order has just been given',        { ...idle, secondsSinceOrder: 0 },                     false],
    ['it cannot hear us',                   { ...idle, connected: false },                         false],
    ['somebody rides it',                   { ...idle, scooterState: 'taken' },                    false],
    ['somebody walks to it',                { ...idle, scooterState: 'reserved' },                 false],
    ['it is in the workshop',               { ...idle, scooterState: 'maintenance' },              true],
  ])('%s', (_, facts, is) => {
    expect(isQuiet(facts)).toBe(is);
  });
});
