// A payment's row, read by hand: a rider waits at the scooter while its hold is asked for and written down.
import type { EntityManager } from 'typeorm';
import type { Statement } from '../platform/swift-client.provider.js';
import type { PaymentEntity } from './payment.entity.js';

const WANTED = `id, rider_id as "riderId", ride_id as "rideId", attempt, purpose, state, currency, amount_cents as "amountCents",
  capture_cents as "captureCents", customer_id as "customerId", payment_method_id as "paymentMethodId",
  idempotency_key as "idempotencyKey", payment_intent_id as "paymentIntentId", refusal, unknown_since as "unknownSince", tries,
  next_try_at as "nextTryAt", leased_until as "leasedUntil", created_at as "createdAt", settled_at as "settledAt"`;

/** `which` is a text of ours, never of a request. */
export const leaseStatement = (which: string, words: { now: Date; until: Date; also: unknown[] }): Statement => [
  `update payments set leased_until = $2, tries = tries + 1, unknown_since = coalesce(unknown_since, $1) where ${which} returning ${WANTED}`,
  [words.now, words.until, ...words.also],
];

export async function leasePayments(db: EntityManager, [text, values]: Statement): Promise<PaymentEntity[]> {
  const [rows] = await db.query<[PaymentEntity[], number]>(text, [...values]);
  return rows;
}

export async function lockedPayment(tx: EntityManager, id: string): Promise<PaymentEntity | undefined> {
  const [row] = await tx.query<PaymentEntity[]>(`select ${WANTED} from payments where id = $1 for update`, [id]);
  return row;
}

export const INSERT_PAYMENT = `
  insert into payments (id, rider_id, ride_id, attempt, purpose, state, currency, amount_cents, capture_cents, customer_id, payment_method_id,
                        idempotency_key, tries, next_try_at, created_at)
  values ($1, $2, $3, $4, $5, 'created', $6, $7, $8, $9, $10, $11, 0, $12, $12)`;

export const WRITE_OUTCOME = `
  update payments set state = $2, leased_until = null, next_try_at = $3, payment_intent_id = $4, unknown_since = $5, tries = $6, refusal = $7, settled_at = $8
   where id = $1`;
