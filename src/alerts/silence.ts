// A scooter that is there and never answers. What is still under way says nothing yet; what ran out says nothing came.
import type { PastCommand } from '../commands/trust.js';

const isSettled = ({ state }: Pick<PastCommand, 'state'>): boolean => state !== 'queued' && state !== 'sent';

/** How many of the newest commands ran out, one after the other; `past` begins with the newest. */
export function silentInARow(past: readonly Pick<PastCommand, 'state'>[]): number {
  const settled = past.filter(isSettled);
  const answered = settled.findIndex(({ state }) => state !== 'expired');
  return answered < 0 ? settled.length : answered;
}

export const answers = (past: readonly Pick<PastCommand, 'state'>[]): boolean => past.some(isSettled) && silentInARow(past) === 0;
