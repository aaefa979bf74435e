// Which tariff is in force at an instant: the one that began last. It ends when the next one begins.
/** Null when none had begun yet. The order of the list does not matter. */ export function tariffAt(tariffs, at) {
    let chosen = null;
    for (const tariff of tariffs){
        if (Date.parse(tariff.inForceFrom) > at.getTime()) continue;
        if (chosen === null || Date.parse(tariff.inForceFrom) > Date.parse(chosen.inForceFrom)) chosen = tariff;
    }
    return chosen;
}
/** A price changes for tomorrow's riders only: what begins now or before is refused. */ export const whyNotAnnounce = (inForceFrom, now)=>Date.parse(inForceFrom) > now.getTime() ? null : 'tariff_in_past';

//# sourceMappingURL=tariff-choice.js.map
