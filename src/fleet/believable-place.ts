// Is a reported place good enough to remember? Receivers err and jump; a jump that would need more
// than 45 m/s is not stored, and time heals it: the longer ago the last place, the further one may be.
import { isNearCity, metersBetween, type Fix } from '../platform/geo.js';
import type { Scooter } from './scooter.js';

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracyM: number;
  readonly positionAt: Date;
}

/** Also the fastest a van carries scooters. */
const FASTEST_METERS_PER_SECOND = 45;
const OLDEST_SECONDS = 24 * 3600;
/** More claimed error than this buys no further jump. */
const MOST_ERROR_M = 100;

export type Judged = { readonly place: Place } | { readonly suspect: 'elsewhere' | 'too_old' | 'too_fast' };

/** `now` is when the message came; the receiver's age is counted back from it, never from its clock. */
export function judgePlace(before: PlaceOf, fix: Fix, now: Date, messageAgeMs = 0): Judged {
  const { latitude, longitude, accuracyM } = fix;
  const ageMs = fix.ageS * 1000 + messageAgeMs;
  if (!isNearCity(fix) || !(accuracyM >= 0)) return { suspect: 'elsewhere' };
  if (!(ageMs >= 0 && ageMs <= OLDEST_SECONDS * 1000)) return { suspect: 'too_old' };
  const place: Place = { latitude, longitude, accuracyM, positionAt: new Date(now.getTime() - ageMs) };
  return couldHaveMoved(before, place) ? { place } : { suspect: 'too_fast' };
}

export function believablePlace(before: PlaceOf, fix: Fix, now: Date, messageAgeMs = 0): Place | null {
  const judged = judgePlace(before, fix, now, messageAgeMs);
  return 'place' in judged ? judged.place : null;
}

type PlaceOf = Pick<Scooter, 'latitude' | 'longitude' | 'accuracyM' | 'positionAt'>;

function couldHaveMoved({ latitude, longitude, accuracyM, positionAt }: PlaceOf, next: Place): boolean {
  if (latitude === null || longitude === null || positionAt === null) return true;
  const seconds = Math.max(1, (next.positionAt.getTime() - positionAt.getTime()) / 1000);
  const slackM = Math.min(MOST_ERROR_M, accuracyM ?? 0) + Math.min(MOST_ERROR_M, next.accuracyM);
  return metersBetween({ latitude, longitude }, next) - slackM <= FASTEST_METERS_PER_SECOND * seconds;
}
