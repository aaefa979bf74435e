// Counts what scooters said and we never heard. Telemetry and events share one number line per boot, so a
// jump in it is a loss, unless the missing message comes after all (events are sent again until receipted).
/**
 * `missed` says how many numbers this message jumped over; `newest` is what to remember. The first message
 * we hear of a scooter after our own start proves nothing about what came before it.
 */ export function follow(newest, said) {
    if (!newest) return {
        newest: said,
        kind: 'next',
        missed: 0
    };
    if (said.boot < newest.boot || said.boot === newest.boot && said.seq <= newest.seq) return {
        newest,
        kind: 'filled',
        missed: 0
    };
    const missed = said.boot === newest.boot ? said.seq - newest.seq - 1 : said.seq - 1;
    return {
        newest: {
            boot: said.boot,
            seq: said.seq
        },
        kind: missed > 0 ? 'gap' : 'next',
        missed
    };
}
export const isNewer = (a, b)=>a.boot > b.boot || a.boot === b.boot && a.seq > b.seq;

//# sourceMappingURL=sequence.js.map
