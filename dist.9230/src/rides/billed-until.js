// Where the bill stops. At the scooter's own lock; but when its word of the lock comes long after the
// rider asked, the asking counts: a lost network is not the rider's time.
/** The lock follows the wish within this, or the wish itself ends the bill. */ export const LOCK_FOLLOWS_SECONDS = 15;
export function billedUntil(facts) {
    const locked = facts.lockedAt.getTime();
    const asked = facts.endAskedAt?.getTime() ?? Infinity;
    const until = locked - asked > LOCK_FOLLOWS_SECONDS * 1000 ? asked : locked;
    return new Date(Math.max(until, facts.startedAt.getTime()));
}

//# sourceMappingURL=billed-until.js.map
