// Switches that make the stand-in behave badly, for tests: the next calls decline, hang, break, lose
// their answer. Each is used up by the calls it was set for.
export class StandInFaults {
    /** The SDK asks again once by itself when a connection closes: plan a reset twice to be felt. */ next(fault, on = {}) {
        this.planned.push({
            fault,
            operation: on.operation ?? null,
            left: on.times ?? 1
        });
    }
    clear() {
        this.planned = [];
        this.holdWebhooks = false;
        this.webhookCopies = 1;
    }
    take(operation) {
        const found = this.planned.find((plan)=>plan.operation === null || plan.operation === operation);
        if (!found) return null;
        found.left -= 1;
        if (found.left === 0) this.planned = this.planned.filter((plan)=>plan !== found);
        return found.fault;
    }
    constructor(){
        /** Events wait here instead of leaving, until switched off. */ this.holdWebhooks = false;
        /** How often each event is posted. */ this.webhookCopies = 1;
        this.planned = [];
    }
}

//# sourceMappingURL=stand-in-faults.js.map
