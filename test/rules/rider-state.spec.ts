// Every state of a rider and of a licence, with every step: allowed ones, and the rest refused.
import { describe, expect, it } from '@jest/globals';
import { licenceState } from '../../src/accounts/licence.js';
import { riderState } from '../../src/accounts/rider-state.js';
import { Refusal } from '../../src/platform/refusal.js';

const RIDER_STEPS = ['verify', 'suspend', 'reinstate', 'erase'] as const;
const LICENCE_STEPS = ['send', 'accept', 'refuse'] as const;

describe('a rider', () => {
  it.each([
    ['applied',   ['verified', null,        null,       'erased']],
    ['verified',  [null,       'suspended', null,       'erased']],
    ['suspended', [null,       null,        'verified', 'erased']],
    ['erased',    [null,       null,        null,       null]],
  ] as const)('who is %s moves only along the table', (state, next) => {
    expect(RIDER_STEPS.map((step) => riderState.after(state, step))).toEqual(next);
  });

  it('who is erased never comes back', () => {
    expect(() => riderState.mustStep('erased', 'reinstate')).toThrow(Refusal);
  });
});

describe('a licence', () => {
  it.each([
    ['not_needed', [null,        null,       null]],
    ['missing',    ['in_review', null,       null]],
    ['in_review',  [null,        'accepted', 'refused']],
    ['accepted',   [null,        null,       null]],
    ['refused',    ['in_review', null,       null]],
  ] as const)('that is %s moves only along the table', (state, next) => {
    expect(LICENCE_STEPS.map((step) => licenceState.after(state, step))).toEqual(next);
  });
});
