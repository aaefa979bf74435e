// Is this really Stripe telling us, and just now? A message of yesterday, recorded and sent again, is
// refused as well as one from the future.
import { createHmac, timingSafeEqual } from 'node:crypto';

const OLDEST_SECONDS = 300;
/** Clocks of two machines differ a little. */
const EARLIEST_SECONDS = -60;

/**
 * Header and scheme: docs.stripe.com/webhooks, "Verify manually". `realNow` is reality, not the time of
 * the city, which may run faster.
 */
export function whyNotStripe(body: Buffer | null, header: string, secret: string, realNow: Date): 'signature_wrong' | null {
  const at = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1];
  if (body === null || at === undefined) return 'signature_wrong';
  const ageSeconds = realNow.getTime() / 1000 - Number(at);
  if (ageSeconds > OLDEST_SECONDS || ageSeconds < EARLIEST_SECONDS) return 'signature_wrong';
  const right = createHmac('sha256', secret).update(`${at}.`).update(body).digest();
  // While a secret is being replaced, Stripe signs with both: one right signature is enough.
  const given = [...header.matchAll(/(?:^|,)v1=([0-9a-f]{64})(?=,|$)/g)].map(([, hex = '']) => Buffer.from(hex, 'hex'));
  return given.some((signature) => timingSafeEqual(signature, right)) ? null : 'signature_wrong';
}
