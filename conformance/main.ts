// Judges a unit from the command line: plays the service on the broker, has somebody stand beside the unit,
// and ends with 0 only when all forty vectors are passed.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { openBenchBroker, type BenchBroker } from './bench-broker.js';
import { ByHand } from './by-hand.js';
import { judge } from './judge.js';
import { personAt } from './keyboard.js';
import { keyIn, readOptions, USAGE, type Options } from './options.js';
import { takeBackKey } from './keys.js';
import { exitCodeOf, lineOf, sentenceOf, summaryOf } from './report.js';
import { type Rig } from './rig.js';
import { ServiceSide } from './service-side.js';
import { StreetRig } from './street-rig.js';
import { Trial, type Pace } from './trial.js';
import { vectors } from './vectors.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

function keyOf({ key, fleet }: Options, scooterId: string): string {
  if (key !== undefined) return key;
  if (fleet === undefined) throw new Error('whose orders? --key HEX, --fleet FILE, or SCOOTER_KEY in the environment');
  return keyIn(readFileSync(fleet, 'utf8'), scooterId);
}

async function run(options: Options): Promise<number> {
  const chosen = options.only === undefined ? vectors : vectors.filter(({ id }) => options.only?.split(',').includes(id));
  const broker: BenchBroker | null = options.broker === undefined ? null
    : await openBenchBroker({ host: options['broker-host'], port: options.broker });
  if (broker !== null) complain(`The broker of the bench listens at ${broker.url}; let the unit come.`);
  // Questions go to the other stream, so that the lines of the report can be kept by themselves.
  const person = options['by-hand'] ? personAt(process.stdin, process.stderr) : null;
  const pace: Pace = { patienceMs: options.patience * 1000, settleMs: options.settle, clockAheadMs: options['clock-ahead'] * 1000 };
  const rigFor = (scooterId: string): Rig | null => {
    if (options.street !== undefined) return new StreetRig(options.street, scooterId);
    return person === null ? null : new ByHand(person.ask, () => Date.now() + pace.clockAheadMs);
  };
  const trials: Trial[] = [];
  try {
    for (const scooterId of options.scooter) {
      const commandKey = keyOf(options, scooterId);
      const link = await ServiceSide.open(broker?.url ?? options.mqtt ?? '', scooterId);
      const trial = new Trial(link, rigFor(scooterId), { scooterId, commandKey }, pace);
      trials.push(trial);
      await trial.greet();
      await takeBackKey(trial);
    }
    const verdicts = await judge(trials, chosen, (verdict) => say(lineOf(verdict)));
    say(summaryOf(verdicts, chosen.length));
    return exitCodeOf(verdicts);
  } finally {
    person?.leave();
    for (const { link } of trials) await link.close();
    await broker?.stop();
  }
}

const readable = (error: unknown): string => {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
};

try {
  const options = readOptions(process.argv.slice(2), process.env['SCOOTER_KEY']);
  if (options === 'help') say(USAGE);
  else if (options === 'list') for (const vector of vectors) say(sentenceOf(vector));
  else process.exitCode = await run(options);
} catch (error) {
  complain(`The kit could not begin: ${readable(error)}`);
  process.exitCode = 2;
}
