// Chance that can be repeated: the same seed gives the same city, so a trouble once seen can be seen again.

/** mulberry32: 32 bits of state, good enough for a simulation and the same on every machine. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A generator of its own for each name, so that one scooter's luck never depends on another's. */
  static of(seed: number, name: string): Chance {
    let hash = 2_166_136_261 ^ seed;
    for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 16_777_619);
    return new Chance(hash);
  }

  /** From 0 up to, but never, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  happens(rate: number): boolean {
    return rate > 0 && this.next() < rate;
  }

  /** Errors of a receiver: normally spread around zero (Box and Muller). */
  normal(sigma: number): number {
    return sigma * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}
