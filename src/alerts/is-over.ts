// When an alert closes by itself. Each kind has its own end, as the table of kinds says in words; a trouble of the
// whole fleet is over when it has not been seen for a while.
import type { Scooter } from '../fleet/scooter.js';
import type { Alert } from './alert.js';
import { QUIET_MINUTES, STANDS_STILL_MINUTES, type AlertKind } from './alert-kinds.js';
import { TOGETHER_MINUTES } from './fleet-wide.js';

/** What is known when one looks. */
export interface Look {
  readonly alert: Pick<Alert, 'kind' | 'scooterId' | 'openedAt' | 'lastSeenAt'>;
  /** Null for the fleet. */
  readonly scooter: Pick<Scooter, 'state' | 'connected' | 'sensors' | 'lastSeenAt' | 'positionAt' | 'rangeUnknown'> | null;
  /** Whether its newest settled command was answered. */
  readonly answers: boolean;
  /** No process has said lately that its line is down. */
  readonly isLinkUp: boolean;
  readonly now: Date;
  /** When this process began to listen: before that it remembers nothing. */
  readonly since: Date;
}

type End = (look: Look & { readonly scooter: NonNullable<Look['scooter']> }) => string | null;

const MINUTE_MS = 60_000;
/** So long a fact may be under way from the row it was told with to the alert. */
const UNDER_WAY_MS = 30_000;

const isQuiet = ({ alert, now }: Look, minutes: number): boolean => now.getTime() - alert.lastSeenAt.getTime() >= minutes * MINUTE_MS;
const inHands: End = ({ scooter: { state } }) =>
  state === 'maintenance' || state === 'retired' ? 'A crew has it.' : null;
const ridden: End = ({ scooter: { state } }) => (state === 'taken' ? 'A rider has it.' : null);
const standsLocked: End = (look) => (isQuiet(look, STANDS_STILL_MINUTES) ? 'It stands locked.' : null);
const quiet: End = (look) => (isQuiet(look, QUIET_MINUTES) ? `It has not shown for ${String(QUIET_MINUTES)} minutes.` : null);
const saidSince = ({ alert, scooter }: Parameters<End>[0]): boolean => scooter.lastSeenAt !== null && scooter.lastSeenAt > alert.lastSeenAt;

const ends: Readonly<Record<AlertKind, End>> = {
  ghost_ride: (look) =>
    inHands(look) ?? (look.scooter.sensors?.lock === 'closed' ? standsLocked(look) : ridden(look)),
  moved_without_ride: (look) => inHands(look) ?? ridden(look) ?? quiet(look),
  fell: (look) =>
    look.scooter.state !== 'taken' && look.scooter.sensors?.stand === 'down' && saidSince(look) ? 'It stands on its stand again.' : inHands(look),
  bay_opened: (look) =>
    look.scooter.sensors?.bay === 'closed' && !look.scooter.rangeUnknown && saidSince(look) ? 'The bay is shut, and the battery tells its charge.' : null,
  offline: (look) => (look.scooter.connected ? 'It can be heard again.' : inHands(look)),
  never_acks: ({ answers }) => (answers ? 'It answers.' : null),
  clock_wrong: ({ alert, scooter, now, since }) => {
    // That it is right is told as an event; only what was told while we were not there has to be found out.
    const spoke = scooter.lastSeenAt !== null && scooter.lastSeenAt > since && now.getTime() - scooter.lastSeenAt.getTime() > UNDER_WAY_MS;
    return alert.lastSeenAt < since && spoke ? 'It has spoken since, and its clock was right.' : null;
  },
  suspect_place: ({ alert, scooter: { positionAt } }) =>
    positionAt !== null && positionAt > alert.lastSeenAt ? 'It tells a place that can be.' : null,
  bad_signature: quiet,
  many_refusals: quiet,
  flooding: quiet,
  seq_gaps: quiet,
  link_down: () => null,
};

/** Why it is over, in words for whoever reads it later; null while it is not. */
export function whyOver(look: Look): string | null {
  const { alert, scooter, isLinkUp } = look;
  if (alert.kind === 'link_down') return isLinkUp ? 'The line is back.' : null;
  if (scooter !== null) return ends[alert.kind]({ ...look, scooter });
  // Who is still out of reach is counted anew; the end of that is decided where they are counted.
  if (alert.kind === 'offline') return null;
  return isQuiet(look, TOGETHER_MINUTES) ? `It has not been seen for ${String(TOGETHER_MINUTES)} minutes.` : null;
}
