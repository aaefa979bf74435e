// A rider as the rules see one, and what is left of them once they are erased.
import type { RiderId } from '../platform/ids.js';
import type { LicenceClass, LicenceState } from './licence.js';
import type { RiderState } from './rider-state.js';

export interface Rider {
  readonly id: RiderId;
  readonly state: RiderState;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  /** YYYY-MM-DD, as on the identity card: a day has no time zone. */
  readonly birthDate: string;
  readonly language: 'fr' | 'en';
  readonly licenceState: LicenceState;
  readonly licenceClass: LicenceClass | null;
  readonly licenceNumber: string | null;
  readonly licenceIssuedOn: string | null;
  readonly licenceRefusal: string | null;
  readonly suspendedBecause: string | null;
  readonly createdAt: Date;
  readonly verifiedAt: Date | null;
}

/** What other modules may know of a rider: enough for the rules, nothing to write to them with. */
export type RiderFacts = Pick<Rider, 'id' | 'state' | 'birthDate' | 'licenceState' | 'language'>;

/** GDPR art. 17: the row stays, because rides and the ledger point at it; the person does not. */
export const erasedPerson = (id: RiderId) => ({
  firstName: '-',
  lastName: '-',
  email: `${id}@erased.invalid`,
  phone: 'erased',
  birthDate: '1900-01-01',
  licenceState: 'missing' as const,
  licenceClass: null,
  licenceNumber: null,
  licenceIssuedOn: null,
  licenceRefusal: null,
  suspendedBecause: null,
});
