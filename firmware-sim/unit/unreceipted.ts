// Events the service has not yet said it has stored. They are kept in flash and said again, in order and with
// their age counted anew, until the receipt comes: two seconds later at first, thirty at last.
import { type ScooterEvent } from '../../src/telematics/wire.js';
import { type Flash, type Kept } from './flash.js';

export const FIRST_PAUSE_MS = 2_000;
export const LONGEST_PAUSE_MS = 30_000;
/** Past this many waiting, refusals of commands are no longer kept: a liar on the air must not fill the flash. */
const REFUSALS_KEPT_BELOW = 100;
/** One resend says at most this many, oldest first; the rest follow when these are receipted. */
const SAID_AT_ONCE = 50;

/** Sends one event now; false when there is no link. */
export type Say = (event: ScooterEvent) => boolean;

export class Unreceipted {
  private waiting: Kept[] = [];
  private pauseMs = FIRST_PAUSE_MS;
  private againAtMs = 0;

  constructor(
    private readonly flash: Flash,
    private readonly say: Say,
  ) {
    this.reload();
  }

  /** As after a power cut: what was not in flash never happened. */
  reload(): void {
    this.waiting = [...(this.flash.load()?.events ?? [])].sort((a, b) => a.boot - b.boot || a.seq - b.seq);
  }

  get size(): number {
    return this.waiting.length;
  }

  /** Whether a resend is due at this real instant. */
  isDue(realNowMs: number): boolean {
    return this.waiting.length > 0 && realNowMs >= this.againAtMs;
  }

  /** First into flash, then on the air. */
  add(event: Kept, realNowMs: number): void {
    if (event.what.kind === 'command_refused' && this.waiting.length >= REFUSALS_KEPT_BELOW) return;
    this.flash.keep(event);
    if (this.waiting.length === 0) {
      this.pauseMs = FIRST_PAUSE_MS;
      this.againAtMs = realNowMs + this.pauseMs;
    }
    this.waiting.push(event);
    if (mayGo(event, this.waiting)) this.say(said(event, event.atMs));
  }

  receipted(receipt: { boot: number; seq: number }): void {
    const left = this.waiting.filter(({ boot, seq }) => boot !== receipt.boot || seq !== receipt.seq);
    if (left.length === this.waiting.length) return;
    this.waiting = left;
    this.flash.forget(receipt);
    // The service lives: what is left may go soon, and what waited for this receipt at once.
    this.pauseMs = FIRST_PAUSE_MS;
    if (left.some(({ what }) => TOLD_IN_ORDER.has(what.kind))) this.againAtMs = 0;
  }

  /** The link or the service is back: everything is said again at once. */
  hurry(): void {
    this.pauseMs = FIRST_PAUSE_MS;
    this.againAtMs = 0;
  }

  resend(nowMs: number, realNowMs: number): void {
    if (!this.isDue(realNowMs)) return;
    this.againAtMs = realNowMs + this.pauseMs;
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
    for (const event of this.waiting.slice(0, SAID_AT_ONCE).filter((one) => mayGo(one, this.waiting))) {
      if (!this.say(said(event, nowMs))) return;
    }
  }
}

const TOLD_IN_ORDER: ReadonlySet<string> = new Set(['local', 'power_lost', 'command_done']);

/**
 * What was done at the scooter is told in order: a pause before the end it led to, an unlock before both, a power cut
 * after all that came before it, however many messages the air loses. The bill is then made once, of the whole story.
 */
function mayGo({ what }: Kept, waiting: readonly Kept[]): boolean {
  if (what.kind !== 'local' && what.kind !== 'power_lost') return true;
  return waiting.find((one) => TOLD_IN_ORDER.has(one.what.kind))?.what === what;
}

const said = ({ boot, seq, atMs, what }: Kept, nowMs: number): ScooterEvent => ({
  boot,
  seq,
  ageMs: Math.max(0, Math.round(nowMs - atMs)),
  ...what,
});
