// Starts the gateway: a TCP door for units that speak OMNI's protocol, and for each a spokesman at our broker.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Memory } from './memory.js';
import { openDoor } from './omni-door.js';
import { OmniUnit } from './omni-unit.js';
import { Spokesman } from './spokesman.js';

const usage = `A gateway for units that speak OMNI's scooter protocol.
  --units FILE    one JSON line each: scooterId, imei, password, commandKey, fullRangeKm
  --memory DIR    what must survive a crash
  --mqtt URL      the broker, without user and password
  --ca FILE       the authority of the broker's certificate, when it is one of yours
  --port N        where units connect (9666)
  --host HOST     on which address (127.0.0.1); keep it on a private network
  --help          this text`;

const Unit = z.object({
  scooterId: z.uuid(),
  imei: z.string().regex(/^\d{15}$/),
  password: z.string().min(1),
  commandKey: z.string().regex(/^[0-9a-f]{64}$/),
  fullRangeKm: z.number().min(1).max(300),
});

const { values } = parseArgs({
  options: {
    units: { type: 'string' }, memory: { type: 'string' }, mqtt: { type: 'string' }, ca: { type: 'string' },
    port: { type: 'string', default: '9666' }, host: { type: 'string', default: '127.0.0.1' }, help: { type: 'boolean' },
  },
});

async function start(): Promise<void> {
  if (values.help === true) return void process.stdout.write(`${usage}\n`);
  const options = z.object({
    units: z.string(), memory: z.string(), mqtt: z.url(), ca: z.string().optional(),
    port: z.coerce.number().int().min(0).max(65_535), host: z.string(),
  }).parse(values);
  const lines = readFileSync(options.units, 'utf8').split('\n').filter((line) => line.trim() !== '');
  const charges = lines.map((line) => Unit.parse(JSON.parse(line)));
  const units = new Map(charges.map(({ imei }) => [imei, new OmniUnit(imei, () => Math.floor(Date.now() / 1000))]));
  const city = { mqttUrl: options.mqtt, ...(options.ca !== undefined && { ca: readFileSync(options.ca, 'utf8') }), nowMs: () => Date.now() };
  const spokesmen = charges.flatMap((charge) => {
    const unit = units.get(charge.imei);
    return unit ? [new Spokesman(charge, unit, new Memory(options.memory, charge.scooterId), city)] : [];
  });
  const { server, port } = await openDoor(units, options);
  process.stdout.write(`units ${options.host}:${String(port)}\n`);
  const stop = (): void => {
    server.close();
    Promise.all(spokesmen.map((one) => one.end())).then(() => process.exit(0), () => process.exit(1));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

start().catch((error: unknown) => {
  const sentence = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
  process.stderr.write(`The gateway could not start: ${sentence}\n`);
  process.exit(1);
});
