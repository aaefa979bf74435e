// One answer per Idempotency-Key and person: a phone that asks again after a lost answer gets the
// first one. The key is claimed in the database before the work, so two replicas agree.
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { catchError, from, mergeMap, of, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { actorName } from '../actor.js';
import { Clock } from '../clock.js';
import { Refusal } from '../refusal.js';
import type { CityRequest } from './auth.guard.js';
import { wishOf } from './once-per-key.decorator.js';

export { OncePerKey } from './once-per-key.decorator.js';

interface Kept { request_hash: string; status: number | null; body: unknown }
/** A claim older than this belongs to a process that died; real seconds. */
const CLAIM_LIVES_SECONDS = 60;

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<CityRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const wish = request.actor ? wishOf(this.reflector, context) : null;
    if (!request.actor || !wish) return next.handle();

    const who = actorName(request.actor);
    const { key, hash } = wish;
    const kept = request.hasClaimed ? null : await this.claim(who, key, hash);
    if (kept) {
      void reply.status(kept.status).header('idempotent-replayed', 'true');
      return of(kept.body);
    }
    return next.handle().pipe(
      mergeMap((body) => from(this.keep(who, key, reply.statusCode, body))),
      catchError((error: unknown) => from(this.forget(who, key, error))),
    );
  }

  /** Null: the work is ours to do. Otherwise the answer given before. */
  private async claim(who: string, key: string, hash: string): Promise<{ status: number; body: unknown } | null> {
    const claimed = await this.db.query<unknown[]>(
      `insert into idempotency_keys as k (actor, key, request_hash, claimed_at) values ($1, $2, $3, $4)
       on conflict (actor, key) do update set claimed_at = excluded.claimed_at
         where k.status is null and k.claimed_at < $5 and k.request_hash = excluded.request_hash
       returning 1`,
      [who, key, hash, this.clock.now(), this.clock.inReal(-CLAIM_LIVES_SECONDS)],
    );
    if (claimed.length > 0) return null;
    const [kept] = await this.db.query<Kept[]>(
      'select request_hash, status, body from idempotency_keys where actor = $1 and key = $2', [who, key]);
    if (kept && kept.request_hash !== hash) throw new Refusal('idempotency_key_reused');
    if (kept?.status == null) throw new Refusal('idempotency_key_busy');
    return { status: kept.status, body: kept.body };
  }

  private async keep(who: string, key: string, status: number, body: unknown): Promise<unknown> {
    await this.db.query('update idempotency_keys set status = $3, body = $4 where actor = $1 and key = $2',
      [who, key, status, JSON.stringify(body ?? null)]);
    return body;
  }

  /** A refusal changed nothing, so the same key may try again; a claim that cannot be taken back runs out by itself. */
  private async forget(who: string, key: string, error: unknown): Promise<never> {
    await this.db
      .query('delete from idempotency_keys where actor = $1 and key = $2 and status is null', [who, key])
      .catch(() => undefined);
    throw error;
  }
}
