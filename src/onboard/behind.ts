// Since when has a scooter been riding with zones that are no longer in force?

export interface PublishedVersion {
  readonly version: number;
  readonly publishedAt: Date;
}

export interface HeldZones {
  /** Null in a scooter that has not told us of any. */
  readonly version: number | null;
  /** When it first spoke to us. */
  readonly knownSince: Date;
}

/** Null when it holds the newest. `versions` stand in their order. */
export function behindSince({ version, knownSince }: HeldZones, versions: readonly PublishedVersion[]): Date | null {
  const missed = versions.find((published) => published.version > (version ?? 0));
  if (!missed) return null;
  return missed.publishedAt > knownSince ? missed.publishedAt : knownSince;
}
