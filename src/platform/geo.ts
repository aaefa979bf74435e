// A place on earth (WGS 84, degrees) and how far two places are apart.
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** A position as a receiver reports it: with the radius of its error and its age. */
export interface Fix extends Position {
  readonly accuracyM: number;
  readonly ageS: number;
}

const EARTH_RADIUS_M = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance in metres (haversine). */
export function metersBetween(a: Position, b: Position): number {
  const dLat = radians(b.latitude - a.latitude);
  const dLon = radians(b.longitude - a.longitude);
  const h =
    Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Streets are longer than the straight line; 1.3 is the usual detour factor on foot in a dense city. */
export const WALKING_DETOUR = 1.3;
/** 4.8 km/h, an ordinary walking pace. */
export const WALKING_METERS_PER_MINUTE = 80;

/** The city with 50 km around it. What claims to be elsewhere is a broken receiver or swapped axes, and (0, 0) among them. */
export const CITY_BOX = { south: 48.36, north: 49.36, west: 1.54, east: 3.16 };

/** Also false for anything that is not a finite number. */
export const isNearCity = ({ latitude, longitude }: Position): boolean =>
  latitude >= CITY_BOX.south && latitude <= CITY_BOX.north && longitude >= CITY_BOX.west && longitude <= CITY_BOX.east;
