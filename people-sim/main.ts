// Starts the people of the city and stops them cleanly: when the terminal says so, when standard input
// ends, or when the process that started this one is gone.
import { setMaxListeners } from 'node:events';
import { fstatSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Zones } from './answers.js';
import { CityClient } from './city-client.js';
import { CityClock, endOfService } from './city-clock.js';
import { CityGrid } from './city-grid.js';
import { Crew, type CrewLogin } from './crew.js';
import { Crowd } from './crowd.js';
import { diceOf } from './dice.js';
import { readOptions, USAGE, type Options } from './options.js';
import { MemoryFile } from './person.js';
import { Phone } from './phone.js';
import { RouteFinder } from './route.js';
import { Street } from './street.js';
import { Tally } from './tally.js';

const Crews = z.array(z.object({ email: z.string(), password: z.string() }));

async function live(options: Options, stop: AbortController): Promise<void> {
  const clock = new CityClock(options.clock, stop.signal);
  const tally = new Tally();
  const client = (base: string): CityClient => new CityClient(base, clock, tally);
  const [city, street, stripe, sms] = [options.city, options.street, options.stripe, options.sms].map(client);
  if (!city || !street || !stripe || !sms) throw new Error('four doors are needed');

  const grid = new CityGrid(await city.ask({ path: 'rider/zones', answer: Zones }));
  const memories = new MemoryFile(options.stateFile);
  const people = memories.people(options.seed, options.riders);
  const town = {
    city,
    clock,
    tally,
    memories,
    phone: new Phone({ sms, stripe }, clock),
    street: new Street(street, clock),
  };
  const crowd = new Crowd(town, { grid, routes: new RouteFinder(grid) }, people, options);
  const crews = crewsOf(options).map(
    (login, nth) => new Crew(login, town, diceOf('crew', options.seed, clock.now().getTime(), nth)),
  );
  const until = options.until ?? (options.days === null ? null : endOfService(clock.now(), options.days));
  console.log(`people ${people.length} riders, ${crews.length} crews, ${options.ridesPerDay} rides a day`);

  const began = clock.now();
  try {
    await Promise.all([crowd.run(until), ...crews.map((crew) => crew.run(until))]);
  } finally {
    crowd.save(true);
  }
  console.log(
    JSON.stringify({
      report: 'people',
      from: began.toISOString(),
      until: clock.now().toISOString(),
      ...tally.report(),
    }),
  );
}

const crewsOf = ({ crewsFile }: Options): CrewLogin[] =>
  crewsFile === null ? [] : Crews.parse(JSON.parse(readFileSync(crewsFile, 'utf8')));

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const stop = new AbortController();
  // Everybody who waits listens for the end.
  setMaxListeners(0, stop.signal);
  const end = (): void => stop.abort(new Error('stopped'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.on('disconnect', end);
  // Under a launcher the standard input is a pipe that closes with it; under a container it is nothing at all.
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket() || process.stdin.isTTY) process.stdin.on('end', end).on('error', end).resume();
  try {
    await live(readOptions(process.argv.slice(2)), stop);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

// Everything is saved by now; what still hangs (an open connection, standard input) must not keep us.
process.exit(await main());
