// Whether a command binds this scooter at all, judged by the gateway in the unit's place, and what it wants. Pure.
import { COMMAND_LIVES_SECONDS, signatureHolds, type Command, type Refused } from '../src/telematics/wire.js';
import { type Outcome } from './foreign-unit.js';

/** Clocks of servers agree this well. */
const CLOCK_TOLERANCE_MS = 2000;

export interface Bound {
  readonly scooterId: string;
  readonly commandKey: string;
  readonly lastNonce: number;
}

export function whyNotBelieve({ scooterId, commandKey, lastNonce }: Bound, command: Command, nowMs: number): Refused | null {
  if (command.scooterId !== scooterId) return 'wrong_scooter';
  if (!signatureHolds(commandKey, command)) return 'bad_signature';
  if (command.notAfter < nowMs) return 'expired';
  if (command.notAfter > nowMs + COMMAND_LIVES_SECONDS * 1000 + CLOCK_TOLERANCE_MS) return 'too_far_ahead';
  return command.nonce > lastNonce ? null : 'replayed';
}

/** What stands in the way now. A speed nobody knows is taken for standing only while the lock is shut. */
export function whyNotNow(kind: Command['kind'], scooter: { inRide: boolean; isLocked: boolean; speedKmh: number | null }): Refused | null {
  const moves = scooter.speedKmh === null ? !scooter.isLocked : scooter.speedKmh > 0;
  if (moves && kind !== 'look' && kind !== 'locate') return 'moving';
  if (kind === 'unlock' || kind === 'open_bay') return scooter.inRide ? 'in_ride' : null;
  if (kind === 'pause' || kind === 'resume') return scooter.inRide ? null : 'not_in_ride';
  return null;
}

export const refusalFor = (outcome: Exclude<Outcome, 'done' | 'silent'>): Refused => outcome;
