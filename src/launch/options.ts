// What the command line says, as the environment would say it: every option has a variable, and the
// option wins. The page for `--help` stands in help.txt.
import { CannotStart } from '../embedded/cannot-start.js';

export interface Options {
  readonly help: boolean;
  readonly seedOnly: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

interface OptionWithValue {
  readonly variable: string;
  readonly wants: string;
  readonly fits: (value: string) => boolean;
}

const whole = (most: number) => (value: string) => /^\d{1,6}$/.test(value) && Number(value) <= most;
const wholeUpTo = (variable: string, most: number): OptionWithValue => ({
  variable,
  wants: `a whole number from 0 to ${most}`,
  fits: whole(most),
});

export const OPTIONS: Readonly<Record<string, OptionWithValue>> = {
  '--scooters': wholeUpTo('SCOOTERS', 20_000),
  '--riders': wholeUpTo('RIDERS', 5000),
  '--speed': {
    variable: 'CLOCK_SPEED',
    wants: 'a number from 1 to 1000',
    fits: (value) => /^\d+(\.\d+)?$/.test(value) && Number(value) >= 1 && Number(value) <= 1000,
  },
  '--seed': wholeUpTo('SEED', 999_999),
  '--seed-city': wholeUpTo('SEED_CITY', 20_000),
  '--data': { variable: 'DATA_DIR', wants: 'a folder', fits: (value) => value !== '' },
  '--port': wholeUpTo('PORT', 65_535),
};
export const SWITCHES = ['--help', '--seed-only'] as const;

/** Takes `--port 3000` and `--port=3000`. @throws CannotStart naming the option that is wrong. */
export function readOptions(words: readonly string[]): Options {
  const environment: Record<string, string> = {};
  const switches = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (option !== undefined)
      environment[option.variable] = checked(name, option, equals < 0 ? words[++at] : word.slice(equals + 1));
    else if (word === '-h' || SWITCHES.some((known) => known === word)) switches.add(word === '-h' ? '--help' : word);
    else throw new CannotStart(`${word} is no option of the city; --help shows them.`);
  }
  return { help: switches.has('--help'), seedOnly: switches.has('--seed-only'), environment };
}

function checked(name: string, option: OptionWithValue, value: string | undefined): string {
  if (value === undefined || value.startsWith('--')) throw new CannotStart(`${name} wants ${option.wants} after it.`);
  if (!option.fits(value)) throw new CannotStart(`${name} wants ${option.wants}, not "${value}".`);
  return value;
}
