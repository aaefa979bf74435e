// Marks the doors where asking twice would cost or move something twice, and reads under which key somebody asks.
import { SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../refusal.js';

const ONCE_PER_KEY = 'roue-libre:once-per-key';

/** The answer is kept for two days, so none of these doors may answer with a secret or with a person's data. */
export const OncePerKey = () => SetMetadata(ONCE_PER_KEY, true);

/** What is asked for once; the hash tells whether it is the same wish when the key comes again. */
export interface Wish { readonly key: string; readonly hash: string }

/** Null when this door does not care, or nobody gave a key. @throws Refusal malformed */
export function wishOf(reflector: Reflector, context: ExecutionContext): Wish | null {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const key = request.headers['idempotency-key'];
  const oncePerKey = reflector.get<boolean | undefined>(ONCE_PER_KEY, context.getHandler()) ?? false;
  if (!oncePerKey || key === undefined) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new Refusal('malformed', { header: 'Idempotency-Key' });
  return { key, hash: createHash('sha256').update(`${request.url}\n${JSON.stringify(request.body ?? null)}`).digest('hex') };
}
