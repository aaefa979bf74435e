// In which order a crew visits its stops: a route built stop by stop from where the crew is, each one put
// where it costs least. What it costs is the way itself, plus the time urgent scooters wait for their turn.
import { metersBetween, type Position } from '../platform/geo.js';
import type { TaskId } from '../platform/ids.js';

export interface Stop {
  readonly id: TaskId;
  /** Null when nobody knows where the scooter is; such a stop comes last. */
  readonly position: Position | null;
  readonly score: number;
  /** The crew stands there already. */
  readonly started: boolean;
}

type PlacedStop = Stop & { readonly position: Position };

/** At this score a metre of delay is worth a metre of detour. */
const FULL_WEIGHT_SCORE = 100;
/** Urgency below this is what every task has; it must not bend the route. */
const EVERYDAY_SCORE = 30;

export function crewOrder(from: Position, stops: readonly Stop[]): TaskId[] {
  const byUrgency = [...stops].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const started = byUrgency.filter((stop) => stop.started);
  const lost = byUrgency.filter((stop) => !stop.started && stop.position === null);
  const begin = started.findLast((stop) => stop.position !== null)?.position ?? from;
  const toDrive = byUrgency.filter((stop) => !stop.started).filter(hasPlace);
  const built = toDrive.reduce((route: readonly PlacedStop[], stop) => withStop(begin, route, stop), []);
  // Building stop by stop can be led astray; then going by urgency alone is the better answer.
  const route = routeCost(begin, built) <= routeCost(begin, toDrive) ? built : toDrive;
  return [...started, ...route, ...lost].map(({ id }) => id);
}

/** The route with one more stop, at the cheapest place in it; of equal ones the earliest. */
function withStop(from: Position, route: readonly PlacedStop[], stop: PlacedStop): PlacedStop[] {
  let best = [...route, stop];
  let bestCost = Number.POSITIVE_INFINITY;
  for (let at = 0; at <= route.length; at++) {
    const tried = [...route.slice(0, at), stop, ...route.slice(at)];
    const cost = routeCost(from, tried);
    if (cost < bestCost) [best, bestCost] = [tried, cost];
  }
  return best;
}

export function routeCost(from: Position, route: readonly Pick<PlacedStop, 'score' | 'position'>[]): number {
  let here = from;
  let drivenM = 0;
  let waitedM = 0;
  for (const { position, score } of route) {
    drivenM += metersBetween(here, position);
    waitedM += (drivenM * Math.max(0, score - EVERYDAY_SCORE)) / FULL_WEIGHT_SCORE;
    here = position;
  }
  return drivenM + waitedM;
}

function hasPlace(stop: Stop): stop is PlacedStop {
  return stop.position !== null;
}
