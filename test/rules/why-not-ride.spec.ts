// Who may ride: age by the day in the city, licence by birth date, and the state of the account.
import { describe, expect, it } from '@jest/globals';
import { missingToRide, whyNotRide, type RidingFacts } from '../../src/accounts/why-not-ride.js';
import { ageInYears, firstLicenceState, whyNotSendLicence } from '../../src/accounts/licence.js';
import { cityDay } from '../../src/platform/city-time.js';

const TODAY = '2026-06-15';
const rider = (changes: Partial<RidingFacts>): RidingFacts => ({
  state: 'verified', birthDate: '1995-03-02', licenceState: 'accepted', ...changes,
});

describe('a rider who wants to ride on 15 June 2026', () => {
  it.each([
    ['with an accepted licence',                      {},                                                        null],
    ['before confirming the phone',                   { state: 'applied' },                                      'rider_not_verified'],
    ['while suspended',                               { state: 'suspended' },                                    'rider_suspended'],
    ['after being erased',                            { state: 'erased' },                                       'rider_unknown'],
    ['without a licence',                             { licenceState: 'missing' },                               'licence_missing'],
    ['with a licence somebody still looks at',        { licenceState: 'in_review' },                             'licence_in_review'],
    ['with a refused licence',                        { licenceState: 'refused' },                               'licence_refused'],
    ['needing a licence, marked as not needing one',  { licenceState: 'not_needed' },                            'licence_missing'],
    ['born on the last day that needs none',          { birthDate: '1987-12-31', licenceState: 'not_needed' },   null],
    ['born then, whatever the row says',              { birthDate: '1987-12-31', licenceState: 'missing' },      null],
    ['born then, with a refused licence',             { birthDate: '1987-12-31', licenceState: 'refused' },      null],
    ['born on the first day that needs one',          { birthDate: '1988-01-01', licenceState: 'missing' },      'licence_missing'],
    ['born then, with one',                           { birthDate: '1988-01-01' },                               null],
    ['on the 18th birthday',                          { birthDate: '2008-06-15' },                               null],
    ['the day before it',                             { birthDate: '2008-06-16' },                               'rider_too_young'],
    ['not yet born',                                  { birthDate: '2027-01-01' },                               'rider_too_young'],
    ['suspended, too young and without licence',      { state: 'suspended', birthDate: '2010-01-01', licenceState: 'missing' }, 'rider_suspended'],
  ] as const)('%s', (_who, changes, answer) => {
    expect(whyNotRide(rider(changes), TODAY)).toBe(answer);
  });

  it('is shown everything that is missing, the most serious first', () => {
    const facts = rider({ state: 'applied', birthDate: '2010-01-01', licenceState: 'refused' });
    expect(missingToRide(facts, TODAY)).toEqual(['rider_not_verified', 'rider_too_young', 'licence_refused']);
  });

  it('is shown an empty list when nothing is missing', () => {
    expect(missingToRide(rider({}), TODAY)).toEqual([]);
  });
});

describe('the age of somebody', () => {
  it.each([
    ['born on 29 February, on 28 February of a common year', '2008-02-29', '2026-02-28', 17],
    ['born on 29 February, on 1 March of a common year',     '2008-02-29', '2026-03-01', 18],
    ['born on 29 February, on 29 February of a leap year',   '2008-02-29', '2028-02-29', 20],
    ['born on 28 February, on that day',                     '2008-02-28', '2026-02-28', 18],
    ['born on New Year, the evening before',                 '2008-01-01', '2025-12-31', 17],
  ])('%s', (_who, born, today, years) => {
    expect(ageInYears(born, today)).toBe(years);
  });

  it.each([
    ['a minute before midnight in summer', '2026-06-14T21:59:00Z', '2026-06-14', 'rider_too_young'],
    ['at midnight in summer',              '2026-06-14T22:00:00Z', '2026-06-15', null],
  ])('turns with the midnight of Paris, not of Greenwich: %s', (_when, at, day, answer) => {
    expect(cityDay(new Date(at))).toBe(day);
    expect(whyNotRide(rider({ birthDate: '2008-06-15' }), cityDay(new Date(at)))).toBe(answer);
  });

  it.each([
    ['2026-01-14T22:59:59.999Z', '2026-01-14'],
    ['2026-01-14T23:00:00.000Z', '2026-01-15'],
    ['2028-02-28T23:00:00.000Z', '2028-02-29'],
  ])('counts %s as %s', (at, day) => {
    expect(cityDay(new Date(at))).toBe(day);
  });
});

describe('a licence that is sent', () => {
  it.each([
    ['by somebody born before 1988',          '1987-12-31', '2010-01-01', 'licence_not_needed'],
    ['issued today',                          '1995-03-02', TODAY,        null],
    ['issued tomorrow',                       '1995-03-02', '2026-06-16', 'malformed'],
    ['issued on the 14th birthday',           '1995-03-02', '2009-03-02', null],
    ['issued the day before it',              '1995-03-02', '2009-03-01', 'malformed'],
  ] as const)('%s', (_what, birthDate, issuedOn, answer) => {
    expect(whyNotSendLicence({ birthDate, issuedOn, today: TODAY })).toBe(answer);
  });

  it('is not asked of those born before 1988', () => {
    expect([firstLicenceState('1987-12-31'), firstLicenceState('1988-01-01')]).toEqual(['not_needed', 'missing']);
  });
});
