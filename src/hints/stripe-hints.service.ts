// Stripe's webhooks are hints that something moved. Each is noted once; the payment it speaks of is then
// asked about at Stripe, so a forged, old, doubled or reordered message can change nothing by itself.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../platform/clock.js';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import { LoopService } from '../platform/loop.service.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { whyNotStripe } from '../cards/webhook-signature.js';
import { COLLECT } from '../billing/payment.js';

const StripeHint = z.object({
  id: z.string().regex(/^evt_\w{1,250}$/),
  type: z.string().min(1).max(200),
  created: z.int().min(0).max(253_402_300_799),
  data: z.object({
    object: z.object({
      id: z.string().max(255).optional(),
      metadata: z.object({ payment_id: z.uuid().optional().catch(undefined) }).nullish().catch(null),
    }),
  }),
});

@Injectable()
export class StripeHintsService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    @Inject(CITY_CONFIG) private readonly config: CityConfig,
    private readonly loops: LoopService,
  ) {}

  async take(body: Buffer | null, signature: string): Promise<void> {
    refuseIf(whyNotStripe(body, signature, this.config.stripe.webhookSecret, this.clock.realNow()));
    const hint = orRefuse(readHint(body), 'malformed');
    const { id: intentId, metadata } = hint.data.object;
    const about = hint.type.startsWith('payment_intent.') ? { intentId: intentId ?? null, paymentId: metadata?.payment_id ?? null } : null;
    const due = await this.db.query<unknown[]>(TAKE, [hint.id, hint.type, hint.created, this.clock.now(), about?.intentId, about?.paymentId]);
    if (due.length > 0) this.loops.wakeAfter(this.db.manager, COLLECT);
  }
}

// Noted and, the first time, acted upon in one statement, so that neither is without the other.
const TAKE = `
  with first as (insert into stripe_events (id, type, created_at, received_at) values ($1, $2, to_timestamp($3), $4) on conflict (id) do nothing returning 1),
       due as (update payments set next_try_at = least(next_try_at, $4)
                where (payment_intent_id = $5::text or id = $6::uuid) and state in ('created', 'capturing', 'releasing') and tries > 0
                  and exists (select 1 from first) returning 1)
  select 1 from due`;

function readHint(body: Buffer | null): z.infer<typeof StripeHint> | null {
  try {
    return StripeHint.parse(JSON.parse(body?.toString('utf8') ?? ''));
  } catch {
    return null;
  }
}
