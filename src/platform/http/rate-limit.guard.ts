// One visitor may not ask for everything at once: a bucket of tokens per session, or per address for
// those without one, refilled at a steady rate. Each process counts for itself; this keeps the service
// alive, while limits that protect people (codes, passwords) are counted in the database.
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CityConfig } from '../config.js';
import { CITY_CONFIG } from '../config.provider.js';
import { Refusal } from '../refusal.js';

/** A visitor may use up this many seconds' worth at once. */
const BURST_SECONDS = 4;
/** More visitors than this are not remembered: the oldest is forgotten, that is, forgiven. */
const REMEMBERED = 100_000;

@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(@Inject(CITY_CONFIG) private readonly config: CityConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.take(visitorOf(request))) return true;
    void context.switchToHttp().getResponse<FastifyReply>().header('retry-after', '1');
    throw new Refusal('too_many_requests');
  }

  private take(visitor: string): boolean {
    const most = this.config.ratePerSecond * BURST_SECONDS;
    const now = performance.now();
    const bucket = this.buckets.get(visitor) ?? { tokens: most, at: now };
    const tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * this.config.ratePerSecond);
    // Set anew, so that the map keeps the order of the last visit and the first key is the oldest.
    this.buckets.delete(visitor);
    this.buckets.set(visitor, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
    const oldest = this.buckets.size > REMEMBERED ? this.buckets.keys().next().value : undefined;
    if (oldest !== undefined) this.buckets.delete(oldest);
    return tokens >= 1;
  }
}

/** Hashed, so that no token and no address lies in memory for longer than the request. */
const visitorOf = (request: FastifyRequest): string =>
  createHash('sha256').update(request.headers.authorization ?? request.ip).digest('base64');
