// The life of a task. A crew claims, telemetry proves, and only both together put a scooter back on the
// street; a swap done outside the flow is believed without a claim, because telemetry is the truth.
import { stateTable } from '../platform/state-table.js';
const table = stateTable({
    created: {
        assign: 'assigned',
        prove: 'verified',
        cancel: 'cancelled'
    },
    assigned: {
        arrive: 'in_progress',
        release: 'created',
        prove: 'verified',
        cancel: 'cancelled'
    },
    in_progress: {
        report: 'resolved',
        prove: 'proved',
        release: 'created',
        cancel: 'cancelled'
    },
    resolved: {
        prove: 'verified',
        contradict: 'proved',
        report: 'resolved',
        cancel: 'cancelled'
    },
    proved: {
        report: 'verified',
        contradict: 'proved',
        prove: 'proved',
        cancel: 'cancelled'
    },
    verified: {},
    cancelled: {}
});
export const { steps: taskSteps, after, mustStep } = table;
/** Not over yet; the unique index of the tasks counts the same ones. */ export const OPEN_TASK_STATES = [
    'created',
    'assigned',
    'in_progress',
    'resolved',
    'proved'
];
/** The crew has been at the scooter, so riders must not see it. */ export const IN_HAND_STATES = [
    'in_progress',
    'resolved',
    'proved'
];
/** Still a stop to drive to, or to finish. */ export const LISTED_STATES = [
    'assigned',
    'in_progress',
    'resolved',
    'proved'
];

//# sourceMappingURL=task-state.js.map
