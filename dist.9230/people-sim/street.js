// What a person does with hands and feet beside a scooter: look, ride, park, swap a pack. This is the
// physical door of the simulated fleet; the service never sees it.
import { Beside, Nothing } from './answers.js';
import { metersApart } from './place.js';
import { lengthM } from './route.js';
/** What one usually gets through a city with, lights included: 25 km/h. */ const METERS_PER_SECOND = 7;
const THERE_M = 40;
/** Standing this long is not a red light any more. */ const STUCK_SECONDS = 180;
const STUCK_LOOKS = 4;
export class Street {
    constructor(door, clock){
        this.door = door;
        this.clock = clock;
    }
    look(scooterId) {
        return this.door.ask({
            path: `/scooters/${scooterId}`,
            answer: Beside
        });
    }
    /** Rides the whole way, and says whether it got there. */ async ride(scooterId, route) {
        const goal = route.at(-1);
        if (!goal || route.length < 2) return true;
        await this.tell(scooterId, 'ride', {
            waypoints: route
        });
        await this.clock.sleep(lengthM(route) / METERS_PER_SECOND);
        let last = null;
        for(;;){
            const { position, speedKmh } = await this.look(scooterId);
            if (speedKmh === 0 && metersApart(position, goal) < THERE_M) return true;
            const moved = speedKmh > 0 || last === null || metersApart(position, last.place) > 5;
            last = moved || last === null ? {
                place: position,
                since: this.clock.now(),
                looks: 0
            } : {
                ...last,
                looks: last.looks + 1
            };
            const stoodMs = this.clock.now().getTime() - last.since.getTime();
            if (last.looks >= STUCK_LOOKS && stoodMs > STUCK_SECONDS * 1000) return false;
            await this.clock.sleepBetween(20, 400, 5000);
        }
    }
    /** Ignition off, stand down, helmet in, case closed. */ async park(scooterId) {
        await this.tell(scooterId, 'park', {});
    }
    async put(scooterId, thing, state) {
        await this.tell(scooterId, 'put', {
            thing,
            state
        });
    }
    /** Only into an open bay; the bay is closed again afterwards. */ async swap(scooterId, pack) {
        await this.tell(scooterId, 'swap', pack);
    }
    async tell(scooterId, what, body) {
        await this.door.ask({
            method: 'POST',
            path: `/scooters/${scooterId}/${what}`,
            body,
            answer: Nothing
        });
    }
}

//# sourceMappingURL=street.js.map
