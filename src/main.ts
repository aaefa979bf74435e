// The one program: reads what the command line and the environment say, brings the city up, and ends it
// in order when asked to.
import fs from 'node:fs';
import { sentenceFor } from './embedded/cannot-start.js';
import { Closing } from './launch/closing.js';
import { readOptions } from './launch/options.js';
import { raiseCity } from './launch/whole-city.provider.js';
import { parseEnvironment } from './platform/config.js';

const closing = new Closing();
const say = (sentence: string): void => {
  process.stdout.write(`${sentence}\n`);
};

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(fs.readFileSync(new URL('./launch/help.txt', import.meta.url), 'utf8'));
    return;
  }
  const parsed = parseEnvironment({ ...process.env, ...options.environment });
  // A thousand scooters have much to tell, and a visitor wants to read the addresses. A service alone logs for machines.
  const isQuiet = parsed.SCOOTERS > 0 && process.env['LOG_LEVEL'] === undefined;
  const environment = isQuiet ? { ...parsed, LOG_LEVEL: 'warn' as const } : parsed;
  await raiseCity({ environment, seedOnly: options.seedOnly, closing, say });
  if (options.seedOnly) await end(0);
}

let isEnding = false;

/** The first time in order; the second time at once. */
async function end(code: number): Promise<void> {
  if (isEnding) process.exit(130);
  isEnding = true;
  await closing.closeAll((name, error) => {
    say(`${name} did not end well: ${String(error)}`);
  });
  process.exit(code);
}

const onSignal = (): void => {
  say(isEnding ? 'Ending at once.' : '\nStopping: people, scooters, service, broker, database …');
  end(0).catch(() => process.exit(1));
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
// A closed terminal must not keep the city from ending in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// Whatever ends this process, nothing it started stays behind.
process.on('exit', () => {
  closing.abandonAll();
});

main()
  .catch(async (error: unknown) => {
    const sentence = sentenceFor(error) ?? (error instanceof Error ? error.message : String(error));
    process.stderr.write(`${sentence}\n`);
    if (sentenceFor(error) === null && process.env['LOG_LEVEL'] === 'debug')
      process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    await end(1);
  })
  .catch(() => process.exit(1));
