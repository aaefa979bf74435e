// Which riders need a licence, and what becomes of the one they send. A moped of up to 45 km/h (L1e)
// is ridden in France with AM, A or B; whoever was born before 1988 needs none (code de la route R221-1, D221-3).
import { Temporal } from 'temporal-polyfill';
import type { RefusalCode } from '../errors.js';
import { stateTable, type StateOf } from '../platform/state-table.js';

export const LICENCE_CLASSES = ['AM', 'A', 'B'] as const;
export type LicenceClass = (typeof LICENCE_CLASSES)[number];

export const FIRST_BIRTH_DATE_WITH_LICENCE = '1988-01-01';
/** The law says 14; insurers and every operator in Paris say 18. */
export const LEAST_AGE_YEARS = 18;
/** Nobody holds AM before this birthday, so a card issued earlier was read wrongly. */
const LEAST_LICENCE_AGE_YEARS = 14;

export const licenceState = stateTable({
  not_needed: {},
  missing:    { send: 'in_review' },
  in_review:  { accept: 'accepted', refuse: 'refused' },
  accepted:   {},
  refused:    { send: 'in_review' },
});
export type LicenceState = StateOf<typeof licenceState.steps>;

/** Days of the calendar compare as text when both are written YYYY-MM-DD. */
export const needsLicence = (birthDate: string): boolean => birthDate >= FIRST_BIRTH_DATE_WITH_LICENCE;

export const firstLicenceState = (birthDate: string): LicenceState =>
  needsLicence(birthDate) ? 'missing' : 'not_needed';

/**
 * Whole years lived on `today`. The birthday itself counts; whoever was born on 29 February has theirs
 * on 1 March in other years, the later and safer of the two readings.
 */
export function ageInYears(birthDate: string, today: string): number {
  return Temporal.PlainDate.from(birthDate).until(today, { largestUnit: 'years' }).years;
}

export const isOldEnough = (birthDate: string, today: string): boolean =>
  ageInYears(birthDate, today) >= LEAST_AGE_YEARS;

/** Whether a licence may be sent at all, and whether its date can be true. */
export function whyNotSendLicence(facts: { birthDate: string; issuedOn: string; today: string }): RefusalCode | null {
  if (!needsLicence(facts.birthDate)) return 'licence_not_needed';
  if (facts.issuedOn > facts.today) return 'malformed';
  if (ageInYears(facts.birthDate, facts.issuedOn) < LEAST_LICENCE_AGE_YEARS) return 'malformed';
  return null;
}
