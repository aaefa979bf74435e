// The life of a command. Silence is not an end: an expired command is unknown, and only what the
// scooter itself says later (done_late, refused_late) settles it.
import { stateTable } from '../platform/state-table.js';
// `queued` takes answers too, because an answer can overtake our own note that we sent the command.
// A second answer to a settled command is not in the table, so it changes nothing.
export const commandStates = stateTable({
    queued: {
        send: 'sent',
        do: 'done',
        refuse: 'refused',
        expire: 'expired'
    },
    sent: {
        do: 'done',
        refuse: 'refused',
        expire: 'expired'
    },
    expired: {
        do: 'done_late',
        refuse: 'refused_late'
    },
    done: {},
    refused: {},
    done_late: {},
    refused_late: {}
});
export const isAnswer = (event)=>event.kind === 'command_done' || event.kind === 'command_refused';
/**
 * What an answer amounts to. "Done" counts when the lock's sensor agrees: a motor that ran against a
 * jammed bolt has locked nothing, whatever the unit believes.
 */ export function verdictOf(answer) {
    if (answer.kind === 'command_refused') return {
        step: 'refuse',
        reason: answer.reason
    };
    const { lock } = answer.sensors;
    const jammed = answer.command === 'lock' && lock === 'open' || answer.command === 'unlock' && lock === 'closed';
    return jammed ? {
        step: 'refuse',
        reason: 'jammed'
    } : {
        step: 'do'
    };
}
export const isLate = (state)=>state === 'done_late' || state === 'refused_late';

//# sourceMappingURL=command-state.js.map
