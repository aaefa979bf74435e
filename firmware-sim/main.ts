// Starts a fleet of simulated scooters and the street they stand in, and stops both when asked to or when
// whoever started it is gone.
import { fstatSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { SimulatorClock } from './unit/clock.js';
import { Faults, parseFaults } from './body/faults.js';
import { readFleet } from './fleet-file.js';
import { FlashStore } from './unit/flash.js';
import { Fleet } from './fleet.js';
import { openStreet } from './street.js';

const usage = `A fleet of simulated scooters.
  --fleet FILE         the scooters, one JSON line each
  --flash DIR          where they keep what must survive a power cut
  --mqtt URL           the broker, without user and password
  --mqtt-ca FILE       the authority behind its certificate, when it is one of your own
  --street PORT        the street's door (0: any free port)
  --street-host HOST   where the street listens (127.0.0.1)
  --seed N             the same seed is the same luck (1)
  --faults NAME:RATE,… lost, late, doubled, out_of_order, offline, drifting_gps, jammed_lock, brown_out, wrong_clock, mute
  --clock-from ISO     where the city's clock stood …
  --clock-since MS     … when real time stood here (epoch milliseconds) …
  --clock-speed N      … and how fast it runs (1)
  --help               this text`;

const Options = z.strictObject({
  fleet: z.string().min(1),
  flash: z.string().min(1),
  mqtt: z.url({ protocol: /^(mqtt|mqtts|tcp|ssl|ws|wss)$/ }),
  mqttCa: z.string().min(1).optional(),
  street: z.coerce.number().int().min(0).max(65_535),
  streetHost: z.string().min(1),
  seed: z.coerce.number().int(),
  faults: Faults,
  clockFrom: z.coerce.date(),
  clockSince: z.coerce.number().min(0),
  clockSpeed: z.coerce.number().positive().max(10_000),
});
type Options = z.infer<typeof Options>;

/** Null asks for help. Without a clock the city's time is real time. */
function readOptions(argv: readonly string[]): Options | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      fleet: text,
      flash: text,
      mqtt: text,
      'mqtt-ca': text,
      seed: text,
      faults: text,
      street: text,
      'street-host': text,
      'clock-from': text,
      'clock-since': text,
      'clock-speed': text,
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return null;
  return Options.parse({
    fleet: values.fleet,
    flash: values.flash,
    mqtt: values.mqtt,
    mqttCa: values['mqtt-ca'],
    street: values.street ?? '0',
    streetHost: values['street-host'] ?? '127.0.0.1',
    seed: values.seed ?? '1',
    faults: parseFaults(values.faults ?? ''),
    clockFrom: values['clock-from'] ?? new Date(0),
    clockSince: values['clock-since'] ?? '0',
    clockSpeed: values['clock-speed'] ?? '1',
  });
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** Under a launcher the standard input is a pipe that closes with it; under a container it is nothing at all. */
function whenAbandoned(stop: () => void): void {
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (process.connected) process.once('disconnect', stop);
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.once('end', stop);
  process.stdin.once('close', stop);
  process.stdin.resume();
}

async function start(options: Options): Promise<void> {
  const cards = readFleet(readFileSync(options.fleet, 'utf8'));
  const flash = FlashStore.openIn(options.flash);
  if (flash.damaged > 0) complain(`${flash.damaged} damaged line(s) of the journal were left out`);
  const { clockFrom: from, clockSince: sinceMs, clockSpeed: speed, seed, faults } = options;
  const fleet = new Fleet({
    mqttUrl: options.mqtt,
    ...(options.mqttCa !== undefined && { mqttCa: readFileSync(options.mqttCa, 'utf8') }),
    clock: new SimulatorClock({ from, sinceMs, speed }),
    flash,
    seed,
    faults,
  });

  const { server, port } = await openStreet(fleet.scooters, { host: options.streetHost, port: options.street });
  say(`street http://${options.streetHost}:${port}`);

  let stopping = false;
  whenAbandoned(() => {
    if (stopping) return;
    stopping = true;
    server.close();
    server.closeAllConnections();
    fleet.switchOff().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });

  let connected = 0;
  const progress = setInterval(() => complain(`connecting ${connected}/${cards.length}`), 5_000);
  await fleet.switchOn(cards, () => {
    connected += 1;
  });
  clearInterval(progress);
  say(`connected ${connected}/${cards.length}`);
}

function readable(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) say(usage);
  else await start(options);
} catch (error) {
  complain(`The fleet could not start: ${readable(error)}`);
  process.exit(1);
}
