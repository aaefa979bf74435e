// The life of a payment. Only a definite answer moves it; not knowing is no state, it is a question asked again.
import { stateTable, type StateOf, type StepOf } from '../platform/state-table.js';

export const paymentState = stateTable({
  created:    { hold: 'authorised', charge: 'captured', refuse: 'refused', release: 'releasing', drop: 'released' },
  authorised: { capture: 'capturing', release: 'releasing' },
  capturing:  { captured: 'captured', refuse: 'refused' },
  releasing:  { released: 'released' },
  captured:   {},
  released:   {},
  refused:    {},
});

export type PaymentState = StateOf<typeof paymentState.steps>;
export type PaymentStep = StepOf<typeof paymentState.steps>;

/** Something is still to be asked of Stripe. */
export const UNDER_WAY: readonly PaymentState[] = ['created', 'capturing', 'releasing'];
