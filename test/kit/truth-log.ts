// What really happened at the scooters, seen at their own bolts and in their own flash and not in any message:
// the bill is held against this.
import type { Remembered } from '../../firmware-sim/unit/flash.js';

/** `opened` begins a ride and `locked` ends it; a pause only moves the bolt. */
export type BoltKind = 'opened' | 'locked' | 'paused' | 'resumed';

export interface BoltMove {
  readonly scooterId: string;
  readonly kind: BoltKind;
  /** Of the command that was obeyed. */
  readonly nonce: number;
  /** Milliseconds on the city's clock, and on the timer nobody can set. */
  readonly atMs: number;
  readonly realMs: number;
}

interface Seen { nonce: number; lock: string; inRide: boolean }

export class TruthLog {
  readonly moves: BoltMove[] = [];
  /** Promises a scooter itself has seen broken. */
  readonly broken: string[] = [];
  private readonly jumps: { realMs: number; byMs: number }[] = [];

  constructor(private readonly now: () => Date) {}

  /** The eyes for one scooter; see `ScooterOptions.watch`. */
  watch(scooterId: string): (written: Partial<Remembered>) => void {
    const seen: Seen = { nonce: 0, lock: 'closed', inRide: false };
    return (written) => {
      // The nonce alone is written in the instant a command is obeyed.
      if (written.lastNonce !== undefined && written.sensors === undefined) this.obeyed(scooterId, seen, written.lastNonce);
      const [lock, inRide] = [written.sensors?.lock ?? seen.lock, written.inRide ?? seen.inRide];
      const kind = kindOf(seen, lock, inRide);
      Object.assign(seen, { lock, inRide });
      if (kind) this.moves.push({ scooterId, kind, nonce: seen.nonce, atMs: this.now().getTime(), realMs: performance.now() });
    };
  }

  /** The clock was moved on by hand: whatever was in the air just then seems to have taken so long. */
  noteJump(seconds: number): void {
    this.jumps.push({ realMs: performance.now(), byMs: seconds * 1000 });
  }

  jumpedMs(fromRealMs: number, untilRealMs: number): number {
    return this.jumps.filter(({ realMs }) => realMs >= fromRealMs && realMs <= untilRealMs).reduce((sum, { byMs }) => sum + byMs, 0);
  }

  /** The ride that this unlock began: when the bolt opened, and when it was locked after. */
  rideOpenedBy(scooterId: string, nonce: number): { opened: BoltMove | undefined; locked: BoltMove | undefined } {
    const opened = this.moves.findIndex((move) => move.scooterId === scooterId && move.kind === 'opened' && move.nonce === nonce);
    if (opened < 0) return { opened: undefined, locked: undefined };
    const locked = this.moves.slice(opened).find((move) => move.scooterId === scooterId && move.kind === 'locked');
    return { opened: this.moves[opened], locked };
  }

  /** Milliseconds in which the bolt was open between two moves of a ride, and every move that shut it. */
  openBetween(opened: BoltMove, locked: BoltMove): { openMs: number; shut: readonly BoltMove[] } {
    const own = this.moves.slice(this.moves.indexOf(opened), this.moves.indexOf(locked) + 1).filter(({ scooterId }) => scooterId === opened.scooterId);
    let openMs = 0;
    let since: number | null = null;
    for (const { kind, atMs } of own) {
      if (kind === 'opened' || kind === 'resumed') since ??= atMs;
      else if (since !== null) {
        openMs += atMs - since;
        since = null;
      }
    }
    return { openMs, shut: own.filter(({ kind }) => kind === 'paused' || kind === 'locked') };
  }

  private obeyed(scooterId: string, seen: Seen, nonce: number): void {
    if (nonce <= seen.nonce) this.broken.push(`scooter ${scooterId} obeyed nonce ${String(nonce)} after ${String(seen.nonce)}`);
    seen.nonce = nonce;
  }
}

function kindOf(before: Seen, lock: string, inRide: boolean): BoltKind | null {
  if (inRide !== before.inRide) return inRide ? 'opened' : 'locked';
  if (lock === before.lock) return null;
  return lock === 'open' ? 'resumed' : 'paused';
}
