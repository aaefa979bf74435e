// What is counted about single scooters between two looks of whoever watches over them: numbers that never came,
// answers nobody asked for, messages shed from a flood. Kept in memory, so that counting costs a message nothing.

export type Tallied = 'missing' | 'strange' | 'flood';
/** Every replica hears every message and sees what is missing; `toWrite` is what it is to write for all of them. */
export type Tally = Readonly<Record<Tallied | 'toWrite', number>>;

export class Tallies {
  private counts = new Map<string, Record<keyof Tally, number>>();

  /** `by` is below zero for a number that came after all. */
  count(scooterId: string, what: keyof Tally, by = 1): void {
    const tally = this.counts.get(scooterId) ?? { missing: 0, strange: 0, flood: 0, toWrite: 0 };
    tally[what] += by;
    this.counts.set(scooterId, tally);
  }

  /** All that was counted since the last time, which is forgotten here. */
  take(): ReadonlyMap<string, Tally> {
    const taken = this.counts;
    this.counts = new Map();
    return taken;
  }
}
