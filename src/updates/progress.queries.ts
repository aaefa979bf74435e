// How a rollout stands, counted by the database in one look, and the rows of it for people.
import type { EntityManager } from 'typeorm';
import type { ScooterId } from '../platform/ids.js';
import type { ReleaseEntity } from './release.entity.js';
import { ScooterUpdateEntity } from './scooter-update.entity.js';
import { ABSENT_SECONDS, WELL_SECONDS, type Progress, type StateCounts } from './stage-verdict.js';
import { updateState, type UpdateState } from './update-state.js';

const STATES = Object.keys(updateState.steps) as UpdateState[];
const FAILED = `state in ('refused', 'rolled_back', 'timed_out')`;
/** Who runs something newer anyway is neither asked nor counted. */
const COUNTED = `reason is distinct from 'not_newer'`;

type Counted = Record<UpdateState | 'absent' | 'failed' | 'forgiven' | 'settled', number> & { lastFailureAt: Date | null };

const COUNT = `
  select ${STATES.map((state) => `count(*) filter (where state = '${state}')::int as ${state}`).join(', ')},
         count(*) filter (where state = 'chosen' and chosen_at <= $3)::int as absent,
         count(*) filter (where ${FAILED} and settled_at >= $2)::int as failed,
         count(*) filter (where ${FAILED} and settled_at < $2)::int as forgiven,
         count(*) filter (where state = 'installed' and settled_at <= $4)::int as settled,
         max(settled_at) filter (where ${FAILED} and settled_at >= $2) as "lastFailureAt"
    from scooter_updates where release = $1 and ${COUNTED}`;

export async function progressOf(tx: EntityManager, { name, countFrom }: Pick<ReleaseEntity, 'name' | 'countFrom'>, now: Date): Promise<Progress> {
  const [row] = await tx.query<Counted[]>(COUNT, [name, countFrom ?? now, before(now, ABSENT_SECONDS), before(now, WELL_SECONDS)]);
  const countOf = (what: keyof Omit<Counted, 'lastFailureAt'>): number => row?.[what] ?? 0;
  const counts = Object.fromEntries(STATES.map((state) => [state, countOf(state)])) as StateCounts;
  return {
    counts, absent: countOf('absent'), failed: countOf('failed'), forgiven: countOf('forgiven'), settled: countOf('settled'),
    gone: 0, lastFailureAt: row?.lastFailureAt ?? null,
  };
}

export async function settledIds(tx: EntityManager, release: string, now: Date): Promise<ScooterId[]> {
  const rows = await tx.query<{ scooter_id: ScooterId }[]>(
    `select scooter_id from scooter_updates where release = $1 and state = 'installed' and settled_at <= $2`, [release, before(now, WELL_SECONDS)]);
  return rows.map(({ scooter_id: id }) => id);
}

/** By scooter; `cursor` is the last id already seen. */
export function updatesPage(
  tx: EntityManager, release: string, asked: { state: UpdateState | null; cursor: string | null; limit: number },
): Promise<ScooterUpdateEntity[]> {
  const rows = tx.createQueryBuilder(ScooterUpdateEntity, 'u').where('u.release = :release', { release }).orderBy('u.scooterId').limit(asked.limit);
  if (asked.state !== null) rows.andWhere('u.state = :state', { state: asked.state });
  if (asked.cursor !== null) rows.andWhere('u.scooterId > :cursor', { cursor: asked.cursor });
  return rows.getMany();
}

/** What the scooters run now, by their own word. */
export async function runningOn(tx: EntityManager, scooterIds: readonly ScooterId[]): Promise<Map<ScooterId, string>> {
  const rows = await tx.query<{ scooter_id: ScooterId; release: string }[]>(
    'select scooter_id, release from scooter_releases where scooter_id = any($1)', [scooterIds]);
  return new Map(rows.map(({ scooter_id: id, release }) => [id, release]));
}

const before = (now: Date, seconds: number): Date => new Date(now.getTime() - seconds * 1000);
