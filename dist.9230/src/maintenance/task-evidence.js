// What a crew says against what the scooter says. They are compared when the later of the two arrives; if
// they differ the task stays open, with the reason, until the report is given again or the pack is changed.
/** Null when both tell of the same packs. Nothing reported or nothing proved is no contradiction. */ export function contradiction(report, proof) {
    if (report === null || proof?.kind !== 'swap') return null;
    if (report.serialIn !== proof.serialAfter) {
        return `reported pack ${report.serialIn} in, but the scooter runs on ${proof.serialAfter}`;
    }
    if (report.serialOut !== proof.serialBefore) {
        return `reported pack ${report.serialOut} out, but the scooter ran on ${proof.serialBefore}`;
    }
    return null;
}
/** Two swaps in one visit (a wrong pack, then the right one) count as one, from the first pack to the last. */ export function joinProofs(earlier, later) {
    if (earlier?.kind !== 'swap' || later.kind !== 'swap') return later;
    return {
        ...later,
        serialBefore: earlier.serialBefore,
        chargeGained: earlier.chargeGained + later.chargeGained
    };
}
const reportOf = ({ serialOut, serialIn })=>serialOut !== null && serialIn !== null ? {
        serialOut,
        serialIn
    } : null;
export function stepOnProof(task, proof) {
    if (task.kind === 'inspect') return {
        step: 'prove',
        note: task.note
    };
    const report = reportOf(task);
    const note = contradiction(report, proof);
    if (note !== null) return {
        step: 'contradict',
        note
    };
    // The pack was changed after a contradicted report, and now the report is right.
    if (task.state === 'proved' && report !== null) return {
        step: 'report',
        note: null
    };
    return {
        step: 'prove',
        note: null
    };
}
export function stepOnReport(task, report) {
    const note = contradiction(report, task.proof);
    return {
        step: note === null ? 'report' : 'contradict',
        note
    };
}

//# sourceMappingURL=task-evidence.js.map
