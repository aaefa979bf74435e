import { describe, expect, it } from '@jest/globals';
import { readIntent, readTrouble, type StripeIntent } from '../../src/cards/stripe-answer.js';

const intent = (change: Partial<StripeIntent>): StripeIntent =>
  ({ id: 'pi_1', status: 'succeeded', amount: 1000, amount_received: 336, client_secret: 's', metadata: {}, next_action: null, last_payment_error: null, ...change });

describe('what Stripe said', () => {
  it.each`
    status                       | answer
    ${'requires_capture'}        | ${{ kind: 'held' }}
    ${'succeeded'}               | ${{ kind: 'captured', amountCents: 336 }}
    ${'canceled'}                | ${{ kind: 'canceled' }}
    ${'requires_action'}         | ${{ kind: 'waiting', clientSecret: 's' }}
    ${'requires_payment_method'} | ${{ kind: 'refused', reason: 'declined' }}
    ${'processing'}              | ${{ kind: 'unknown' }}
    ${'a_state_of_the_future'}   | ${{ kind: 'unknown' }}
  `('an intent that is $status', (row) => {
    const { status, answer } = row as unknown as { status: string; answer: object };
    expect(readIntent(intent({ status }))).toMatchObject(answer);
  });

  it('an intent whose bank wants its holder', () => {
    expect(readIntent(intent({ status: 'requires_payment_method', last_payment_error: { code: 'authentication_required' } }))).toMatchObject({ reason: 'needs_confirmation' });
  });

  it.each`
    code                         | decline                 | reason                  | because
    ${'card_declined'}           | ${'insufficient_funds'} | ${'declined'}           | ${'insufficient_funds'}
    ${'card_declined'}           | ${'lost_card'}          | ${'declined'}           | ${'lost_card'}
    ${'card_declined'}           | ${'do_not_honor'}       | ${'declined'}           | ${'do_not_honor'}
    ${'expired_card'}            | ${undefined}            | ${'declined'}           | ${'expired_card'}
    ${'processing_error'}        | ${undefined}            | ${'declined'}           | ${'processing_error'}
    ${'authentication_required'} | ${undefined}            | ${'needs_confirmation'} | ${'authentication_required'}
  `('a card that says $code $decline', (row) => {
    const { code, decline, reason, because } = row as unknown as { code: string; decline: string | undefined; reason: string | null; because: string };
    const thrown = { type: 'StripeCardError', code, decline_code: decline, payment_intent: { id: 'pi_1' } };
    expect(readTrouble(thrown, true)).toEqual({ kind: 'refused', intentId: 'pi_1', reason, code: because });
  });

  it.each`
    type                           | creating | kind
    ${'StripeConnectionError'}     | ${true}  | ${'unknown'}
    ${'StripeAPIError'}            | ${true}  | ${'unknown'}
    ${'StripeRateLimitError'}      | ${true}  | ${'unknown'}
    ${'StripeIdempotencyError'}    | ${true}  | ${'unknown'}
    ${'StripeAuthenticationError'} | ${true}  | ${'unknown'}
    ${'StripeInvalidRequestError'} | ${true}  | ${'refused'}
    ${'StripeInvalidRequestError'} | ${false} | ${'unknown'}
  `('$type while creating $creating is $kind', (row) => {
    const { type, creating, kind } = row as unknown as { type: string; creating: boolean; kind: string };
    expect(readTrouble({ type }, creating).kind).toBe(kind);
  });

  it.each([null, undefined, 'text', new Error('socket hang up')])('%s tells nothing', (thrown) => {
    expect(readTrouble(thrown, true).kind).toBe('unknown');
  });
});
