// What a unit's instruments tell it, right or wrong: its satellite receiver and its own wall clock. Whether
// they err is decided once per unit, by its luck.
import { type Fix } from '../../src/telematics/wire.js';
import { type Chance } from '../body/chance.js';
import { ownClockMs, readFix, type Faults } from '../body/faults.js';
import { type Position } from '../body/geo.js';

/** Where somebody has set the unit's own clock to: off by so much, or started at an instant. Null leaves it to its luck. */
export type ClockSet = { readonly byMs: number } | { readonly atMs: number } | null;

export class Senses {
  private wrongByMs: number | null = null;
  private readonly gpsLuck: number;
  private readonly clockLuck: number;

  constructor(
    private readonly chance: Chance,
    private readonly faults: () => Faults,
  ) {
    this.gpsLuck = chance.next();
    this.clockLuck = chance.next();
  }

  fix(place: Position): Fix {
    return readFix(place, this.chance, this.gpsLuck < (this.faults().drifting_gps ?? 0));
  }

  setClock(to: ClockSet, nowMs: number): void {
    if (to === null) this.wrongByMs = null;
    else this.wrongByMs = 'byMs' in to ? to.byMs : to.atMs - nowMs;
  }

  ownClockMs(nowMs: number): number {
    if (this.wrongByMs !== null) return nowMs + this.wrongByMs;
    return ownClockMs(nowMs, this.clockLuck, this.faults().wrong_clock ?? 0);
  }
}
