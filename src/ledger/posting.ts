// Double entry: a fare or a capture becomes entries whose debits and credits are equal. Prices include
// the tax; what the rider owes is the whole fare, what we earn is the net amount.
import { invariant } from '../platform/assert.js';
import { cents, sumCents } from '../platform/money.js';

export type Account = 'riders_receivable' | 'ride_revenue' | 'vat_collected' | 'stripe_balance';
export interface Entry {
  readonly account: Account;
  readonly side: 'debit' | 'credit';
  readonly amountCents: number;
}
export interface Fare {
  readonly totalCents: number;
  readonly netCents: number;
  readonly taxCents: number;
}

/** @throws InvariantBroken when the parts of the fare do not make its total. */
export const fareEntries = (fare: Fare): Entry[] =>
  balanced([
    { account: 'riders_receivable', side: 'debit', amountCents: fare.totalCents },
    { account: 'ride_revenue', side: 'credit', amountCents: fare.netCents },
    { account: 'vat_collected', side: 'credit', amountCents: fare.taxCents },
  ]);

export const captureEntries = (amountCents: number): Entry[] =>
  balanced([
    { account: 'stripe_balance', side: 'debit', amountCents },
    { account: 'riders_receivable', side: 'credit', amountCents },
  ]);

/** The part of a fare that was too much, taken back. @throws InvariantBroken when the fare did not shrink. */
export const correctionEntries = (before: Fare, after: Fare): Entry[] =>
  balanced([
    { account: 'ride_revenue', side: 'debit', amountCents: before.netCents - after.netCents },
    { account: 'vat_collected', side: 'debit', amountCents: before.taxCents - after.taxCents },
    { account: 'riders_receivable', side: 'credit', amountCents: before.totalCents - after.totalCents },
  ]);

export const refundEntries = (amountCents: number): Entry[] =>
  balanced([
    { account: 'riders_receivable', side: 'debit', amountCents },
    { account: 'stripe_balance', side: 'credit', amountCents },
  ]);

const sideOf = (entries: readonly Entry[], side: Entry['side']): number =>
  sumCents(entries.filter((entry) => entry.side === side).map(({ amountCents }) => amountCents));

/** Small fares carry no tax at all once rounded; an entry of nothing is not written. */
function balanced(entries: readonly Entry[]): Entry[] {
  for (const { amountCents, account } of entries) invariant(cents(amountCents) >= 0, `${account} gets no negative amount`);
  invariant(sideOf(entries, 'debit') === sideOf(entries, 'credit'), 'a transfer balances');
  invariant(sideOf(entries, 'debit') > 0, 'a transfer moves something');
  return entries.filter(({ amountCents }) => amountCents > 0);
}
