// Which task comes first, and why: the emptier the scooter, the longer it waits and the nearer its
// deadline, the sooner. Plain points that anyone can add up, so that a crew can be told the reason.
import { CRITICAL_RANGE_KM, LOW_RANGE_KM } from '../fleet/range.js';
const HOUR_MS = 3_600_000;
const RANGE_POINTS = 40;
/** As much as five kilometres left: an unknown range may be an empty one. */ const UNKNOWN_RANGE_POINTS = RANGE_POINTS / 2;
const WAITING_POINTS = 20;
const DUE_POINTS = 40;
const WAITS_LONG_HOURS = 12;
const WAITING_COUNTS_HOURS = 48;
const DUE_COUNTS_HOURS = 24;
const DUE_SOON_HOURS = 4;
const between = (low, value, high)=>Math.min(high, Math.max(low, value));
const isKnown = (rangeKm)=>rangeKm !== null && Number.isFinite(rangeKm);
export function taskPriority({ rangeKm, openedAt, dueAt }, now) {
    const waitedHours = Math.max(0, (now.getTime() - openedAt.getTime()) / HOUR_MS);
    const hoursLeft = (dueAt.getTime() - now.getTime()) / HOUR_MS;
    const range = isKnown(rangeKm) ? RANGE_POINTS * between(0, 1 - rangeKm / LOW_RANGE_KM, 1) : UNKNOWN_RANGE_POINTS;
    const waiting = WAITING_POINTS * between(0, waitedHours / WAITING_COUNTS_HOURS, 1);
    const due = DUE_POINTS * between(0, 1 - hoursLeft / DUE_COUNTS_HOURS, 1);
    const why = [];
    if (!isKnown(rangeKm)) why.push('range_unknown');
    else if (rangeKm <= CRITICAL_RANGE_KM) why.push('nearly_empty');
    else if (rangeKm < LOW_RANGE_KM) why.push('low_range');
    if (hoursLeft <= 0) why.push('overdue');
    else if (hoursLeft <= DUE_SOON_HOURS) why.push('due_soon');
    if (waitedHours >= WAITS_LONG_HOURS) why.push('waiting_long');
    return {
        score: Math.round((range + waiting + due) * 10) / 10,
        why
    };
}
/** Four hours for a scooter that may strand in the way of others, a day for the rest. */ export const dueInHours = (rangeKm)=>isKnown(rangeKm) && rangeKm <= CRITICAL_RANGE_KM ? 4 : 24;

//# sourceMappingURL=task-priority.js.map
