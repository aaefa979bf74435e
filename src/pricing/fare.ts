// What a ride costs, line by line. The running meter and the final bill are this same function, so
// that what the rider watched is what the rider pays.
import { invariant } from '../platform/assert.js';
import { cents, sumCents, taxInside, type Cents } from '../platform/money.js';
import { inBoth } from './price-text.js';
import type { Tariff } from './tariff.js';
import { stretches, type RideStep } from './timeline.js';

export type FareLineKind = 'riding' | 'pause' | 'unlock' | 'minimum' | 'cap' | 'grace';

export interface FareLine {
  readonly kind: FareLineKind;
  readonly minutes: number | null;
  readonly amountCents: Cents;
  readonly text: { readonly fr: string; readonly en: string };
}

export interface Fare {
  readonly totalCents: Cents;
  readonly netCents: Cents;
  readonly taxCents: Cents;
  readonly lines: readonly FareLine[];
}

export interface FareFacts {
  readonly tariff: Tariff;
  readonly steps: readonly RideStep[];
  readonly until: Date;
  /** How far the scooter went; null while it is not known. */
  readonly distanceM: number | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;

/**
 * All stretches of riding are added up before they are rounded up to started minutes, and so are all
 * pauses: five short pauses cost what one long one does. Then come the minimum, the cap of each 24 hours,
 * and last the grace that makes a false start free.
 */
export function fareOf({ tariff, steps, until, distanceM }: FareFacts): Fare {
  invariant(Number.isFinite(until.getTime()), 'a fare is counted up to a real instant');
  if (!steps.some(({ step, at }) => step === 'started' && at <= until)) return total([], tariff);
  const { ridingMs, pausedMs } = stretches(steps, until);
  const lines = uncapped(tariff, steps, until);
  lines.push(...capLine(lines, { tariff, steps, totalMs: ridingMs + pausedMs }));
  lines.push(...graceLine(lines, tariff, { totalMs: ridingMs + pausedMs, distanceM }));
  return total(lines, tariff);
}

function uncapped(tariff: Tariff, steps: readonly RideStep[], until: Date): FareLine[] {
  const { ridingMs, pausedMs } = stretches(steps, until);
  const lines = [
    ...timeLine('riding', ridingMs, tariff.rideMinuteCents),
    ...timeLine('pause', pausedMs, tariff.pauseMinuteCents),
    ...unlockLine(tariff),
  ];
  return [...lines, ...minimumLine(lines, tariff)];
}

const sumOf = (lines: readonly FareLine[]): Cents => sumCents(lines.map((line) => line.amountCents));

function timeLine(kind: 'riding' | 'pause', ms: number, minuteCents: number): FareLine[] {
  if (ms === 0) return [];
  const minutes = Math.ceil(ms / MINUTE_MS);
  const amountCents = cents(minutes * minuteCents);
  const [fr, en] = kind === 'riding' ? ['Conduite', 'Riding'] : ['Pause', 'Pause'];
  const text = inBoth(
    (euros) => `${fr} : ${String(minutes)} min × ${euros(minuteCents)} = ${euros(amountCents)}`,
    (euros) => `${en}: ${String(minutes)} min × ${euros(minuteCents)} = ${euros(amountCents)}`,
  );
  return [{ kind, minutes, amountCents, text }];
}

function unlockLine({ unlockCents }: Tariff): FareLine[] {
  if (unlockCents === 0) return [];
  const text = inBoth(
    (euros) => `Déverrouillage : ${euros(unlockCents)}`,
    (euros) => `Unlocking: ${euros(unlockCents)}`,
  );
  return [{ kind: 'unlock', minutes: null, amountCents: cents(unlockCents), text }];
}

function minimumLine(lines: readonly FareLine[], { minimumCents }: Tariff): FareLine[] {
  const missing = cents(minimumCents - sumOf(lines));
  if (missing <= 0) return [];
  const text = inBoth(
    (euros) => `Complément jusqu’au minimum de ${euros(minimumCents)} : ${euros(missing)}`,
    (euros) => `Up to the minimum of ${euros(minimumCents)}: ${euros(missing)}`,
  );
  return [{ kind: 'minimum', minutes: null, amountCents: missing, text }];
}

/** Each 24 hours of a ride cost the cap at most; the last of them, just begun, costs what its minutes cost. */
function capLine(
  lines: readonly FareLine[],
  { tariff, steps, totalMs }: { tariff: Tariff; steps: readonly RideStep[]; totalMs: number },
): FareLine[] {
  const { dayCapCents } = tariff;
  const days = Math.max(1, Math.ceil(totalMs / DAY_MS));
  const startMs = steps.find(({ step }) => step === 'started')?.at.getTime() ?? 0;
  const upTo = (day: number): number => (day === days ? sumOf(lines) : sumOf(uncapped(tariff, steps, new Date(startMs + day * DAY_MS))));
  let price = 0;
  for (let day = 1; day <= days; day++) price += Math.min(dayCapCents, upTo(day) - (day === 1 ? 0 : upTo(day - 1)));
  const amountCents = cents(Math.min(0, price - sumOf(lines)));
  if (amountCents === 0) return [];
  const text = inBoth(
    (euros) => `Plafond de ${euros(dayCapCents)} par tranche de 24 h (${String(days)}) : ${euros(amountCents)}`,
    (euros) => `Cap of ${euros(dayCapCents)} per 24 h (${String(days)}): ${euros(amountCents)}`,
  );
  return [{ kind: 'cap', minutes: null, amountCents, text }];
}

/** A distance nobody measured proves no false start: the running meter shows the price, the end may take it back. */
function graceLine(
  lines: readonly FareLine[],
  tariff: Tariff,
  ride: { totalMs: number; distanceM: number | null },
): FareLine[] {
  const amountCents = cents(0 - sumOf(lines));
  const short = ride.totalMs <= tariff.graceSeconds * 1000;
  const near = ride.distanceM !== null && ride.distanceM >= 0 && ride.distanceM <= tariff.graceMeters;
  if (!short || !near || amountCents === 0) return [];
  const text = inBoth(
    (euros) =>
      `Essai d’au plus ${String(tariff.graceSeconds)} s et ${String(tariff.graceMeters)} m, offert : ${euros(amountCents)}`,
    (euros) =>
      `A start of no more than ${String(tariff.graceSeconds)} s and ${String(tariff.graceMeters)} m is free: ${euros(amountCents)}`,
  );
  return [{ kind: 'grace', minutes: null, amountCents, text }];
}

function total(lines: readonly FareLine[], { taxPercent }: Tariff): Fare {
  const totalCents = sumOf(lines);
  invariant(totalCents >= 0, 'a fare is never negative');
  return { totalCents, ...taxInside(totalCents, taxPercent), lines };
}
