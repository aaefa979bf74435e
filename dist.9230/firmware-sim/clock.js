// The simulator's own sense of time: the city's clock, which may run faster than reality, and the real
// milliseconds by which radios retry. It must agree with the service's clock and shares no line with it.
/** What a scooter needs to know of time; the service's own `Clock` fits too, which tests make use of. */ /** Milliseconds of a timer nobody can set: for deadlines and pauses between attempts. */ export const realMs = ()=>performance.now();
/** A machine that slept, or had its clock put right, is this far off before we believe the new time. */ const BELIEVED_DRIFT_MS = 2_000;
/**
 * City time counted by the monotonic timer, as ages on the wire must be: a small step of the machine's
 * clock moves nothing. A large one (a laptop that slept) is followed, else every command would look early.
 */ export class SimulatorClock {
    constructor(setting){
        this.setting = setting;
        this.offsetMs = Date.now() - realMs();
        this.speed = setting.speed;
    }
    now() {
        const wallMs = Date.now();
        if (Math.abs(wallMs - this.offsetMs - realMs()) > BELIEVED_DRIFT_MS) this.offsetMs = wallMs - realMs();
        const { from, sinceMs, speed } = this.setting;
        return new Date(from.getTime() + (this.offsetMs + realMs() - sinceMs) * speed);
    }
}

//# sourceMappingURL=clock.js.map
