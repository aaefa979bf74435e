// What the command line says, as one typed object; a wrong word ends in one clear sentence.
import { parseArgs } from 'node:util';
import type { ClockSetting } from './city-clock.js';

export interface Options {
  readonly city: string;
  readonly street: string;
  readonly stripe: string;
  readonly sms: string;
  readonly riders: number;
  readonly ridesPerDay: number;
  /** Any word. */
  readonly seed: string;
  readonly clock: ClockSetting;
  readonly crewsFile: string | null;
  readonly stateFile: string | null;
  /** Run for so many service days, or until an instant of the city; neither: for ever. */
  readonly days: number | null;
  readonly until: Date | null;
}

export const USAGE = `people-sim: the riders and crews of a simulated city, at its public doors

  --city URL --street URL --stripe URL --sms URL   whose doors
  --riders N            how many people have an account (default 400)
  --scooters N          sizes the demand: 3.8 wishes per scooter and day, of which about 3.5 become rides (default 1000)
  --rides-per-day N     the demand itself
  --crews FILE          JSON [{"email", "password"}]: who drives the vans
  --state FILE          where people keep what they remember between starts
  --seed WORD           the same word gives the same wishes
  --clock-from ISO --clock-since MS --clock-speed N   the clock of the city
  --days N | --until ISO   stop after so many service days, or then, and print one JSON line of what was done
`;

/** Fluctuo and press figures lie between 3 and 4. */
/** Peers see 3 to 4 rides per scooter and day; one wish in twelve finds no scooter near, or no way to pay. */
const WISHES_PER_SCOOTER = 3.8;

const text = { type: 'string' } as const;
const WORDS = {
  city: text,
  street: text,
  stripe: text,
  sms: text,
  riders: text,
  scooters: text,
  'rides-per-day': text,
  crews: text,
  state: text,
  seed: text,
  'clock-from': text,
  'clock-since': text,
  'clock-speed': text,
  days: text,
  until: text,
};

export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({ args: [...argv], options: WORDS });
  const demand = WISHES_PER_SCOOTER * number('scooters', values.scooters, 1000);
  const since = number('clock-since', values['clock-since'], Date.now());
  return {
    city: address('city', values.city),
    street: address('street', values.street),
    stripe: address('stripe', values.stripe),
    sms: address('sms', values.sms),
    riders: number('riders', values.riders, 400),
    ridesPerDay: number('rides-per-day', values['rides-per-day'], demand),
    seed: values.seed ?? 'roue-libre',
    clock: {
      from: instant('clock-from', values['clock-from']) ?? new Date(since),
      since,
      speed: number('clock-speed', values['clock-speed'], 1),
    },
    crewsFile: values.crews ?? null,
    stateFile: values.state ?? null,
    days: values.days === undefined ? null : number('days', values.days, 1),
    until: instant('until', values.until),
  };
}

function number(name: string, value: string | undefined, otherwise: number): number {
  const read = value === undefined ? otherwise : Number(value);
  if (!Number.isFinite(read) || read < 0) throw new Error(`--${name} needs a number, not '${value ?? ''}'.`);
  return read;
}

function instant(name: string, value: string | undefined): Date | null {
  if (value === undefined) return null;
  const read = new Date(value);
  if (!Number.isNaN(read.getTime())) return read;
  throw new Error(`--${name} needs an instant like 2026-11-23T07:00:00Z, not '${value}'.`);
}

function address(name: string, value: string | undefined): string {
  if (value === undefined || !URL.canParse(value))
    throw new Error(`--${name} needs an address like http://127.0.0.1:3000.`);
  // Without the last slash a path of its own would be lost when questions are put behind it.
  return value.endsWith('/') ? value : `${value}/`;
}
