// The simulator's own sense of time: the city's clock, which may run faster than reality, and the real
// milliseconds by which radios retry. It must agree with the service's clock and shares no line with it.

/** What a scooter needs to know of time; the service's own `Clock` fits too, which tests make use of. */
export interface CityTime {
  readonly speed: number;
  now(): Date;
}

/** Where the city's clock stood (`from`) when reality stood at `sinceMs`, and how fast it runs. */
export interface CityTimeSetting {
  readonly from: Date;
  readonly sinceMs: number;
  readonly speed: number;
}

/** Milliseconds of a timer nobody can set: for deadlines and pauses between attempts. */
export const realMs = (): number => performance.now();

/** A machine that slept, or had its clock put right, is this far off before we believe the new time. */
const BELIEVED_DRIFT_MS = 2_000;

/**
 * City time counted by the monotonic timer, as ages on the wire must be: a small step of the machine's
 * clock moves nothing. A large one (a laptop that slept) is followed, else every command would look early.
 */
export class SimulatorClock implements CityTime {
  readonly speed: number;
  private offsetMs = Date.now() - realMs();

  constructor(private readonly setting: CityTimeSetting) {
    this.speed = setting.speed;
  }

  now(): Date {
    const wallMs = Date.now();
    if (Math.abs(wallMs - this.offsetMs - realMs()) > BELIEVED_DRIFT_MS) this.offsetMs = wallMs - realMs();
    const { from, sinceMs, speed } = this.setting;
    return new Date(from.getTime() + (this.offsetMs + realMs() - sinceMs) * speed);
  }
}
