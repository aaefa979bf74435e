// Every trouble we watch for: how bad it is, what shows it, when it is over by itself, and what to do about it.
// The page docs/alerts.md is this table; a test holds the two side by side.

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface AlertRule {
  readonly severity: Severity;
  /** When a rider has the scooter; the same as otherwise where it is not said. */
  readonly inRide?: Severity;
  readonly rule: string;
  readonly closes: string;
  /** One sentence for whoever has to act. */
  readonly runbook: string;
}

/** The default of the trade (ATOM Mobility). City time. */
export const OFFLINE_AFTER_MINUTES = 20;
/** Longer than an answer needs from the street to our tables; real time, because radios do not get faster. */
export const STANDS_OPEN_AFTER_SECONDS = 20;
/** Fifteen seconds each, so three quarters of a minute of nothing. One may be a tunnel, two bad luck. */
export const SILENT_COMMANDS = 3;
/** Longer than the looks of a process that has no line are apart, so that none of them has lost it; real time. */
export const LINK_BACK_AFTER_SECONDS = 20;
/** Our own line comes back within seconds by itself; real time. */
export const LINK_DOWN_AFTER_SECONDS = 30;
/** Promise T3; counted in real time, because in a fast city the way of a message alone is minutes. */
export const CLOCK_TOLERANCE_SECONDS = 60;
/** One wild fix is a tall house. */
export const SUSPECTS_IN_A_ROW = 3;
/** A ride makes 120 numbers an hour, so this is every sixth; city time. */
export const MISSING_PER_HOUR = 20;
/** Answers to commands nobody gave. A doubled message makes one; real time. */
export const STRANGE_PER_MINUTE = 10;
/** Messages thrown away unread, beyond the forty a second that each may say; real time. */
export const FLOOD_PER_MINUTE = 100;
/** What only shows in moments is over when it has not shown for so long; city time. */
export const QUIET_MINUTES = 60;
/** A thief stops at traffic lights; city time. */
export const STANDS_STILL_MINUTES = 10;

const quiet = `It has not shown for ${String(QUIET_MINUTES)} minutes.`;

export const alertKinds = {
  ghost_ride: {
    severity: 'critical',
    rule: `Without a ride or a crew it has gone more than 100 m, locked or not, or has stood open for ${String(STANDS_OPEN_AFTER_SECONDS)} seconds.`,
    closes: `It has stood locked for ${String(STANDS_STILL_MINUTES)} minutes, or a ride or a crew has it.`,
    runbook: 'Do not chase it: order a lock, note where it stops, and send a crew; call the police if it keeps moving.',
  },
  moved_without_ride: {
    severity: 'warning',
    rule: 'The unit says that it was pushed, carried or towed more than 30 m while it was locked.',
    closes: `A ride or a crew has it, or it has not moved again for ${String(QUIET_MINUTES)} minutes.`,
    runbook: 'Look where it stands now; if it is inside a yard or a van, or still moving, treat it as a theft.',
  },
  fell: {
    severity: 'warning',
    inRide: 'critical',
    rule: 'The unit says that it fell.',
    closes: 'It stands on its stand again and nobody rides it.',
    runbook: 'In a ride, call the rider first and help if there is no answer; parked, send a crew to put it up and look at it.',
  },
  bay_opened: {
    severity: 'critical',
    rule: 'The battery bay opened, and nobody of ours had asked for it.',
    closes: 'The bay is shut, and the battery in it tells its charge.',
    runbook: 'Order a look, then send the nearest crew: somebody may be taking the battery.',
  },
  offline: {
    severity: 'warning',
    inRide: 'critical',
    rule: `Out of reach for ${String(OFFLINE_AFTER_MINUTES)} minutes, and not in the hands of a crew.`,
    closes: 'It can be heard again, or a crew has it.',
    runbook: 'In a ride, call the rider; parked, look at its last place for a courtyard or a garage, and send a crew when it stays away.',
  },
  never_acks: {
    severity: 'warning',
    rule: `${String(SILENT_COMMANDS)} commands in a row ran out without an answer.`,
    closes: 'It answers a command.',
    runbook: 'Order a locate; when that runs out too, restart the unit at its next stop and exchange it if it stays dumb.',
  },
  bad_signature: {
    severity: 'critical',
    rule: 'It refused one of our commands because the signature did not hold.',
    closes: quiet,
    runbook: 'Compare its key: either it has another one than we do, or somebody changes what we say; give it a new key.',
  },
  many_refusals: {
    severity: 'critical',
    rule: `It answered ${String(STRANGE_PER_MINUTE)} commands in a minute that we never gave or that were answered before.`,
    closes: quiet,
    runbook: 'Somebody speaks to it in our name: look who is on the broker, change the service account, and give it a new password.',
  },
  flooding: {
    severity: 'warning',
    rule: `${String(FLOOD_PER_MINUTE)} of its messages were thrown away within a minute, because it says far more than a healthy unit can.`,
    closes: quiet,
    runbook: 'Revoke its password if others suffer; else restart the unit and look at its release.',
  },
  clock_wrong: {
    severity: 'warning',
    rule: `Its own clock is more than ${String(CLOCK_TOLERANCE_SECONDS)} seconds off, so it will take our commands for old or early.`,
    closes: 'Its clock is right again.',
    runbook: 'The details name the kind of error: hours are a time zone, years a calendar, 1970 an empty battery of the clock; restart the unit under open sky.',
  },
  suspect_place: {
    severity: 'info',
    rule: `${String(SUSPECTS_IN_A_ROW)} places in a row that cannot be: outside the city, or faster than 45 m/s from the last one.`,
    closes: 'It tells a place that can be.',
    runbook: 'Nothing is decided by such places; have the receiver looked at with the next battery, sooner if others nearby show the same.',
  },
  seq_gaps: {
    severity: 'info',
    rule: `${String(MISSING_PER_HOUR)} message numbers in an hour that never came.`,
    closes: quiet,
    runbook: 'One scooter: its antenna. Many in one street: the network there. Many everywhere: the broker.',
  },
  link_down: {
    severity: 'critical',
    rule: `Our own line to the broker has been down for ${String(LINK_DOWN_AFTER_SECONDS)} seconds; of the scooters nothing is known meanwhile.`,
    closes: `No part of the service has said for ${String(LINK_BACK_AFTER_SECONDS)} seconds that its line is down.`,
    runbook: 'Look at the broker, then at the network between; riders are told that no scooter can be opened now.',
  },
} as const satisfies Record<string, AlertRule>;

export type AlertKind = keyof typeof alertKinds;
export const ALERT_KINDS = Object.keys(alertKinds) as [AlertKind, ...AlertKind[]];

/** Seen once and not over by keeping quiet: each has its own row, however many there are, so that nobody lies forgotten. */
const OF_ONE: ReadonlySet<AlertKind> = new Set<AlertKind>(['ghost_ride', 'moved_without_ride', 'fell', 'bay_opened']);
export const mayBeOfFleet = (kind: AlertKind): boolean => !OF_ONE.has(kind);

export const ruleOf = (kind: AlertKind): AlertRule => alertKinds[kind];

export function severityOf(kind: AlertKind, isRidden: boolean): Severity {
  const { severity, inRide } = ruleOf(kind);
  return isRidden ? (inRide ?? severity) : severity;
}
