// May the control room order this of a scooter? Opening and closing a ride is the ride's own business, and
// while one runs nobody asks the scooter where it is.
import type { RefusalCode } from '../errors.js';
import type { CommandKind } from '../telematics/wire.js';

export const OPERATOR_KINDS = ['locate', 'lock', 'open_case', 'open_bay', 'look'] as const satisfies readonly CommandKind[];
export type OperatorKind = (typeof OPERATOR_KINDS)[number];

const NOT_IN_RIDE: ReadonlySet<OperatorKind> = new Set(['lock', 'open_bay', 'look']);

export function whyNotCommand(kind: OperatorKind, scooterState: string): RefusalCode | null {
  if (scooterState === 'retired') return 'scooter_not_available';
  return scooterState === 'taken' && NOT_IN_RIDE.has(kind) ? 'scooter_not_available' : null;
}
