// May this rider spend money now? Null means yes.
export function whyNotCredit(facts: { hasCard: boolean; openDebtCents: number }): 'card_missing' | 'debt_open' | null {
  if (facts.openDebtCents > 0) return 'debt_open';
  if (!facts.hasCard) return 'card_missing';
  return null;
}
