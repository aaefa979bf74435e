import { describe, expect, it } from '@jest/globals';
import { afterAnswer, backoffSeconds } from '../../src/billing/after-answer.js';
import { KEY_TRUSTED_SECONDS, nextQuestion } from '../../src/billing/next-question.js';
import { paymentState, type PaymentState, type PaymentStep } from '../../src/billing/payment-state.js';
import type { PaymentPurpose } from '../../src/billing/payment.js';
import type { StripeAnswer } from '../../src/cards/stripe-answer.js';

const answers: Record<StripeAnswer['kind'], StripeAnswer> = {
  held: { kind: 'held', intentId: 'pi_1' },
  captured: { kind: 'captured', intentId: 'pi_1', amountCents: 300 },
  canceled: { kind: 'canceled', intentId: 'pi_1' },
  waiting: { kind: 'waiting', intentId: 'pi_1', clientSecret: 's', url: null },
  refused: { kind: 'refused', intentId: 'pi_1', reason: 'declined', code: 'card_declined' },
  absent: { kind: 'absent' },
  unknown: { kind: 'unknown', why: 'timeout' },
};

describe('the life of a payment', () => {
  it.each`
    state           | purpose   | answer        | step          | refusal
    ${'created'}    | ${'hold'} | ${'held'}     | ${'hold'}     | ${null}
    ${'created'}    | ${'hold'} | ${'refused'}  | ${'refuse'}   | ${'declined'}
    ${'created'}    | ${'hold'} | ${'waiting'}  | ${'refuse'}   | ${'needs_confirmation'}
    ${'created'}    | ${'hold'} | ${'canceled'} | ${'refuse'}   | ${'declined'}
    ${'created'}    | ${'hold'} | ${'absent'}   | ${'refuse'}   | ${'not_reached'}
    ${'created'}    | ${'hold'} | ${'captured'} | ${null}       | ${null}
    ${'created'}    | ${'hold'} | ${'unknown'}  | ${null}       | ${null}
    ${'created'}    | ${'rest'} | ${'captured'} | ${'charge'}   | ${null}
    ${'created'}    | ${'rest'} | ${'refused'}  | ${'refuse'}   | ${'declined'}
    ${'created'}    | ${'rest'} | ${'waiting'}  | ${'refuse'}   | ${'needs_confirmation'}
    ${'created'}    | ${'rest'} | ${'absent'}   | ${'refuse'}   | ${'not_reached'}
    ${'created'}    | ${'rest'} | ${'held'}     | ${null}       | ${null}
    ${'created'}    | ${'rest'} | ${'unknown'}  | ${null}       | ${null}
    ${'created'}    | ${'debt'} | ${'waiting'}  | ${null}       | ${null}
    ${'created'}    | ${'debt'} | ${'canceled'} | ${'refuse'}   | ${'needs_confirmation'}
    ${'created'}    | ${'debt'} | ${'captured'} | ${'charge'}   | ${null}
    ${'capturing'}  | ${'hold'} | ${'captured'} | ${'captured'} | ${null}
    ${'capturing'}  | ${'hold'} | ${'canceled'} | ${'refuse'}   | ${'declined'}
    ${'capturing'}  | ${'hold'} | ${'refused'}  | ${'refuse'}   | ${'declined'}
    ${'capturing'}  | ${'hold'} | ${'held'}     | ${null}       | ${null}
    ${'capturing'}  | ${'hold'} | ${'unknown'}  | ${null}       | ${null}
    ${'releasing'}  | ${'hold'} | ${'canceled'} | ${'released'} | ${null}
    ${'releasing'}  | ${'hold'} | ${'refused'}  | ${'released'} | ${null}
    ${'releasing'}  | ${'hold'} | ${'absent'}   | ${'released'} | ${null}
    ${'releasing'}  | ${'hold'} | ${'held'}     | ${null}       | ${null}
    ${'releasing'}  | ${'hold'} | ${'unknown'}  | ${null}       | ${null}
  `('$state $purpose, Stripe says $answer: $step', (row) => {
    const { state, purpose, answer, step, refusal } = row as unknown as { state: PaymentState; purpose: PaymentPurpose; answer: StripeAnswer['kind']; step: PaymentStep | null; refusal: string | null };
    const after = afterAnswer({ state, purpose, tries: 1 }, answers[answer], 1);
    expect(after).toMatchObject({ step, refusal });
    expect(after.askAgainSeconds === null).toBe(step !== null);
    if (step !== null) expect(paymentState.after(state, step)).not.toBeNull();
  });

  const finals: PaymentState[] = ['authorised', 'captured', 'released', 'refused'];
  const kinds = Object.keys(answers) as StripeAnswer['kind'][];
  it.each(finals.flatMap((state) => kinds.map((kind) => [state, kind] as const)))('%s is not moved by an old answer: %s', (state, kind) => {
    expect(afterAnswer({ state, purpose: 'hold', tries: 1 }, answers[kind], 0)).toEqual({ step: null, refusal: null, askAgainSeconds: null });
  });

  it.each`
    purpose   | seconds | step
    ${'hold'} | ${59}   | ${null}
    ${'hold'} | ${60}   | ${'release'}
    ${'rest'} | ${6000} | ${null}
    ${'debt'} | ${6000} | ${null}
  `('a $purpose unknown for $seconds seconds: $step', (row) => {
    const { purpose, seconds, step } = row as unknown as { purpose: PaymentPurpose; seconds: number; step: PaymentStep | null };
    expect(afterAnswer({ state: 'created', purpose, tries: 5 }, answers.unknown, seconds).step).toBe(step);
  });

  it('asks again later and later, never more rarely than every ten minutes', () => {
    expect([0, 1, 2, 3, 8, 500].map(backoffSeconds)).toEqual([1, 1, 2, 5, 600, 600]);
  });
});

