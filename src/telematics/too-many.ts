// Counts per scooter and speaks up when there are too many within a time: once, and again for each as many more.

interface Count { many: number; readonly sinceMs: number }

export class TooMany {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly most: number,
    private readonly withinMs: number,
  ) {}

  /** How many there were when there are too many, else null. `nowMs` is any clock that does not jump. */
  add(id: string, many: number, nowMs: number): number | null {
    const known = this.counts.get(id);
    const count = known && nowMs - known.sinceMs < this.withinMs ? known : { many: 0, sinceMs: nowMs };
    count.many = Math.max(0, count.many + many);
    this.counts.set(id, count);
    if (count.many < this.most) return null;
    this.counts.delete(id);
    return count.many;
  }

  /** Those whose time is over need no room. */
  forget(nowMs: number): void {
    for (const [id, { sinceMs }] of this.counts) if (nowMs - sinceMs >= this.withinMs) this.counts.delete(id);
  }
}
