// A rider's life with us: they apply, a code proves their phone, and now and then somebody has to stop them.
import { stateTable, type StateOf, type StepOf } from '../platform/state-table.js';

export const riderState = stateTable({
  applied:   { verify: 'verified', erase: 'erased' },
  verified:  { suspend: 'suspended', erase: 'erased' },
  suspended: { reinstate: 'verified', erase: 'erased' },
  erased:    {},
});

export type RiderState = StateOf<typeof riderState.steps>;
export type RiderStep = StepOf<typeof riderState.steps>;
