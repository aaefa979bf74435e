// Counts what scooters said and we never heard. Telemetry and events share one number line per boot, so a
// jump in it is a loss, unless the missing message comes after all (the two connections swap their order, and
// events are sent again until receipted).

/** The three topics a scooter speaks on. */
export type UplinkKind = 'telemetry' | 'events' | 'presence';

export interface Heard { readonly boot: number; readonly seq: number }

export type Sequence = 'next' | 'gap' | 'older';

/**
 * `missed` says how many numbers this message jumped over; `newest` is what to remember. The first message
 * we hear of a scooter after our own start proves nothing about what came before it.
 */
export function follow(newest: Heard | undefined, said: Heard): { newest: Heard; kind: Sequence; missed: number } {
  if (!newest) return { newest: said, kind: 'next', missed: 0 };
  if (said.boot < newest.boot || (said.boot === newest.boot && said.seq <= newest.seq)) return { newest, kind: 'older', missed: 0 };
  const missed = said.boot === newest.boot ? said.seq - newest.seq - 1 : said.seq - 1;
  return { newest: { boot: said.boot, seq: said.seq }, kind: missed > 0 ? 'gap' : 'next', missed };
}

/** Numbers of one boot that were jumped over and have not come since. */
export interface Hole { readonly boot: number; readonly from: number; readonly to: number }

/** What is left of the hole when this number has come after all: itself when it lies elsewhere. */
export function without<T extends Hole>(hole: T, { boot, seq }: Heard): T[] {
  if (hole.boot !== boot || seq < hole.from || seq > hole.to) return [hole];
  return [{ ...hole, to: seq - 1 }, { ...hole, from: seq + 1 }].filter(({ from, to }) => from <= to);
}

export const isNewer = (a: Heard, b: Heard): boolean => a.boot > b.boot || (a.boot === b.boot && a.seq > b.seq);

/** A message that came in after we noted the broken link was sent over a new one. */
export const provesConnection = (
  scooter: { readonly connected: boolean; readonly connectionChangedAt: Date | null }, receivedAt: Date,
): boolean => !scooter.connected && (scooter.connectionChangedAt === null || receivedAt > scooter.connectionChangedAt);
