// Just enough geometry to move through a city: how far, how far along, and which way a street turns.
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

const EARTH_RADIUS_M = 6_371_008.8;
const METERS_PER_DEGREE = (EARTH_RADIUS_M * Math.PI) / 180;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The step from a to b in metres east and north; exact enough below a few kilometres. */
export function stepBetween(a: Position, b: Position): { eastM: number; northM: number } {
  const middle = radians((a.latitude + b.latitude) / 2);
  return {
    eastM: (b.longitude - a.longitude) * METERS_PER_DEGREE * Math.cos(middle),
    northM: (b.latitude - a.latitude) * METERS_PER_DEGREE,
  };
}

export function metersBetween(a: Position, b: Position): number {
  const { eastM, northM } = stepBetween(a, b);
  return Math.hypot(eastM, northM);
}

/** The place `share` (0 to 1) of the way from a to b. */
export function placeBetween(a: Position, b: Position, share: number): Position {
  return {
    latitude: a.latitude + (b.latitude - a.latitude) * share,
    longitude: a.longitude + (b.longitude - a.longitude) * share,
  };
}

/** The place some metres east and north of here. */
export function placeBeside(here: Position, eastM: number, northM: number): Position {
  return {
    latitude: here.latitude + northM / METERS_PER_DEGREE,
    longitude: here.longitude + eastM / (METERS_PER_DEGREE * Math.cos(radians(here.latitude))),
  };
}

/** By how many degrees (0 to 180) the way a → b → c turns at b. */
export function turnDegrees(a: Position, b: Position, c: Position): number {
  const into = stepBetween(a, b);
  const out = stepBetween(b, c);
  const lengths = Math.hypot(into.eastM, into.northM) * Math.hypot(out.eastM, out.northM);
  if (lengths === 0) return 0;
  const cosine = (into.eastM * out.eastM + into.northM * out.northM) / lengths;
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
}
