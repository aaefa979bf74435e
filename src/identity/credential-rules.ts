// May these credentials be changed, taken away or given anew? And when is a quiet moment for a new key?
import type { RefusalCode } from '../errors.js';
import { COMMAND_LIVES_SECONDS } from '../telematics/wire.js';

export interface CredentialFacts {
  readonly scooterState: string;
  readonly isRevoked: boolean;
  /** A new key is on its way and not yet kept. */
  readonly isChanging: boolean;
}

/** A key that is on its way may be in the scooter's flash already: to forget it here would be to lose the scooter. */
export function whyNotChangeKey({ isRevoked, isChanging }: CredentialFacts): RefusalCode | null {
  if (isRevoked) return 'scooter_revoked';
  return isChanging ? 'key_change_under_way' : null;
}

/** Always possible, whatever it is doing: a thief does not wait for the end of a ride. */
export const whyNotRevoke = ({ isRevoked }: CredentialFacts): RefusalCode | null => (isRevoked ? 'scooter_revoked' : null);

/** Whoever still has it in hand was promised the old unit. */
export function whyNotReinstate({ scooterState, isRevoked }: CredentialFacts): RefusalCode | null {
  if (!isRevoked) return 'scooter_not_revoked';
  return ['retired', 'taken', 'reserved'].includes(scooterState) ? 'scooter_not_available' : null;
}

/** Nothing that stands open is scrapped, unless it can no longer be told anything. */
export const whyNotRetire = (lock: 'open' | 'closed' | null, { isRevoked }: CredentialFacts): RefusalCode | null =>
  lock === 'open' && !isRevoked ? 'scooter_open' : null;

/** After an order: as long as it lives and its answer may take. */
export const QUIET_SECONDS = COMMAND_LIVES_SECONDS + 5;
/** An offer nobody has answered within this time was most likely not heard. */
export const ANSWER_SECONDS = 3;

/**
 * A scooter obeys the newest key it has kept, so the key changes only when nothing signed by the old one can be
 * on its way: not while somebody has the scooter (their pass for a dead network hangs on the key, too), and not
 * within the life of an order.
 */
export const isQuiet = (facts: { readonly connected: boolean; readonly scooterState: string; readonly secondsSinceOrder: number | null }): boolean =>
  facts.connected && facts.scooterState !== 'taken' && facts.scooterState !== 'reserved' && (facts.secondsSinceOrder ?? Infinity) > QUIET_SECONDS;
