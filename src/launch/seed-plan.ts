// What a first city is made of, drawn by dice that fall the same way for the same seed. Secrets are
// never drawn here: whoever knows the seed would know them.
import { createHash } from 'node:crypto';
import type { Position } from '../platform/geo.js';

/** Numbers from 0 up to 1, always the same ones for the same word (mulberry32 over SHA-256 of the word). */
export function diceFor(word: string): () => number {
  let state = createHash('sha256').update(word).digest().readUInt32BE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** French plates since 2009 (SIV): AB-123-CD without I, O, U, which are mistaken for other signs. */
const PLATE_LETTERS = 'ABCDEFGHJKLMNPQRSTVWXYZ';

export function plateOf(number: number): string {
  const letter = (place: number): string =>
    PLATE_LETTERS.charAt(Math.floor(number / 999 / PLATE_LETTERS.length ** place) % PLATE_LETTERS.length);
  return `R${letter(2)}-${String((number % 999) + 1).padStart(3, '0')}-${letter(1)}${letter(0)}`;
}

/** Weights and values of ISO 3779 and 49 CFR 565.15: the ninth sign checks the others. */
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const VIN_VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  ['AJ', 'BKS', 'CLT', 'DMU', 'ENV', 'FW', 'GPX', 'HY', 'RZ'].flatMap((signs, index) =>
    Array.from(signs, (sign) => [sign, index + 1]),
  ),
);

export function vinOf(number: number): string {
  // VF: made in France. T: model year 2026.
  const draft = `VF9L1E45_TP${String(number + 1).padStart(6, '0')}`;
  const sum = Array.from(draft).reduce(
    (total, sign, place) =>
      total + (VIN_VALUES[sign] ?? (/\d/.test(sign) ? Number(sign) : 0)) * (VIN_WEIGHTS[place] ?? 0),
    0,
  );
  return draft.replace('_', sum % 11 === 10 ? 'X' : String(sum % 11));
}

/** Paris and Neuilly lie within; only what `isFree` allows is taken. */
const AROUND_THE_CITY = { south: 48.812, north: 48.906, west: 2.22, east: 2.42 } as const;
/** The service area fills half of the box, so a place is found long before. */
const MOST_THROWS = 2000;

export function freePlace(dice: () => number, isFree: (place: Position) => boolean): Position | null {
  const { south, north, west, east } = AROUND_THE_CITY;
  for (let tries = 0; tries < MOST_THROWS; tries++) {
    const place = {
      latitude: rounded(south + dice() * (north - south)),
      longitude: rounded(west + dice() * (east - west)),
    };
    if (isFree(place)) return place;
  }
  return null;
}

/** A tenth of a metre. */
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

export interface ScooterPlan {
  readonly plate: string;
  readonly vin: string;
  readonly batterySerial: string;
  readonly chargePercent: number;
  readonly odometerM: number;
  readonly place: Position;
}

/** The `number`-th scooter of the city; growing the fleet later changes none that is there. */
export function planScooter(seed: number, number: number, isFree: (place: Position) => boolean): ScooterPlan {
  const dice = diceFor(`${String(seed)}: scooter ${String(number)}`);
  const place = freePlace(dice, isFree);
  if (place === null) throw new Error('The zones leave no free place for a scooter.');
  return {
    plate: plateOf(number),
    vin: vinOf(number),
    batterySerial: `RL-F${String(number + 1).padStart(6, '0')}`,
    chargePercent: Math.round(35 + dice() * 65),
    odometerM: Math.round(500_000 + dice() * 11_500_000),
    place,
  };
}

/** Where vans come home to: five depots, one for each side of the city and one in the middle. */
export const CREWS: readonly { readonly name: string; readonly login: string; readonly hub: Position }[] = [
  { name: 'Bastille', login: 'crew-bastille', hub: { latitude: 48.8531, longitude: 2.3691 } },
  { name: 'Batignolles', login: 'crew-batignolles', hub: { latitude: 48.8876, longitude: 2.3126 } },
  { name: 'Belleville', login: 'crew-belleville', hub: { latitude: 48.8722, longitude: 2.3842 } },
  { name: 'Denfert', login: 'crew-denfert', hub: { latitude: 48.8339, longitude: 2.3325 } },
  { name: 'Passy', login: 'crew-passy', hub: { latitude: 48.8575, longitude: 2.2781 } },
];

/** The first tariff, tax included; it has always been in force. */
export const FIRST_TARIFF = {
  name: 'Paris',
  currency: 'EUR',
  rideMinuteCents: 28,
  pauseMinuteCents: 13,
  unlockCents: 0,
  minimumCents: 0,
  dayCapCents: 3360,
  holdCents: 1000,
  graceSeconds: 120,
  graceMeters: 150,
  taxPercent: 20,
  inForceFrom: '2026-01-01T00:00:00.000Z',
} as const;
