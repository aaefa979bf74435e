// May this card be kept for this rider? Only one their bank confirmed, and only their own.
export function whyNotSaved(
  setup: { readonly status: string; readonly customerId: string | null; readonly card: object | null } | null,
  customerId: string | null,
): 'card_not_confirmed' | null {
  if (setup?.status !== 'succeeded' || setup.card === null) return 'card_not_confirmed';
  return customerId !== null && setup.customerId === customerId ? null : 'card_not_confirmed';
}
