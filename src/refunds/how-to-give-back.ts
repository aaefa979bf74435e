// A bill was too high: first what is still owed of it is forgiven, then money goes back the way it came, the newest
// payment first. What is neither owed nor received yet waits.
export interface Received {
  readonly paymentId: string;
  readonly paymentIntentId: string;
  /** Received and not given back yet. */
  readonly leftCents: number;
}

export interface GivenBack {
  readonly forgiveCents: number;
  readonly refunds: readonly { readonly paymentId: string; readonly paymentIntentId: string; readonly amountCents: number }[];
}

/** Null while debt and payments together do not cover it: then some of its money is still under way. */
export function howToGiveBack(facts: { amountCents: number; debtCents: number; received: readonly Received[] }): GivenBack | null {
  const forgiveCents = Math.min(facts.debtCents, facts.amountCents);
  let leftCents = facts.amountCents - forgiveCents;
  const refunds: GivenBack['refunds'][number][] = [];
  for (const { paymentId, paymentIntentId, leftCents: of } of facts.received) {
    const amountCents = Math.min(of, leftCents);
    if (amountCents > 0) refunds.push({ paymentId, paymentIntentId, amountCents });
    leftCents -= amountCents;
  }
  return leftCents === 0 ? { forgiveCents, refunds } : null;
}
