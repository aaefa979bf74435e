// What we take from a scooter's word. One we were unsure of may go back to the riders when it says it is
// locked and in no ride, and nothing we once told it can still open it. A place we do not take in a ride.
import type { CommandState } from './command-state.js';
import type { CommandKind, Refused, Telemetry } from '../telematics/wire.js';

export interface PastCommand {
  readonly kind: CommandKind;
  readonly state: CommandState;
  readonly nonce: number;
  readonly refusal: Refused | null;
}

/** A scooter that answers so has already counted the command's nonce; the others it throws away unread. */
const COUNTED: ReadonlySet<Refused | null> = new Set<Refused>(['moving', 'jammed', 'not_in_ride', 'in_ride']);

const fences = ({ state, refusal }: PastCommand): boolean =>
  state === 'done' || state === 'done_late' || ((state === 'refused' || state === 'refused_late') && COUNTED.has(refusal));

/**
 * Whether an unlock or resume is out that we never heard of again. Expired is still unanswered: it may
 * have opened the lock. A later nonce the scooter has counted settles it, for the earlier one is dead then.
 */
export function mayStillOpen(commands: readonly PastCommand[]): boolean {
  const fence = Math.max(0, ...commands.filter(fences).map(({ nonce }) => nonce));
  return commands.some(({ kind, state, nonce }) =>
    (kind === 'unlock' || kind === 'resume') && (state === 'queued' || state === 'sent' || state === 'expired') && nonce > fence);
}

export function mayTrust(facts: {
  readonly state: string;
  readonly lock: 'open' | 'closed';
  readonly inRide: boolean;
  readonly commands: readonly PastCommand[];
}): boolean {
  return facts.state === 'unsure' && facts.lock === 'closed' && !facts.inRide && !mayStillOpen(facts.commands);
}

/** The scooter sends none; if one comes all the same, it goes before anything stores, logs or passes it on. */
export const withoutPlaceInRide = (telemetry: Telemetry): Telemetry =>
  telemetry.inRide && telemetry.fix !== null ? { ...telemetry, fix: null } : telemetry;
