// What the people did, counted, so that a checking script can compare it with what the service says.

type Counts = Record<string, number>;

export class Tally {
  private readonly counts = new Map<string, number>();
  private readonly byCode = new Map<string, Counts>();

  add(what: string, amount = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + amount);
  }

  /** Counts a `what` apart for each code. */
  addCode(what: string, code: string): void {
    const codes = this.byCode.get(what) ?? {};
    codes[code] = (codes[code] ?? 0) + 1;
    this.byCode.set(what, codes);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** Plain data, ready for one line of JSON. */
  report(): Record<string, number | Counts> {
    return { ...Object.fromEntries(this.counts), ...Object.fromEntries(this.byCode) };
  }
}
