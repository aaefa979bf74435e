// A life story as data: state → step → next state. A step that is not in the table does not happen.
import { Refusal } from './refusal.js';
export function stateTable(steps) {
    const after = (state, step)=>steps[state][step] ?? null;
    /** The next state, or the refusal `step_not_allowed` that names both. */ const mustStep = (state, step)=>{
        const next = after(state, step);
        if (next === null) throw new Refusal('step_not_allowed', {
            state,
            step
        });
        return next;
    };
    return {
        steps,
        after,
        mustStep
    };
}

//# sourceMappingURL=state-table.js.map
