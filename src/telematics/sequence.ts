// Counts what scooters said and we never heard. Telemetry and events share one number line per boot, so a
// jump in it is a loss, unless the missing message comes after all (events are sent again until receipted).

/** The three topics a scooter speaks on. */
export type UplinkKind = 'telemetry' | 'events' | 'presence';

export interface Heard { readonly boot: number; readonly seq: number }

export type Sequence = 'next' | 'gap' | 'filled';

/**
 * `missed` says how many numbers this message jumped over; `newest` is what to remember. The first message
 * we hear of a scooter after our own start proves nothing about what came before it.
 */
export function follow(newest: Heard | undefined, said: Heard): { newest: Heard; kind: Sequence; missed: number } {
  if (!newest) return { newest: said, kind: 'next', missed: 0 };
  if (said.boot < newest.boot || (said.boot === newest.boot && said.seq <= newest.seq)) return { newest, kind: 'filled', missed: 0 };
  const missed = said.boot === newest.boot ? said.seq - newest.seq - 1 : said.seq - 1;
  return { newest: { boot: said.boot, seq: said.seq }, kind: missed > 0 ? 'gap' : 'next', missed };
}

export const isNewer = (a: Heard, b: Heard): boolean => a.boot > b.boot || (a.boot === b.boot && a.seq > b.seq);

/** A message that came in after we noted the broken link was sent over a new one. */
export const provesConnection = (
  scooter: { readonly connected: boolean; readonly connectionChangedAt: Date | null }, receivedAt: Date,
): boolean => !scooter.connected && (scooter.connectionChangedAt === null || receivedAt > scooter.connectionChangedAt);
