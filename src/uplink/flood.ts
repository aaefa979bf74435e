// How much one scooter may say. A healthy unit says a few messages a minute, and after days without a network fifty
// kept events at once; one that goes on like a thousand a second is broken or stolen, and must not take the time
// that belongs to the others.

/** So many at once … */
export const BURST = 400;
/** … and so many a second from then on. */
export const PER_SECOND = 40;
/** Scooters remembered at once; past that everybody begins with a full bucket again. */
const MOST_REMEMBERED = 200_000;

interface Bucket { left: number; atMs: number }

export class FloodGate {
  private readonly buckets = new Map<string, Bucket>();

  /** False when this message is one too many. `nowMs` is any steady clock in real milliseconds. */
  admits(scooterId: string, nowMs: number): boolean {
    const bucket = this.buckets.get(scooterId);
    if (!bucket) {
      if (this.buckets.size >= MOST_REMEMBERED) this.buckets.clear();
      this.buckets.set(scooterId, { left: BURST - 1, atMs: nowMs });
      return true;
    }
    bucket.left = Math.min(BURST, bucket.left + ((nowMs - bucket.atMs) / 1000) * PER_SECOND);
    bucket.atMs = nowMs;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }
}
