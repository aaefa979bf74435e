// Has this scooter died on the way? With a last word there is nothing to ask. Without one, silence alone proves
// nothing: it counts only when the pack was almost empty, and when it is the scooter that is silent and not our line.

/** The gauge's last percents are a guess; below this no rider can count on any. */
export const EMPTY_PERCENT = 3;
/** Real seconds: longer than any tunnel or garage a scooter is ridden through. */
export const SILENT_SECONDS = 600;

export interface LastHeard {
  readonly connected: boolean;
  /** When the broker said that it is gone. */
  readonly connectionChangedAt: Date | null;
  readonly lastSeenAt: Date | null;
  /** Null is unknown, and never taken for empty. */
  readonly chargePercent: number | null;
}

/** When it was heard last, if that was the end of it; null while it may only be out of reach. */
export function diedAt(heard: LastHeard, silentSince: Date): Date | null {
  const { connected, connectionChangedAt, lastSeenAt, chargePercent } = heard;
  if (connected || lastSeenAt === null || chargePercent === null || !(chargePercent <= EMPTY_PERCENT)) return null;
  const goneAt = Math.max(lastSeenAt.getTime(), connectionChangedAt?.getTime() ?? 0);
  return goneAt <= silentSince.getTime() ? lastSeenAt : null;
}
