// Who gets a release first. Every scooter has its place in a line drawn anew by each release, so that it is not
// always the same ones that go first; a stage is the front of that line, so a wider stage holds the narrower one.
import { createHash } from 'node:crypto';
import { STAGE_SHARES, type Stage } from './rollout-state.js';

/** The same for ever, on every replica, and of no other meaning. */
const placeInLine = (release: string, scooterId: string): string => createHash('sha256').update(`${release}\n${scooterId}`).digest('hex');

/** At least one scooter, however small the fleet: a stage of nobody proves nothing. */
export const stageSize = (fleet: number, stage: Stage): number => Math.min(fleet, Math.max(1, Math.ceil(fleet * STAGE_SHARES[stage])));

export function stageMembers<Id extends string>(release: string, scooterIds: readonly Id[], stage: Stage): Id[] {
  if (stage === 'everybody') return [...scooterIds];
  return scooterIds
    .map((id) => ({ id, place: placeInLine(release, id) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, stageSize(scooterIds.length, stage))
    .map(({ id }) => id);
}
