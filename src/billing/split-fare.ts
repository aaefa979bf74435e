// How a fare is collected: out of the hold as far as it goes, the rest in a charge of its own.
import { invariant } from '../platform/assert.js';

/** Stripe charges no less than EUR 0.50 (docs.stripe.com/currencies, minimum charge amounts). */
export const LEAST_CHARGE_CENTS = 50;

/**
 * When the rest would be too small to charge, a little less is taken from the hold: a fare of 10.20
 * over a hold of 10.00 becomes 9.70 and 0.50, because Stripe would refuse 0.20.
 */
export function splitFare(fareCents: number, holdCents: number): { captureCents: number; restCents: number } {
  invariant(fareCents > 0 && holdCents >= 0, 'only a fare is split');
  if (fareCents <= holdCents) return { captureCents: fareCents, restCents: 0 };
  const restCents = Math.max(fareCents - holdCents, Math.min(LEAST_CHARGE_CENTS, fareCents));
  return { captureCents: fareCents - restCents, restCents };
}