describe('what Stripe is asked next', () => {
  it.each`
    state           | intent    | tries | unknownFor                 | question
    ${'created'}    | ${null}   | ${1}  | ${0}                       | ${'create'}
    ${'created'}    | ${null}   | ${3}  | ${20}                      | ${'create'}
    ${'created'}    | ${null}   | ${4}  | ${20}                      | ${'look_up_or_create'}
    ${'created'}    | ${null}   | ${99} | ${KEY_TRUSTED_SECONDS - 1} | ${'look_up_or_create'}
    ${'created'}    | ${null}   | ${2}  | ${KEY_TRUSTED_SECONDS}     | ${'look_up'}
    ${'created'}    | ${'pi_1'} | ${2}  | ${0}                       | ${'read'}
    ${'capturing'}  | ${'pi_1'} | ${1}  | ${0}                       | ${'capture'}
    ${'capturing'}  | ${'pi_1'} | ${2}  | ${1}                       | ${'read_or_capture'}
    ${'releasing'}  | ${null}   | ${2}  | ${1}                       | ${'create'}
    ${'releasing'}  | ${null}   | ${4}  | ${119}                     | ${'look_up_or_create'}
    ${'releasing'}  | ${null}   | ${2}  | ${120}                     | ${'look_up'}
    ${'releasing'}  | ${null}   | ${2}  | ${KEY_TRUSTED_SECONDS}     | ${'look_up'}
    ${'releasing'}  | ${'pi_1'} | ${1}  | ${0}                       | ${'cancel'}
    ${'releasing'}  | ${'pi_1'} | ${2}  | ${1}                       | ${'read_or_cancel'}
    ${'authorised'} | ${'pi_1'} | ${1}  | ${0}                       | ${null}
    ${'captured'}   | ${'pi_1'} | ${1}  | ${0}                       | ${null}
    ${'released'}   | ${'pi_1'} | ${1}  | ${0}                       | ${null}
    ${'refused'}    | ${null}   | ${1}  | ${0}                       | ${null}
  `('$state, try $tries, unknown for $unknownFor s: $question', (row) => {
    const { state, intent, tries, unknownFor, question } = row as unknown as { state: PaymentState; intent: string | null; tries: number; unknownFor: number; question: string | null };
    expect(nextQuestion({ state, paymentIntentId: intent, tries }, unknownFor)).toBe(question);
  });
});
