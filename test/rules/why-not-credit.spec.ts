import { describe, expect, it } from '@jest/globals';
import { rideMoney } from '../../src/billing/payment.js';
import { whyNotCredit } from '../../src/billing/why-not-credit.js';
import { whyNotSaved } from '../../src/cards/why-not-saved.js';

describe('may this rider spend money', () => {
  it.each`
    hasCard  | openDebtCents | reason
    ${true}  | ${0}          | ${null}
    ${false} | ${0}          | ${'card_missing'}
    ${true}  | ${49}         | ${null}
    ${true}  | ${50}         | ${'debt_open'}
    ${false} | ${800}        | ${'debt_open'}
  `('card $hasCard, debt $openDebtCents: $reason', (row) => {
    const { hasCard, openDebtCents, reason } = row as unknown as { hasCard: boolean; openDebtCents: number; reason: string | null };
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
  `('$status of $owner asked by $asker: $reason', (row) => {
    const { status, owner, asker, card, reason } = row as unknown as { status: string; owner: string | null; asker: string | null; card: object | null; reason: string | null };
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
  `('$payments, debt $debt: $state', (row) => {
    const { payments, debt, state, paid } = row as unknown as { payments: Parameters<typeof rideMoney>[0]; debt: number; state: string; paid: number };
    expect(rideMoney(payments, debt)).toEqual({ state, paidCents: paid, debtCents: debt });
  });
});
