// How long a rider rode and how long they paused, out of the steps that were taken.
import { invariant } from '../platform/assert.js';
/**
 * Elapsed time, never wall clock: the night summer time ends, an hour is lived twice and paid twice.
 * Nothing counts before the first start, after the end, or after `until`. A step that claims to be
 * older than the one before it (a scooter's clock may jump) takes no time; it never gives time back.
 */ export function stretches(steps, until) {
    const last = until.getTime();
    invariant(Number.isFinite(last), 'time is counted up to a real instant');
    let ridingMs = 0;
    let pausedMs = 0;
    let doing = 'nothing';
    let since = 0;
    const count = (to)=>{
        const passed = Math.max(0, Math.min(to, last) - since);
        if (doing === 'riding') ridingMs += passed;
        if (doing === 'pausing') pausedMs += passed;
        since = Math.max(since, to);
    };
    for (const { step, at } of steps){
        invariant(Number.isFinite(at.getTime()), 'a step is taken at a real instant');
        count(at.getTime());
        if (step === 'ended') return {
            ridingMs,
            pausedMs
        };
        doing = step === 'paused' ? 'pausing' : 'riding';
    }
    count(last);
    return {
        ridingMs,
        pausedMs
    };
}

//# sourceMappingURL=timeline.js.map
