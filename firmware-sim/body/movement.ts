// Motion along a way through the city: speeds up gently, slows down before corners, never passes 45 km/h,
// never jumps. Long stretches of time are walked in small steps, so a fast city keeps honest physics.
import { metersBetween, placeBetween, turnDegrees, type Position } from './geo.js';

/** Class L1e-B ends at 45 km/h (Regulation (EU) 168/2013). */
export const TOP_KMH = 45;
export const TOP_MPS = TOP_KMH / 3.6;
export const ACCELERATION_MPS2 = 1.5;
export const BRAKING_MPS2 = 2;
/** A limit takes speed away this gently, half of braking: nobody behind or on top of it is surprised. */
export const EASING_MPS2 = 1;
/** No limit goes below this, whatever a map says: 125 kg cannot be balanced any slower, and a limit is no brake. */
export const SLOWEST_LIMIT_KMH = 6;
/** Without power, rolling and air slow a moped about this much. */
const COASTING_MPS2 = 0.4;
/** A rider rolls the last decimetres at this speed instead of creeping for ever. */
const CRAWL_MPS = 0.4;
/** One step of the integration, in seconds: under 3 m at top speed. */
export const STEP_SECONDS = 0.2;
/** Points closer than this are one point: a map's dots are not corners. */
const DOT_M = 2;

/** A way prepared once: where each point lies along it, and how fast it may be passed. */
export interface Route {
  readonly points: readonly Position[];
  readonly alongM: readonly number[];
  readonly passingMps: readonly number[];
  readonly lengthM: number;
  readonly cruiseMps: number;
}

export interface Motion {
  readonly route: Route;
  /** Between which points: the index of the one behind. */
  readonly behind: number;
  readonly alongM: number;
  readonly speedMps: number;
  /** What the unit allows here at most; null where it has no wish. */
  readonly limitMps: number | null;
}

/** How fast a corner is taken, by how far it turns: 30, 18 and 9 km/h. */
function cornerMps(degrees: number): number {
  if (degrees < 20) return TOP_MPS;
  if (degrees < 50) return 30 / 3.6;
  return degrees < 110 ? 5 : 2.5;
}

/** From where the scooter stands, through the given points. Null when that is no way at all. */
export function routeFrom(start: Position, waypoints: readonly Position[], cruiseKmh: number = TOP_KMH): Route | null {
  const points = [start];
  for (const point of waypoints) {
    const last = points.at(-1);
    if (last !== undefined && metersBetween(last, point) >= DOT_M) points.push(point);
  }
  if (points.length < 2) return null;

  const alongM = [0];
  for (let index = 1; index < points.length; index += 1) {
    alongM.push(at(alongM, index - 1) + metersBetween(at(points, index - 1), at(points, index)));
  }
  return {
    points,
    alongM,
    passingMps: passingSpeeds(points, alongM),
    lengthM: at(alongM, points.length - 1),
    cruiseMps: cruise(cruiseKmh),
  };
}

const cruise = (kmh: number): number => Math.min(TOP_KMH, Math.max(1, kmh)) / 3.6;

/** Read from the end: every corner's speed must leave room to brake for all that follow. */
function passingSpeeds(points: readonly Position[], alongM: readonly number[]): number[] {
  const speeds = points.map(() => 0);
  for (let index = points.length - 2; index >= 0; index -= 1) {
    const room = at(alongM, index + 1) - at(alongM, index);
    const brakeable = Math.sqrt(at(speeds, index + 1) ** 2 + 2 * BRAKING_MPS2 * room);
    const corner =
      index === 0 ? TOP_MPS : cornerMps(turnDegrees(at(points, index - 1), at(points, index), at(points, index + 1)));
    speeds[index] = Math.min(corner, brakeable);
  }
  return speeds;
}

export const setOff = (route: Route): Motion => ({ route, behind: 0, alongM: 0, speedMps: 0, limitMps: null });

export const hasArrived = (motion: Motion): boolean => motion.alongM >= motion.route.lengthM;

export function placeOf({ route, behind, alongM }: Motion): Position {
  const from = at(route.alongM, behind);
  const to = route.alongM[behind + 1];
  if (to === undefined) return at(route.points, route.points.length - 1);
  return placeBetween(at(route.points, behind), at(route.points, behind + 1), (alongM - from) / (to - from));
}

/** One small step (at most STEP_SECONDS). Without power it only rolls out. */
export function rollOn(motion: Motion, seconds: number, powered: boolean): Motion {
  const { route, alongM, speedMps, limitMps } = motion;
  const next = motion.behind + 1;
  const roomM = Math.max(0, (route.alongM[next] ?? route.lengthM) - alongM - speedMps * seconds);
  const brakeable = Math.sqrt((route.passingMps[next] ?? 0) ** 2 + 2 * BRAKING_MPS2 * roomM);
  const wished = powered ? speedMps + ACCELERATION_MPS2 * seconds : speedMps - COASTING_MPS2 * seconds;
  const crawl = powered ? Math.min(CRAWL_MPS, wished) : 0;
  const allowed = limitMps === null ? TOP_MPS : Math.max(limitMps, SLOWEST_LIMIT_KMH / 3.6, speedMps - EASING_MPS2 * seconds);
  const reached = Math.max(crawl, Math.min(wished, route.cruiseMps, brakeable, allowed));

  const movedM = alongM + ((speedMps + reached) / 2) * seconds;
  if (movedM >= route.lengthM) return { route, behind: route.points.length - 1, alongM: route.lengthM, speedMps: 0, limitMps };
  let behind = motion.behind;
  while (at(route.alongM, behind + 1) <= movedM) behind += 1;
  return { route, behind, alongM: movedM, speedMps: reached, limitMps };
}

/** An index that a route itself has counted; outside it there is a bug of ours. */
function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`A route has no point ${index}.`);
  return found;
}
