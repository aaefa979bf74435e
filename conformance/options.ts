// The command line of the kit, read strictly: a word it does not know is not guessed.
import { parseArgs } from 'node:util';
import { z } from 'zod';

export const USAGE = `Judges a telematics unit by forty vectors, over any broker.

  npm run conformance -- --mqtt URL --scooter ID --key HEX --street URL
  npm run conformance -- --broker 1883 --scooter ID --fleet FILE --by-hand

  --mqtt URL           the broker, with the account of the service in the address …
  --broker PORT        … or be the broker: no password, for a bench only
  --broker-host HOST   where that one listens (127.0.0.1)
  --scooter ID         the unit; several of one make share the work
  --key HEX            its command key; or SCOOTER_KEY in the environment …
  --fleet FILE         … or the fleet file in which the unit has a line
  --street URL         the bench of a simulated unit: the street's door of firmware-sim
  --by-hand            the bench of a real unit: you are asked to do something, or to look
  --only V07,V12       these vectors and no others
  --patience SECONDS   how long an answer, a restart or a resend may take (90)
  --settle MS          how long silence is listened to after an attack (200)
  --clock-ahead S      by how much the city's clock is ahead of this machine's (0)
  --list               the forty sentences
  --help               this text

Ends with 0 only when all forty are passed, with 1 otherwise, with 2 when it could not begin. Needs the unit for
itself: a service that gives it receipts, too, hides what the unit does without them.`;

const Hex = z.string().regex(/^[0-9a-f]{64}$/, 'a key is 64 hexadecimal digits, in small letters');
const Options = z.strictObject({
  mqtt: z.url({ protocol: /^(mqtt|mqtts|tcp|ssl|ws|wss)$/ }).optional(),
  broker: z.coerce.number().int().min(0).max(65_535).optional(),
  'broker-host': z.string().min(1).default('127.0.0.1'),
  scooter: z.array(z.uuid()).min(1, 'which unit? --scooter ID'),
  key: Hex.optional(),
  fleet: z.string().min(1).optional(),
  street: z.url({ protocol: /^https?$/ }).optional(),
  'by-hand': z.boolean().default(false),
  only: z.string().regex(/^V\d\d(,V\d\d)*$/).optional(),
  patience: z.coerce.number().positive().max(3600).default(90),
  settle: z.coerce.number().min(0).max(60_000).default(200),
  'clock-ahead': z.coerce.number().default(0),
})
  .refine(({ mqtt, broker }) => (mqtt === undefined) !== (broker === undefined), 'one of --mqtt URL and --broker PORT')
  .refine(({ street, 'by-hand': byHand }) => street === undefined || !byHand, 'one of --street URL and --by-hand')
  .refine(({ scooter, key }) => scooter.length === 1 || key === undefined, 'several units need --fleet FILE: each has its own key');
export type Options = z.infer<typeof Options>;

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;

/** `environmentKey` stands in for --key, which others on this machine could read off the process list. */
export function readOptions(argv: readonly string[], environmentKey: string | undefined): Options | 'help' | 'list' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      mqtt: text, broker: text, 'broker-host': text, scooter: { ...text, multiple: true }, key: text, fleet: text, street: text,
      'by-hand': yes, only: text, patience: text, settle: text, 'clock-ahead': text, list: yes, help: yes,
    },
  });
  const { help, list, ...rest } = values;
  if (help === true) return 'help';
  if (list === true) return 'list';
  const key = rest.key ?? (rest.fleet === undefined ? environmentKey : undefined);
  return Options.parse({ ...rest, scooter: rest.scooter ?? [], key });
}

/** The unit's line of a fleet file; the file may know more of it than its key. */
const Line = z.object({ scooterId: z.uuid(), commandKey: Hex });

export function keyIn(fleet: string, scooterId: string): string {
  const lines = fleet.split('\n').filter((line) => line.trim() !== '').map((line) => Line.parse(JSON.parse(line)));
  const found = lines.find((line) => line.scooterId === scooterId);
  if (found === undefined) throw new Error(`The fleet file has no line for ${scooterId}.`);
  return found.commandKey;
}
