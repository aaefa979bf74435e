// May this rider spend money now? Null means yes.
import { LEAST_CHARGE_CENTS } from './split-fare.js';

export function whyNotCredit(facts: { hasCard: boolean; openDebtCents: number }): 'card_missing' | 'debt_open' | null {
  // Less than a card can be charged is no reason to keep anyone from riding: it could never be paid.
  if (facts.openDebtCents >= LEAST_CHARGE_CENTS) return 'debt_open';
  if (!facts.hasCard) return 'card_missing';
  return null;
}
