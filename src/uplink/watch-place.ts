// Places that cannot be: outside the city, or too far from the last one for any van. The scooter's row never takes
// them in, so nobody rides, pays or drives by them; here they are counted and the last one is kept, to be looked at.
import { judgePlace } from '../fleet/believable-place.js';
import type { Watcher } from './watchers.js';

/** The word is how many in a row. Each is told, because each is counted; a place that can be ends the row. */
export const watchPlace: Watcher = {
  name: 'place',
  sees({ before, said, receivedAt }, last) {
    // No place of a ride is looked at, let alone kept (promise D1).
    if (before.state === 'taken' || said.inRide) return '';
    if (said.fix === null) return last;
    const judged = judgePlace(before, said.fix, receivedAt, said.ageMs);
    if ('place' in judged) return '';
    return judged.suspect === 'too_old' ? last : String(Number(last) + 1);
  },
  tells(word, { before, said, receivedAt }) {
    if (word === '' || said.fix === null) return null;
    const judged = judgePlace(before, said.fix, receivedAt, said.ageMs);
    if ('place' in judged || judged.suspect === 'too_old') return null;
    const at = new Date(receivedAt.getTime() - said.ageMs).toISOString();
    return { name: 'scooter.place_doubted', event: { scooterId: before.id, at, why: judged.suspect, inARow: Number(word), fix: said.fix } };
  },
};
