// A refusal is an expected no, told to the caller. Bugs throw InvariantBroken instead.
export class Refusal extends Error {
    constructor(code, details = {}){
        super(code), this.code = code, this.details = details;
    }
}
export function refuseIf(reason, details) {
    if (reason !== null) throw new Refusal(reason, details);
}
/** The value, or a refusal when there is none: for rows named by ids from outside. */ export function orRefuse(value, code, details) {
    if (value === null || value === undefined) throw new Refusal(code, details);
    return value;
}

//# sourceMappingURL=refusal.js.map
