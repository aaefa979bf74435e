// May a scooter we were unsure of go back to the riders? Only its own word counts: it says it is locked
// and in no ride, and nothing we once told it can still open it.
/** A scooter that answers so has already counted the command's nonce; the others it throws away unread. */ const COUNTED = new Set([
    'moving',
    'jammed',
    'not_in_ride',
    'in_ride'
]);
const fences = ({ state, refusal })=>state === 'done' || state === 'done_late' || (state === 'refused' || state === 'refused_late') && COUNTED.has(refusal);
/**
 * Whether an unlock or resume is out that we never heard of again. Expired is still unanswered: it may
 * have opened the lock. A later nonce the scooter has counted settles it, for the earlier one is dead then.
 */ export function mayStillOpen(commands) {
    const fence = Math.max(0, ...commands.filter(fences).map(({ nonce })=>nonce));
    return commands.some(({ kind, state, nonce })=>(kind === 'unlock' || kind === 'resume') && (state === 'queued' || state === 'sent' || state === 'expired') && nonce > fence);
}
export function mayTrust(facts) {
    return facts.state === 'unsure' && facts.lock === 'closed' && !facts.inRide && !mayStillOpen(facts.commands);
}

//# sourceMappingURL=trust.js.map
