// The life of an alert. Whoever takes it on says so, whoever needs time lets it sleep, and what is over closes by
// itself. A closed alert never opens again: the next trouble is a row of its own.
import { stateTable, type StateOf, type StepOf } from '../platform/state-table.js';

// prettier-ignore
export const alertStates = stateTable({
  open:         { acknowledge: 'acknowledged', snooze: 'snoozed', close: 'closed' },
  acknowledged: { snooze: 'snoozed', close: 'closed' },
  snoozed:      { acknowledge: 'acknowledged', snooze: 'snoozed', wake: 'open', close: 'closed' },
  closed:       {},
});

export type AlertState = StateOf<typeof alertStates.steps>;
export type AlertStep = StepOf<typeof alertStates.steps>;

export const ALERT_STATES = Object.keys(alertStates.steps) as [AlertState, ...AlertState[]];
