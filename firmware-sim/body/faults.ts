// Everything that goes wrong in a street, by name and with a rate, from a seeded chance: what the air does to
// messages, and what happens to the scooter itself.
import { z } from 'zod';
import { type Chance } from './chance.js';
import { placeBeside, type Position } from './geo.js';

/** Rates from 0 to 1: of a message, unless the line says otherwise. */
export const faultNames = [
  'lost', // a message never arrives, in either direction
  'late', // a message arrives up to twenty real seconds late; its age was counted before
  'doubled', // a message arrives twice
  'out_of_order', // a message is overtaken by the next one
  'offline', // per real minute: the network is gone for 5 to 60 real seconds
  'drifting_gps', // of the scooters: the receiver wanders up to 200 m and knows it only roughly
  'jammed_lock', // of lock and pause commands: the bolt does not move
  'brown_out', // per real minute: the unit restarts where it stands, riding or not
  'wrong_clock', // of the scooters: an hour or a year off, 1970, 2038, 2106, or 1024 weeks back
  'mute', // of commands: heard, and neither obeyed nor answered
  'no_last_gasp', // of the units whose pack runs empty: they go dark without a word
] as const;
export type FaultName = (typeof faultNames)[number];
export type Faults = Partial<Record<FaultName, number>>;

export const Faults = z.partialRecord(z.enum(faultNames), z.number().min(0).max(1));

/** `lost:0.05,late:0.1` as on the command line. */
export function parseFaults(text: string): Faults {
  const pairs = text.split(',').filter((part) => part !== '');
  return Faults.parse(
    Object.fromEntries(pairs.map((pair) => pair.split(':')).map(([name, rate]) => [name, Number(rate)])),
  );
}

const LATE_AT_MOST_MS = 20_000;
/** An overtaken message goes out at the latest after this, even when nothing overtakes it. */
const OVERTAKEN_AT_MOST_MS = 800;

/** The air between scooter and broker. Without faults a message passes at once, in the same turn of the loop. */
export class Air {
  private readonly waiting = new Set<NodeJS.Timeout>();
  private overtaken: (() => void) | null = null;

  constructor(
    private readonly chance: Chance,
    private readonly faults: () => Faults,
  ) {}

  pass(deliver: () => void): void {
    const { lost = 0, late = 0, doubled = 0, out_of_order: outOfOrder = 0 } = this.faults();
    if (this.chance.happens(lost)) return;
    if (this.chance.happens(late)) {
      this.after(this.chance.between(200, LATE_AT_MOST_MS), deliver);
    } else if (this.overtaken === null && this.chance.happens(outOfOrder)) {
      this.holdBack(deliver);
    } else {
      deliver();
      if (this.chance.happens(doubled)) deliver();
      this.overtaken?.();
    }
  }

  /** Nothing still in the air arrives after this. */
  clear(): void {
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
    this.overtaken = null;
  }

  private holdBack(deliver: () => void): void {
    const once = (): void => {
      if (this.overtaken !== once) return;
      this.overtaken = null;
      deliver();
    };
    this.overtaken = once;
    this.after(OVERTAKEN_AT_MOST_MS, once);
  }

  private after(milliseconds: number, deliver: () => void): void {
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      deliver();
    }, milliseconds);
    this.waiting.add(timer);
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How clocks really err: time zones, calendars, an empty clock battery, seconds in 31 and 32 bits, weeks in 10 bits. */
const WRONG_CLOCKS: readonly ((nowMs: number) => number)[] = [
  (nowMs) => nowMs - HOUR_MS,
  (nowMs) => nowMs + HOUR_MS,
  (nowMs) => nowMs - 365 * DAY_MS,
  (nowMs) => nowMs + 365 * DAY_MS,
  () => 0,
  () => 2 ** 31 * 1000,
  () => 2 ** 32 * 1000,
  (nowMs) => nowMs - 1024 * 7 * DAY_MS,
];

/** What the scooter's own clock shows when the city's shows `nowMs`; decided once per unit by `luck` (0 to 1). */
export function ownClockMs(nowMs: number, luck: number, rate: number): number {
  if (luck >= rate) return nowMs;
  return WRONG_CLOCKS[Math.floor((luck / rate) * WRONG_CLOCKS.length)]?.(nowMs) ?? 0;
}

/** Open sky in a street of six floors: a few metres. */
const USUAL_ERROR_M = 1.5;
const DRIFT_M = 200;

/** A reading of the satellite receiver, good or drifting. */
export function readFix(
  place: Position,
  chance: Chance,
  drifting: boolean,
): Position & { accuracyM: number; ageS: number } {
  const spread = drifting ? DRIFT_M / 2 : USUAL_ERROR_M;
  const within = (error: number): number => Math.max(-DRIFT_M, Math.min(DRIFT_M, error));
  const read = placeBeside(place, within(chance.normal(spread)), within(chance.normal(spread)));
  return {
    latitude: Math.round(read.latitude * 1e6) / 1e6,
    longitude: Math.round(read.longitude * 1e6) / 1e6,
    accuracyM: drifting ? Math.round(chance.between(40, 120)) : Math.round(chance.between(3, 8)),
    ageS: Math.round(chance.between(0, 3)),
  };
}

/** Troubles of the scooter itself, rolled once per real second: networks do not fail faster when a city's clock does. */
export type Met = 'network_lost' | 'network_found' | 'brown_out' | null;

const ROLLS_PER_MINUTE = 60;
const ROLL_EVERY_MS = 60_000 / ROLLS_PER_MINUTE;

export class Trouble {
  private rolledAtMs = 0;
  private networkBackAtMs: number | null = null;

  constructor(private readonly chance: Chance) {}

  private isPossible({ offline = 0, brown_out: brownOut = 0 }: Faults): boolean {
    return offline > 0 || brownOut > 0 || this.networkBackAtMs !== null;
  }

  /** Whether there is anything to roll or to end at this instant; a fleet asks far oftener than once a second. */
  isDue(faults: Faults, realNowMs: number): boolean {
    if (!this.isPossible(faults)) return false;
    return realNowMs - this.rolledAtMs >= ROLL_EVERY_MS || (this.networkBackAtMs !== null && realNowMs >= this.networkBackAtMs);
  }

  meet(faults: Faults, realNowMs: number): Met {
    if (!this.isDue(faults, realNowMs)) return null;
    if (this.networkBackAtMs !== null && realNowMs >= this.networkBackAtMs) {
      this.networkBackAtMs = null;
      return 'network_found';
    }
    this.rolledAtMs = realNowMs;
    if (this.networkBackAtMs === null && this.chance.happens((faults.offline ?? 0) / ROLLS_PER_MINUTE)) {
      this.networkBackAtMs = realNowMs + this.chance.between(5_000, 60_000);
      return 'network_lost';
    }
    return this.chance.happens((faults.brown_out ?? 0) / ROLLS_PER_MINUTE) ? 'brown_out' : null;
  }
}
