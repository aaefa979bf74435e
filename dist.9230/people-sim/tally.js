// What the people did, counted, so that a checking script can compare it with what the service says.
export class Tally {
    add(what, amount = 1) {
        this.counts.set(what, (this.counts.get(what) ?? 0) + amount);
    }
    /** Counts a `what` apart for each code. */ addCode(what, code) {
        const codes = this.byCode.get(what) ?? {};
        codes[code] = (codes[code] ?? 0) + 1;
        this.byCode.set(what, codes);
    }
    of(what) {
        return this.counts.get(what) ?? 0;
    }
    /** Plain data, ready for one line of JSON. */ report() {
        return {
            ...Object.fromEntries(this.counts),
            ...Object.fromEntries(this.byCode)
        };
    }
    constructor(){
        this.counts = new Map();
        this.byCode = new Map();
    }
}

//# sourceMappingURL=tally.js.map
