// May this person ride with us today? Whether a card and a scooter are at hand is asked elsewhere.
import type { RefusalCode } from '../errors.js';
import { isOldEnough, needsLicence, type LicenceState } from './licence.js';
import type { RiderState } from './rider-state.js';

export interface RidingFacts {
  readonly state: RiderState;
  readonly birthDate: string;
  readonly licenceState: LicenceState;
}

/** Null means yes; otherwise the first thing in the way. `today` is the day in the city. */
export const whyNotRide = (facts: RidingFacts, today: string): RefusalCode | null =>
  missingToRide(facts, today)[0] ?? null;

/** Everything in the way, the most serious first, so that a profile can show one list. */
export function missingToRide({ state, birthDate, licenceState }: RidingFacts, today: string): RefusalCode[] {
  if (state === 'erased') return ['rider_unknown'];
  const answers: (RefusalCode | null)[] = [
    ofState(state),
    isOldEnough(birthDate, today) ? null : 'rider_too_young',
    needsLicence(birthDate) ? ofLicence(licenceState) : null,
  ];
  return answers.filter((code) => code !== null);
}

function ofState(state: Exclude<RiderState, 'erased'>): RefusalCode | null {
  switch (state) {
    case 'applied':
      return 'rider_not_verified';
    case 'suspended':
      return 'rider_suspended';
    case 'verified':
      return null;
  }
}

function ofLicence(licenceState: LicenceState): RefusalCode | null {
  switch (licenceState) {
    // Stored for somebody who does need one: a mistake of ours that must not put them on the road.
    case 'not_needed':
      return 'licence_missing';
    case 'missing':
      return 'licence_missing';
    case 'in_review':
      return 'licence_in_review';
    case 'refused':
      return 'licence_refused';
    case 'accepted':
      return null;
  }
}
