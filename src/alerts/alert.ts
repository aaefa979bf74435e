// One trouble of one scooter, or of the whole fleet when it names none: seen once or a thousand times, it is one row.
import type { AlertId, ScooterId, StaffId } from '../platform/ids.js';
import type { AlertKind, Severity } from './alert-kinds.js';
import type { AlertState } from './alert-state.js';

/** Numbers and words that help; never a place. */
export type AlertDetails = Readonly<Record<string, string | number>>;

export interface Alert {
  readonly id: AlertId;
  readonly kind: AlertKind;
  readonly scooterId: ScooterId | null;
  readonly severity: Severity;
  readonly state: AlertState;
  readonly owner: StaffId | null;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly times: number;
  readonly snoozedUntil: Date | null;
  readonly closedAt: Date | null;
  readonly closedBy: 'auto' | 'person' | null;
  readonly reason: string | null;
  readonly details: AlertDetails;
}

/** What somebody or something has seen, once. */
export interface Sighting {
  readonly kind: AlertKind;
  readonly scooterId: ScooterId;
  readonly isRidden: boolean;
  readonly details?: AlertDetails;
}
