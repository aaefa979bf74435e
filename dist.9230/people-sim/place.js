// A place in the city and how far two places are apart, as a phone would reckon it.
export const METERS_PER_DEGREE_OF_LATITUDE = 111_195;
/** Flat-earth distance: within one city the error is below a thousandth. */ export function metersApart(a, b) {
    const north = (a.latitude - b.latitude) * METERS_PER_DEGREE_OF_LATITUDE;
    const middle = (a.latitude + b.latitude) / 2 * (Math.PI / 180);
    const east = (a.longitude - b.longitude) * METERS_PER_DEGREE_OF_LATITUDE * Math.cos(middle);
    return Math.hypot(north, east);
}

//# sourceMappingURL=place.js.map
