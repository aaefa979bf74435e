// Chance that can be repeated: the same seed gives the same city, so a day that went wrong can be lived again.
/** mulberry32: small, fast, and good enough for a simulated crowd; never for a secret. */ export function diceOf(...seeds) {
    let state = hashOf(seeds.join('/'));
    const next = ()=>{
        state = state + 0x6d2b79f5 | 0;
        let t = Math.imul(state ^ state >>> 15, 1 | state);
        t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
        return ((t ^ t >>> 14) >>> 0) / 4_294_967_296;
    };
    return {
        next,
        whole: (least, most)=>least + Math.floor(next() * (most - least + 1)),
        chance: (share)=>next() < share,
        pick: (from)=>from[Math.floor(next() * from.length)] ?? from[0],
        normal: ()=>Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
    };
}
/** FNV-1a, then mixed once more, because neighbouring seeds must not begin with neighbouring throws. */ function hashOf(text) {
    let hash = 0x811c9dc5;
    for(let i = 0; i < text.length; i++)hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
    return hash ^ hash >>> 13;
}

//# sourceMappingURL=dice.js.map
