// Money is whole cents of one currency. A number that is not a whole count of cents never gets in.
import { invariant } from './assert.js';

export type Cents = number & { readonly kind: 'cents' };

/** @throws InvariantBroken when the amount is not a whole number of cents that JavaScript counts exactly. */
export function cents(amount: number): Cents {
  invariant(Number.isSafeInteger(amount), `${String(amount)} is not a whole number of cents`);
  return (amount === 0 ? 0 : amount) as Cents;
}

export const sumCents = (amounts: readonly number[]): Cents => cents(amounts.reduce((a, b) => a + b, 0));

/**
 * The tax inside a price that includes it, rounded half up to the cent; the rest is the net amount,
 * so that net + tax is always the price the rider saw. French VAT for hiring is 20 % (CGI art. 278).
 */
export function taxInside(grossCents: number, ratePercent: number): { netCents: Cents; taxCents: Cents } {
  const tax = cents(Math.floor((grossCents * ratePercent * 2 + (100 + ratePercent)) / (2 * (100 + ratePercent))));
  return { netCents: cents(grossCents - tax), taxCents: tax };
}
