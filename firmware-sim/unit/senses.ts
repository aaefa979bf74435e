// What a unit's instruments tell it, right or wrong: its satellite receiver and its own wall clock. Whether
// they err is decided once per unit, by its luck.
import { type Fix } from '../../src/telematics/wire.js';
import { type Chance } from '../body/chance.js';
import { ownClockMs, readFix, type Faults } from '../body/faults.js';
import { type Position } from '../body/geo.js';

export class Senses {
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

  ownClockMs(nowMs: number): number {
    return ownClockMs(nowMs, this.clockLuck, this.faults().wrong_clock ?? 0);
  }
}
