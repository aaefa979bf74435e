// When and where people want to ride: how many rides begin in a minute of the city's day, from which
// corner of the city, and to which. Pure and seeded; it knows no scooter and no rider.
import { diceOf } from './dice.js';
import { METERS_PER_DEGREE_OF_LATITUDE } from './place.js';
/** Nobody starts before seven or in the last quarter of an hour before closing. */ export const OPENS_AT_MINUTE = 7 * 60;
export const LAST_START_MINUTE = 22 * 60 + 45;
/** Weight of the hour that begins at this hour: a morning wave, a lunch ripple, a longer evening wave. */ const HOURS = {
    7: 0.7,
    8: 1.6,
    9: 1.5,
    10: 0.8,
    11: 0.8,
    12: 1.1,
    13: 1.1,
    14: 0.9,
    15: 0.9,
    16: 1.1,
    17: 1.6,
    18: 1.9,
    19: 1.6,
    20: 1.1,
    21: 0.8,
    22: 0.6
};
/** Linear between the middles of the hours, so that demand has no steps. */ function weightAt(minute) {
    if (minute < OPENS_AT_MINUTE || minute >= LAST_START_MINUTE) return 0;
    const hours = minute / 60 - 0.5;
    const before = Math.floor(hours);
    const low = HOURS[before] ?? HOURS[before + 1] ?? 0;
    const high = HOURS[before + 1] ?? low;
    return low + (high - low) * (hours - before);
}
const WEIGHT_OF_DAY = Array.from({
    length: 1440
}, (_, minute)=>weightAt(minute)).reduce((sum, one)=>sum + one, 0);
/** How many rides are expected to begin in this minute (0 to 1439, local time) of a day with so many rides. */ export const expectedRides = (minute, ridesPerDay)=>ridesPerDay * weightAt(minute) / WEIGHT_OF_DAY;
/** How many do. The same seed, day and minute always give the same number, also after a restart. */ export function ridesInMinute(when, ridesPerDay) {
    return poisson(expectedRides(when.minute, ridesPerDay), diceOf(when.seed, when.day, when.minute));
}
/** Knuth's way; our means are a few rides a minute, far below where it would underflow. */ function poisson(mean, dice) {
    if (mean <= 0) return 0;
    const floor = Math.exp(-Math.min(mean, 500));
    let product = dice.next();
    let count = 0;
    while(product > floor){
        product *= dice.next();
        count += 1;
    }
    return count;
}
const QUARTERS = [
    {
        latitude: 48.8606,
        longitude: 2.3466,
        spreadM: 700,
        work: 10,
        home: 4
    },
    {
        latitude: 48.8722,
        longitude: 2.332,
        spreadM: 700,
        work: 10,
        home: 3
    },
    {
        latitude: 48.8758,
        longitude: 2.3255,
        spreadM: 500,
        work: 7,
        home: 3
    },
    {
        latitude: 48.8698,
        longitude: 2.3078,
        spreadM: 600,
        work: 8,
        home: 2
    },
    {
        latitude: 48.8532,
        longitude: 2.3692,
        spreadM: 700,
        work: 7,
        home: 6
    },
    {
        latitude: 48.8675,
        longitude: 2.3638,
        spreadM: 600,
        work: 6,
        home: 6
    },
    {
        latitude: 48.8527,
        longitude: 2.3387,
        spreadM: 600,
        work: 6,
        home: 4
    },
    {
        latitude: 48.8421,
        longitude: 2.3219,
        spreadM: 700,
        work: 6,
        home: 5
    },
    {
        latitude: 48.8443,
        longitude: 2.3736,
        spreadM: 500,
        work: 5,
        home: 4
    },
    {
        latitude: 48.8846,
        longitude: 2.2686,
        spreadM: 700,
        work: 5,
        home: 4
    },
    {
        latitude: 48.8835,
        longitude: 2.3219,
        spreadM: 800,
        work: 3,
        home: 7
    },
    {
        latitude: 48.8867,
        longitude: 2.3431,
        spreadM: 700,
        work: 3,
        home: 6
    },
    {
        latitude: 48.8721,
        longitude: 2.3845,
        spreadM: 900,
        work: 2,
        home: 7
    },
    {
        latitude: 48.8484,
        longitude: 2.3959,
        spreadM: 700,
        work: 2,
        home: 6
    },
    {
        latitude: 48.8313,
        longitude: 2.3556,
        spreadM: 800,
        work: 3,
        home: 6
    },
    {
        latitude: 48.8396,
        longitude: 2.2975,
        spreadM: 900,
        work: 3,
        home: 8
    },
    {
        latitude: 48.8549,
        longitude: 2.2697,
        spreadM: 900,
        work: 3,
        home: 6
    },
    {
        latitude: 48.8283,
        longitude: 2.3266,
        spreadM: 700,
        work: 2,
        home: 5
    },
    {
        latitude: 48.8843,
        longitude: 2.3698,
        spreadM: 700,
        work: 3,
        home: 4
    }
];
/** One in so many comes from, or goes to, a place off the map of quarters: anywhere around one. */ const ASTRAY = 0.15;
/** Somewhere a ride begins: near homes in the morning, near work and evenings out later. */ export const originAt = (minute, dice)=>placeNear(minute < 12 * 60 ? 'home' : 'work', dice);
/** Somewhere it leads: the other way round. */ export const destinationAt = (minute, dice)=>placeNear(minute < 12 * 60 ? 'work' : 'home', dice);
function placeNear(draw, dice) {
    const total = QUARTERS.reduce((sum, quarter)=>sum + quarter[draw], 0);
    let left = dice.next() * total;
    const quarter = QUARTERS.find((one)=>(left -= one[draw]) < 0) ?? QUARTERS[0];
    if (!quarter) throw new Error('a city without quarters');
    const spreadM = dice.chance(ASTRAY) ? quarter.spreadM * 3 : quarter.spreadM;
    const narrowing = Math.cos(quarter.latitude * Math.PI / 180);
    return {
        latitude: quarter.latitude + dice.normal() * spreadM / METERS_PER_DEGREE_OF_LATITUDE,
        longitude: quarter.longitude + dice.normal() * spreadM / (METERS_PER_DEGREE_OF_LATITUDE * narrowing)
    };
}

//# sourceMappingURL=demand.js.map
