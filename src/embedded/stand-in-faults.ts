// Switches that make the stand-in behave badly, for tests: the next calls decline, hang, break, lose
// their answer. Each is used up by the calls it was set for.
export type Fault =
  | { readonly kind: 'decline'; readonly code: string; readonly declineCode?: string }
  | { readonly kind: 'needs_confirmation' }
  /** Never answers; executed or not. */
  | { readonly kind: 'hang'; readonly executed: boolean }
  /** 500. Once execution began, Stripe remembers a 500 and repeats it for the same key. */
  | { readonly kind: 'error'; readonly executed: boolean; readonly remembered: boolean }
  /** The connection breaks: before anything happened, or after everything did. */
  | { readonly kind: 'reset'; readonly executed: boolean }
  | { readonly kind: 'rate_limit' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'slow'; readonly milliseconds: number };

export type Operation = 'payment_intents.create' | 'payment_intents.capture' | 'payment_intents.cancel' | 'refunds.create';

interface Planned { readonly fault: Fault; readonly operation: Operation | null; left: number }

export class StandInFaults {
  /** Events wait here instead of leaving, until switched off. */
  holdWebhooks = false;
  /** How often each event is posted. */
  webhookCopies = 1;
  private planned: Planned[] = [];

  /** The SDK asks again once by itself when a connection closes: plan a reset twice to be felt. */
  next(fault: Fault, on: { operation?: Operation; times?: number } = {}): void {
    this.planned.push({ fault, operation: on.operation ?? null, left: on.times ?? 1 });
  }

  clear(): void {
    this.planned = [];
    this.holdWebhooks = false;
    this.webhookCopies = 1;
  }

  take(operation: string): Fault | null {
    const found = this.planned.find((plan) => plan.operation === null || plan.operation === operation);
    if (!found) return null;
    found.left -= 1;
    if (found.left === 0) this.planned = this.planned.filter((plan) => plan !== found);
    return found.fault;
  }
}
