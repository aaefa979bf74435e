// When the city rides: 07:00 to 23:00 on the clocks of Paris, and no start in the last quarter of an
// hour. A ride under way may always finish.
import { CITY_ZONE, cityTime } from '../platform/city-time.js';
export const OPENING_HOURS = {
    timezone: CITY_ZONE,
    opens: '07:00',
    closes: '23:00',
    lastStart: '22:45'
};
/** Open from the first instant of 07:00 until the last before 23:00. Times written HH:MM sort as text. */ export const isOpen = (at)=>isBetween(at, OPENING_HOURS.opens, OPENING_HOURS.closes);
/** A ride that starts at 22:45 would have to end in a hurry: the last one starts before. */ export const mayStart = (at)=>isBetween(at, OPENING_HOURS.opens, OPENING_HOURS.lastStart);
function isBetween(at, from, until) {
    const now = cityTime(at);
    return now >= from && now < until;
}

//# sourceMappingURL=opening-hours.js.map
