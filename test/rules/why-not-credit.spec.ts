import { describe, expect, it } from '@jest/globals';
import { rideMoney } from '../../src/billing/payment.js';
import { whyNotCredit } from '../../src/billing/why-not-credit.js';
import { whyNotSaved } from '../../src/cards/why-not-saved.js';

describe('may this rider spend money', () => {
  it.each`
    hasCard  | openDebtCents | reason
    ${true}  | ${0}          | ${null}
    ${false} | ${0}          | ${'card_missing'}
    ${true}  | ${1}          | ${'debt_open'}
    ${false} | ${800}        | ${'debt_open'}
  `('card $hasCard, debt $openDebtCents: $reason', ({ hasCard, openDebtCents, reason }) => {
    expect(whyNotCredit({ hasCard, openDebtCents })).toBe(reason);
  });
});

describe('may this card be kept', () => {
  it.each`
    status                       | owner      | asker      | card    | reason
    ${'succeeded'}               | ${'cus_1'} | ${'cus_1'} | ${{}}   | ${null}
    ${'requires_action'}         | ${'cus_1'} | ${'cus_1'} | ${{}}   | ${'card_not_confirmed'}
    ${'requires_payment_method'} | ${'cus_1'} | ${'cus_1'} | ${null} | ${'card_not_confirmed'}
    ${'succeeded'}               | ${'cus_2'} | ${'cus_1'} | ${{}}   | ${'card_not_confirmed'}
    ${'succeeded'}               | ${null}    | ${null}    | ${{}}   | ${'card_not_confirmed'}
    ${'succeeded'}               | ${'cus_1'} | ${'cus_1'} | ${null} | ${'card_not_confirmed'}
  `('$status of $owner asked by $asker: $reason', ({ status, owner, asker, card, reason }) => {
    expect(whyNotSaved({ status, customerId: owner, card }, asker)).toBe(reason);
  });

  it('is not kept when Stripe does not know it', () => {
    expect(whyNotSaved(null, 'cus_1')).toBe('card_not_confirmed');
  });
});

describe('where the money of a ride stands', () => {
  const part = (purpose: string, state: string, captureCents: number | null = null) => ({ purpose, state, captureCents }) as Parameters<typeof rideMoney>[0][number];
  it.each`
    payments                                                                    | debt   | state           | paid
    ${[]}                                                                       | ${0}   | ${'none'}       | ${0}
    ${[part('hold', 'created')]}                                                | ${0}   | ${'held'}       | ${0}
    ${[part('hold', 'authorised')]}                                             | ${0}   | ${'held'}       | ${0}
    ${[part('hold', 'capturing', 300)]}                                         | ${0}   | ${'collecting'} | ${0}
    ${[part('hold', 'captured', 1000), part('rest', 'created', 500)]}           | ${0}   | ${'collecting'} | ${1000}
    ${[part('hold', 'captured', 1000), part('rest', 'captured', 500)]}          | ${0}   | ${'paid'}       | ${1500}
    ${[part('hold', 'captured', 1000), part('rest', 'refused', 500)]}           | ${500} | ${'debt'}       | ${1000}
    ${[part('hold', 'releasing')]}                                              | ${0}   | ${'released'}   | ${0}
    ${[part('hold', 'refused')]}                                                | ${0}   | ${'released'}   | ${0}
  `('$payments, debt $debt: $state', ({ payments, debt, state, paid }) => {
    expect(rideMoney(payments, debt)).toEqual({ state, paidCents: paid, debtCents: debt });
  });
});
