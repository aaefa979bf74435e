// What clocks and calendars in the city show at an instant, summer time and its two odd nights included.
import { Temporal } from 'temporal-polyfill';
export const CITY_ZONE = 'Europe/Paris';
const inCity = (at)=>Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(CITY_ZONE);
/** The day in the city, as YYYY-MM-DD. */ export const cityDay = (at)=>inCity(at).toPlainDate().toString();
/** What the clock on the wall shows, as HH:MM:SS and a fraction, which sorts as text. */ export const cityTime = (at)=>inCity(at).toPlainTime().toString({
        fractionalSecondDigits: 3
    });

//# sourceMappingURL=city-time.js.map
