// A refusal is an expected no, told to the caller. Bugs throw InvariantBroken instead.
import type { RefusalCode } from '../errors.js';

export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly details: Record<string, unknown> = {},
  ) {
    super(code);
  }
}

export function refuseIf(reason: RefusalCode | null, details?: Record<string, unknown>): void {
  if (reason !== null) throw new Refusal(reason, details);
}

/** The value, or a refusal when there is none: for rows named by ids from outside. */
export function orRefuse<T>(value: T | null | undefined, code: RefusalCode, details?: Record<string, unknown>): T {
  if (value === null || value === undefined) throw new Refusal(code, details);
  return value;
}
