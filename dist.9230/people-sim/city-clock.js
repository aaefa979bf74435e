// What time it is in the city, and waiting: in the city's time for what people do, in real time for
// what wires do. The formula is the one the service documents: from + (reality − since) × speed.
import { setTimeout as pause } from 'node:timers/promises';
export class CityClock {
    constructor(setting, /** Fires when the simulation stops: every wait then ends at once, by throwing. */ stopped){
        this.setting = setting;
        this.stopped = stopped;
        this.speed = setting.speed;
    }
    now() {
        return new Date(this.setting.from.getTime() + (Date.now() - this.setting.since) * this.setting.speed);
    }
    /** Waits so many seconds of the city's time. */ async sleep(seconds) {
        await this.sleepReal(seconds * 1000 / this.speed);
    }
    async sleepReal(milliseconds) {
        await pause(Math.max(0, milliseconds), undefined, {
            signal: this.stopped
        });
    }
    /** An interval for asking again: so many city seconds, but never faster or slower than wires bear. */ async sleepBetween(seconds, leastRealMs, mostRealMs) {
        await this.sleepReal(Math.min(mostRealMs, Math.max(leastRealMs, seconds * 1000 / this.speed)));
    }
}
const wall = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/Paris',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit'
});
/** The day and the minute (0 to 1439) that clocks in Paris show. */ export function wallClock(at) {
    const part = Object.fromEntries(wall.formatToParts(at).map(({ type, value })=>[
            type,
            value
        ]));
    return {
        day: `${part['year']}-${part['month']}-${part['day']}`,
        minute: Number(part['hour']) * 60 + Number(part['minute'])
    };
}
/** The end of the `days`-th service day from `at` on, with half an hour for the last riders to arrive. */ export function endOfService(at, days) {
    const { minute } = wallClock(at);
    const closes = 23 * 60 + 30;
    const minutes = (minute < closes ? closes - minute : closes - minute + 1440) + (days - 1) * 1440;
    return new Date(at.getTime() + minutes * 60_000);
}

//# sourceMappingURL=city-clock.js.map
