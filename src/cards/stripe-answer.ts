// What Stripe said, in our words. Only a definite answer counts; everything else is "unknown", and
// unknown never means that it did not happen.
import { z } from 'zod';

export type PaymentRefusal = 'declined' | 'needs_confirmation' | 'not_reached';

export type StripeAnswer =
  | { readonly kind: 'held'; readonly intentId: string }
  | { readonly kind: 'captured'; readonly intentId: string; readonly amountCents: number }
  | { readonly kind: 'canceled'; readonly intentId: string }
  | { readonly kind: 'waiting'; readonly intentId: string; readonly clientSecret: string; readonly url: string | null }
  | { readonly kind: 'refused'; readonly intentId: string | null; readonly reason: PaymentRefusal; readonly code: string }
  /** Looked for, and not there. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly why: string };

export const StripeIntent = z.object({
  id: z.string().regex(/^pi_\w{1,100}$/),
  status: z.string().max(50),
  amount: z.int().min(0),
  amount_received: z.int().min(0),
  client_secret: z.string().max(300).nullable(),
  metadata: z.record(z.string(), z.string()),
  next_action: z.object({ redirect_to_url: z.object({ url: z.string().max(2000).nullable() }).nullish() }).nullish(),
  last_payment_error: z.object({ code: z.string().max(100).nullish() }).nullish(),
});
export type StripeIntent = z.infer<typeof StripeIntent>;

export const StripeRefund = z.object({
  id: z.string().regex(/^(re|pyr)_\w{1,100}$/),
  status: z.string().max(50).nullable(),
  amount: z.int().min(0),
  metadata: z.record(z.string(), z.string()).nullable(),
});
export type StripeRefund = z.infer<typeof StripeRefund>;

/** Money on its way back cannot be called off: pending is as good as done. */
export const isReturned = (refund: StripeRefund): boolean => refund.status === 'succeeded' || refund.status === 'pending';

const StripeTrouble = z.object({
  type: z.string(),
  code: z.string().max(100).nullish(),
  decline_code: z.string().max(100).nullish(),
  payment_intent: z.object({ id: z.string().max(110) }).nullish(),
});

export function readIntent(intent: StripeIntent): StripeAnswer {
  const { id: intentId } = intent;
  switch (intent.status) {
    case 'requires_capture': return { kind: 'held', intentId };
    case 'succeeded': return { kind: 'captured', intentId, amountCents: intent.amount_received };
    case 'canceled': return { kind: 'canceled', intentId };
    case 'requires_action':
      return { kind: 'waiting', intentId, clientSecret: intent.client_secret ?? '', url: intent.next_action?.redirect_to_url?.url ?? null };
    case 'requires_payment_method': case 'requires_confirmation':
      return refusal(intentId, intent.last_payment_error?.code ?? intent.status);
    default: return { kind: 'unknown', why: intent.status };
  }
}

/** Reads what the SDK threw. `creating`: a request Stripe calls invalid was certainly not carried out. */
export function readTrouble(thrown: unknown, creating: boolean): StripeAnswer {
  const trouble = StripeTrouble.safeParse(thrown);
  if (!trouble.success) return { kind: 'unknown', why: 'answer not understood' };
  const { type, code, decline_code: declineCode, payment_intent: intent } = trouble.data;
  const because = declineCode ?? code ?? type;
  if (type === 'StripeCardError') return refusal(intent?.id ?? null, because);
  if (type === 'StripeInvalidRequestError' && creating) return refusal(intent?.id ?? null, because);
  return { kind: 'unknown', why: because };
}

const refusal = (intentId: string | null, code: string): StripeAnswer =>
  ({ kind: 'refused', intentId, code, reason: code === 'authentication_required' ? 'needs_confirmation' : 'declined' });
