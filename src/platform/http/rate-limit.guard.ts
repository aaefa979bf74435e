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
/** Many phones share the address of one mobile network. */
const PEOPLE_PER_ADDRESS = 20;
/** More visitors than this are not remembered: the oldest is forgotten, that is, forgiven. */
const REMEMBERED = 100_000;

@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(@Inject(CITY_CONFIG) private readonly config: CityConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { ratePerSecond } = this.config;
    // Both are asked: a made-up token would otherwise be a fresh visitor every time.
    const address = this.take(hashed(request.ip), ratePerSecond * (request.headers.authorization === undefined ? 1 : PEOPLE_PER_ADDRESS));
    const session = request.headers.authorization === undefined || this.take(hashed(request.headers.authorization), ratePerSecond);
    if (address && session) return true;
    void context.switchToHttp().getResponse<FastifyReply>().header('retry-after', '1');
    throw new Refusal('too_many_requests');
  }

  private take(visitor: string, perSecond: number): boolean {
    const most = perSecond * BURST_SECONDS;
    const now = performance.now();
    const bucket = this.buckets.get(visitor) ?? { tokens: most, at: now };
    const tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    // Set anew, so that the map keeps the order of the last visit and the first key is the oldest.
    this.buckets.delete(visitor);
    this.buckets.set(visitor, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
    const oldest = this.buckets.size > REMEMBERED ? this.buckets.keys().next().value : undefined;
    if (oldest !== undefined) this.buckets.delete(oldest);
    return tokens >= 1;
  }
}

/** No token and no address lies in memory for longer than the request. */
const hashed = (text: string): string => createHash('sha256').update(text).digest('base64');
