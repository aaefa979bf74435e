// The Stripe and SMS stand-ins in a process of their own, which writes down how long each hold stayed
// inside: the bank's time is not the service's.
import diagnostics from 'node:diagnostics_channel';
import { built } from '../../scripts/ready.mjs';
import { beChild } from './child.mjs';

/** The first payment of a ride carries the ride in its key. */
const HOLD_KEY = /^ride:([0-9a-f-]{36}):1$/;

await beChild(async () => {
  const { startStripeStandIn } = await built('src/embedded/stripe-stand-in.js');
  const { startSmsStandIn } = await built('src/embedded/sms-stand-in.js');
  const holdMs = watchHolds();
  const now = () => new Date();
  const stripe = await startStripeStandIn({
    port: 0,
    dataFile: null,
    webhookUrl: null,
    webhookSecret: 'whsec_bench_bench',
    now,
  });
  const sms = await startSmsStandIn({ port: 0, dataFile: null, now });
  const { secretKey, publishableKey, webhookSecret, url } = stripe;
  return {
    told: { stripe: { secretKey, publishableKey, webhookSecret, url }, smsUrl: sms.url },
    answers: { webhooksTo: (to) => stripe.setWebhookUrl(to), holdMs: () => Object.fromEntries(holdMs) },
    close: () => Promise.all([stripe.stop(), sms.stop()]),
  };
});

function watchHolds() {
  const holdMs = new Map();
  const began = new WeakMap();
  const rideOf = (request) =>
    request.method === 'POST' && request.url === '/v1/payment_intents'
      ? HOLD_KEY.exec(request.headers['idempotency-key'] ?? '')?.[1]
      : undefined;
  diagnostics.subscribe('http.server.request.start', ({ request }) => {
    if (rideOf(request) !== undefined) began.set(request, performance.now());
  });
  diagnostics.subscribe('http.server.response.finish', ({ request }) => {
    const at = began.get(request);
    if (at !== undefined) holdMs.set(rideOf(request), performance.now() - at);
  });
  return holdMs;
}
