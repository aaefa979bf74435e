// An invariant is a promise of our own code. When it breaks, stop: a crash is cheaper than a wrong bill.
export class InvariantBroken extends Error {
}
export function invariant(holds, promise) {
    if (!holds) throw new InvariantBroken(promise);
}

//# sourceMappingURL=assert.js.map
