// Which crew takes which task. First it is decided what can be done at all (highest priority first, packs
// and room in the vans), then the shortest way to share that out (Hungarian method, so no swap of two
// tasks between crews would shorten it). Plain data in, plain data out: another choice can take its place.
import { munkres } from 'munkres';
import { metersBetween } from '../platform/geo.js';
/** A longer list would be out of date before its end is reached. */ export const LONGEST_LIST = 12;
/** A list may be this much longer than an even share: a short way is worth more than equal lists. */ const UNEVEN_BY = 2;
/** No place in a city is this far away. It stands for never and stays finite, so that sums stay exact. */ const NEVER_M = 1e9;
export function dispatchChoice(tasks, crews) {
    const slots = slotsOf([
        ...crews
    ].sort(byId), tasks.length);
    const chosen = chooseTasks(tasks, slots);
    if (chosen.length === 0) return [];
    const costs = chosen.map((task)=>slots.map((slot)=>cost(task, slot)));
    return munkres(costs).flatMap(([row, column])=>{
        const task = chosen[row];
        const slot = slots[column];
        return task && slot ? [
            {
                taskId: task.id,
                crewId: slot.crew.id
            }
        ] : [];
    });
}
/** One slot for each task a crew may still take; only those backed by a pack can hold a swap. */ function slotsOf(crews, newTasks) {
    const allTasks = crews.reduce((sum, crew)=>sum + crew.listed, newTasks);
    const evenShare = Math.ceil(allTasks / Math.max(1, crews.length));
    const longest = Math.min(LONGEST_LIST, evenShare + UNEVEN_BY);
    return crews.flatMap((crew)=>Array.from({
            length: Math.max(0, longest - crew.listed)
        }, (_, at)=>({
                crew,
                hasPack: at < crew.packsLeft
            })));
}
function chooseTasks(tasks, slots) {
    let packs = slots.filter((slot)=>slot.hasPack).length;
    let room = slots.length;
    const byPriority = [
        ...tasks
    ].sort((a, b)=>b.score - a.score || byId(a, b));
    const chosen = byPriority.filter(({ kind })=>{
        if (room === 0 || kind === 'swap' && packs === 0) return false;
        room -= 1;
        if (kind === 'swap') packs -= 1;
        return true;
    });
    return chosen.sort(byId);
}
/** Whole metres, so that two equal ways are equal and the answer does not hang on the last bit. */ function cost(task, slot) {
    if (task.kind === 'swap' && !slot.hasPack) return NEVER_M;
    return Math.round(Math.min(...slot.crew.places.map((place)=>metersBetween(place, task.position))));
}
function byId(a, b) {
    if (a.id === b.id) return 0;
    return a.id < b.id ? -1 : 1;
}

//# sourceMappingURL=dispatch-choice.js.map
