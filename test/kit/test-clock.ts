// A clock that runs like reality from a chosen moment and can be moved on by hand, never back.
import { Clock } from '../../src/platform/clock.js';

/** A Monday in Paris, 10:00: the service is open for thirteen more hours. */
export const MONDAY_MORNING = new Date('2026-11-23T09:00:00.000Z');

export class TestClock extends Clock {
  readonly speed = 1;
  private readonly since = performance.now();
  private movedMs = 0;

  constructor(private readonly from: Date = MONDAY_MORNING) {
    super();
  }

  now(): Date {
    return new Date(this.from.getTime() + this.movedMs + (performance.now() - this.since));
  }

  moveOn(seconds: number): void {
    if (seconds < 0) throw new Error('time does not run backwards');
    this.movedMs += seconds * 1000;
  }
}
