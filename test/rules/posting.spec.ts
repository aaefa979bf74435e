import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { captureEntries, fareEntries } from '../../src/ledger/posting.js';
import { taxInside } from '../../src/platform/money.js';

const lines = (entries: ReturnType<typeof fareEntries>): string[] => entries.map(({ account, side, amountCents }) => `${side} ${account} ${String(amountCents)}`);

describe('what the books say', () => {
  it.each`
    total   | net     | tax    | written
    ${336}  | ${280}  | ${56}  | ${['debit riders_receivable 336', 'credit ride_revenue 280', 'credit vat_collected 56']}
    ${28}   | ${23}   | ${5}   | ${['debit riders_receivable 28', 'credit ride_revenue 23', 'credit vat_collected 5']}
    ${2}    | ${2}    | ${0}   | ${['debit riders_receivable 2', 'credit ride_revenue 2']}
    ${3360} | ${2800} | ${560} | ${['debit riders_receivable 3360', 'credit ride_revenue 2800', 'credit vat_collected 560']}
  `('a fare of $total is $net earned and $tax of tax', (row) => {
    const { total, net, tax, written } = row as unknown as { total: number; net: number; tax: number; written: string[] };
    expect(lines(fareEntries({ totalCents: total, netCents: net, taxCents: tax }))).toEqual(written);
  });

  it('money that came in is owed no more', () => {
    expect(lines(captureEntries(336))).toEqual(['debit stripe_balance 336', 'credit riders_receivable 336']);
  });

  it.each`
    what                            | total    | net     | tax
    ${'parts that miss a cent'}     | ${336}   | ${280}  | ${55}
    ${'a negative tax'}             | ${336}   | ${337}  | ${-1}
    ${'nothing at all'}             | ${0}     | ${0}    | ${0}
    ${'half a cent'}                | ${336.5} | ${280}  | ${56.5}
    ${'not a number'}               | ${NaN}   | ${280}  | ${56}
    ${'more than can be counted'}   | ${2 ** 53} | ${2 ** 53} | ${0}
  `('writes no fare of $what', (row) => {
    const { total, net, tax } = row as unknown as { total: number; net: number; tax: number };
    expect(() => fareEntries({ totalCents: total, netCents: net, taxCents: tax })).toThrow();
  });

  it('balances whatever the fare is', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), (totalCents) => {
      const entries = fareEntries({ totalCents, ...taxInside(totalCents, 20) });
      expect(entries.reduce((sum, { side, amountCents }) => sum + (side === 'debit' ? amountCents : -amountCents), 0)).toBe(0);
    }));
  });
});
