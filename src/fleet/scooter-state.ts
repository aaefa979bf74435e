// What a scooter is to the city. `unsure` means: we do not know whether it stands open, so nobody
// gets it until the scooter itself has said that it is locked.
import { stateTable, type StateOf, type StepOf } from '../platform/state-table.js';

// prettier-ignore
export const scooterStates = stateTable({
  available:   { reserve: 'reserved', take: 'taken', run_low: 'low', service: 'maintenance',
                 lose_trust: 'unsure', retire: 'retired' },
  reserved:    { release: 'available', release_low: 'low', take: 'taken', lose_trust: 'unsure' },
  taken:       { release: 'available', release_low: 'low', lose_trust: 'unsure' },
  low:         { service: 'maintenance', recover: 'available', lose_trust: 'unsure', retire: 'retired' },
  maintenance: { return: 'available', return_low: 'low', retire: 'retired' },
  // `take` from here is late evidence: the scooter says it was unlocked after we had given up on it.
  unsure:      { trust: 'available', trust_low: 'low', take: 'taken', service: 'maintenance', retire: 'retired' },
  retired:     {},
});

export type ScooterState = StateOf<typeof scooterStates.steps>;
export type ScooterStep = StepOf<typeof scooterStates.steps>;

export const SCOOTER_STATES = Object.keys(scooterStates.steps) as [ScooterState, ...ScooterState[]];

/** Leaving somebody's hands, a scooter that needs a battery goes to `low` and not to the riders. */
export function stepForCharge(step: ScooterStep, needsBattery: boolean): ScooterStep {
  if (!needsBattery) return step;
  switch (step) {
    case 'release':
      return 'release_low';
    case 'return':
      return 'return_low';
    case 'trust':
      return 'trust_low';
    default:
      return step;
  }
}
