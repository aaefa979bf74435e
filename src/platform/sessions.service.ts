// Who is signed in. A session is a random token; the database keeps only its SHA-256, so a stolen
// copy of the table opens nothing. Revoking acts at once: there is no cache between.
import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from './actor.js';
import { Clock } from './clock.js';

/** Real seconds: people stay signed in by their own clock, not by the simulated city's. */
const LIVES_SECONDS = { rider: 30 * 24 * 3600, crew: 14 * 3600, operator: 12 * 3600 } as const;

interface ClaimedWish { readonly audience: Actor['audience']; readonly key: string; readonly hash: string }

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

@Injectable()
export class SessionsService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @returns the token, which is shown once and never stored. */
  async open(tx: EntityManager, actor: Actor): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const holder = actor.audience === 'rider' ? actor.riderId : actor.staffId;
    await tx.query(
      'insert into sessions (token_hash, audience, holder_id, actor, opened_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
      [hashOf(token), actor.audience, holder, actor, this.clock.now(), this.clock.inReal(LIVES_SECONDS[actor.audience])],
    );
    return token;
  }

  /** With a wish, and a visitor of that audience, its key is claimed in the same statement, unless it was before. */
  async whoHolds(token: string, wish: ClaimedWish | null): Promise<{ actor: Actor | null; hasClaimed: boolean }> {
    const [text, more] = wish === null ? [WHO, []] : [WHO_CLAIMS, [wish.audience, wish.key, wish.hash]];
    const [row] = await this.db.query<{ actor: Actor; hasClaimed: boolean }[]>(text, [hashOf(token), this.clock.now(), ...more]);
    return row ?? { actor: null, hasClaimed: false };
  }

  /** Ends every session of a person: signing out, a lost phone, a changed role. */
  async closeAll(tx: EntityManager, holderId: string): Promise<void> {
    await tx.query('update sessions set closed_at = $2 where holder_id = $1 and closed_at is null', [holderId, this.clock.now()]);
  }
}

const WHO = 'select actor, false as "hasClaimed" from sessions where token_hash = $1 and expires_at > $2 and closed_at is null';

// `actorName`, said in SQL.
const WHO_CLAIMS = `
  with who as (select actor, audience || ':' || holder_id as name, audience from sessions
                where token_hash = $1 and expires_at > $2 and closed_at is null),
       ours as (insert into idempotency_keys (actor, key, request_hash, claimed_at) select name, $4, $5, $2 from who where audience = $3
                on conflict do nothing returning 1)
  select actor, exists (select 1 from ours) as "hasClaimed" from who`;
