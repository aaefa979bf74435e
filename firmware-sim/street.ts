// The street: what hands and eyes can do to a scooter without any network, as a small HTTP door for simulated
// people. It is the physical world and no part of the service; it listens on this machine only.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { Faults } from './body/faults.js';
import { thingStates, type Put, type Stuck } from './body/hands.js';
import { type ClockSet } from './unit/senses.js';
import { type SimulatedScooter } from './unit/simulated-scooter.js';

const Place = z.strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) });
const Waypoints = z.array(Place).min(1).max(1000);
const Ride = z.strictObject({
  waypoints: Waypoints,
  cruiseKmh: z.number().min(1).max(45).optional(),
  loadKg: z.number().min(0).max(200).optional(),
});
const Push = z.strictObject({ waypoints: Waypoints });
const Swap = z.strictObject({ serial: z.string().min(1).max(40), chargePercent: z.number().min(0).max(100) });
const Charge = z.strictObject({ chargePercent: z.number().min(0).max(100) });
const Network = z.strictObject({ state: z.enum(['found', 'lost']) });
const Instant = z.int().min(0).max(8_640_000_000_000_000);
const OwnClock: z.ZodType<ClockSet> = z.union([z.null(), z.strictObject({ byMs: z.int() }), z.strictObject({ atMs: Instant })]);
const Doing = z.enum(['end', 'pause', 'resume']);
const Bluetooth = z.strictObject({ pass: z.string().min(1).max(128), doing: Doing });
const Keypad = z.strictObject({ code: z.string().regex(/^\d{4}$/), doing: Doing });
const Current = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('cut'), lastGasp: z.boolean().default(true) }),
  z.strictObject({ state: z.literal('back') }),
]);
const Empty = z.union([z.null(), z.strictObject({})]);
const PutThing: z.ZodType<Put> = z.discriminatedUnion('thing', [
  z.strictObject({ thing: z.literal('stand'), state: z.enum(thingStates.stand) }),
  z.strictObject({ thing: z.literal('helmet'), state: z.enum(thingStates.helmet) }),
  z.strictObject({ thing: z.literal('case'), state: z.enum(thingStates.case) }),
  z.strictObject({ thing: z.literal('ignition'), state: z.enum(thingStates.ignition) }),
  z.strictObject({ thing: z.literal('bay'), state: z.enum(thingStates.bay) }),
  z.strictObject({ thing: z.literal('bolt'), state: z.enum(thingStates.bolt) }),
  z.strictObject({ thing: z.literal('gauge'), state: z.enum(thingStates.gauge) }),
  z.strictObject({ thing: z.literal('body'), state: z.enum(thingStates.body) }),
]);

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
type Deed = (scooter: SimulatedScooter, body: unknown) => Answer;

const refused = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
});

/** A body of this shape, then the deed, then what one sees; 202 for what takes time. */
const deed =
  <T>(shape: z.ZodType<T>, act: (scooter: SimulatedScooter, body: T) => Stuck | null, status = 200): Deed =>
  (scooter, body) => {
    const read = shape.safeParse(body);
    if (!read.success) return refused(400, 'request_invalid', z.prettifyError(read.error));
    const stuck = act(scooter, read.data);
    return stuck === null ? { status, body: seen(scooter) } : refused(409, stuck, stuckBecause[stuck]);
  };

const stuckBecause: Readonly<Record<Stuck, string>> = {
  locked: 'The lock is closed.',
  moving: 'It is moving.',
  bay_shut: 'The battery bay is shut.',
  bay_open: 'The battery bay is open.',
  no_way: 'There is no way to go: the points lie where it stands.',
  empty: 'The battery is empty.',
  too_far: 'That way is longer than any ride.',
  no_power: 'It is dark: it has no current.',
  no_ride: 'No ride is on.',
  ignition_on: 'The ignition is on.',
  stand_up: 'The stand is up.',
  already_so: 'It stands like that already.',
  jammed: 'The bolt does not move.',
  wrong_pass: 'That is not the pass of this ride.',
  wrong_code: 'That is not the code of this ride.',
  keypad_locked: 'Too many wrong codes: the keypad takes none for ten minutes.',
};

const silently = (act: () => void): null => {
  act();
  return null;
};

const deeds = new Map<string, Deed>([
  ['ride', deed(Ride, (scooter, way) => scooter.ride(way), 202)],
  ['hotwire', deed(Ride, (scooter, way) => scooter.hotWire(way), 202)],
  ['park', deed(Empty, (scooter) => scooter.park())],
  ['push', deed(Push, (scooter, { waypoints }) => scooter.push(waypoints), 202)],
  ['swap', deed(Swap, (scooter, { serial, chargePercent }) => scooter.swap(serial, chargePercent))],
  ['put', deed(PutThing, (scooter, change) => scooter.put(change))],
  ['charge', deed(Charge, (scooter, { chargePercent }) => silently(() => scooter.setCharge(chargePercent)))],
  ['faults', deed(Faults, (scooter, faults) => silently(() => scooter.setFaults(faults)))],
  ['button', deed(Empty, (scooter) => scooter.act({ by: 'button' }))],
  ['bluetooth', deed(Bluetooth, (scooter, { pass, doing }) => scooter.act({ by: 'bluetooth', pass, doing }))],
  ['keypad', deed(Keypad, (scooter, { code, doing }) => scooter.act({ by: 'keypad', code, doing }))],
  [
    'power',
    deed(Current, (scooter, change) =>
      silently(() => (change.state === 'cut' ? scooter.cutPower(change.lastGasp) : scooter.powerBack())),
    ),
  ],
  ['reboot', deed(Empty, (scooter) => silently(() => scooter.reboot()))],
  ['reset', deed(Empty, (scooter) => silently(() => scooter.factoryReset()))],
  ['clock', deed(OwnClock, (scooter, to) => silently(() => scooter.setClock(to)))],
  [
    'network',
    deed(Network, (scooter, { state }) =>
      silently(() => (state === 'lost' ? scooter.loseNetwork() : scooter.findNetwork())),
    ),
  ],
]);

/** What you see standing beside it. */
function seen(scooter: SimulatedScooter): unknown {
  const { scooterId, plate, position, sensors, chargePercent, batterySerial } = scooter;
  return {
    scooterId,
    plate,
    position,
    ...sensors,
    speedKmh: Math.round(scooter.speedKmh * 10) / 10,
    underway: scooter.underway,
    chargePercent: Math.round(chargePercent * 10) / 10,
    batterySerial,
  };
}

/** One walks past those that stand; those on the road are gone before one can read their plate. */
function standing(scooters: ReadonlyMap<string, SimulatedScooter>): Answer {
  const items = [...scooters.values()]
    .filter((scooter) => !scooter.underway)
    .map(({ scooterId, plate, position }) => ({ scooterId, plate, position }));
  return { status: 200, body: { items } };
}

const MOST_BODY_BYTES = 256 * 1024;

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    // An undecoded request yields buffers; its type cannot say so.
    const part = chunk as Buffer;
    bytes += part.length;
    if (bytes > MOST_BODY_BYTES) return null;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): { value: unknown } | null {
  try {
    return { value: text === '' ? null : JSON.parse(text) };
  } catch {
    return null;
  }
}

async function answer(request: IncomingMessage, scooters: ReadonlyMap<string, SimulatedScooter>): Promise<Answer> {
  const [, things, scooterId, act] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  if (things !== 'scooters') return refused(404, 'not_found', 'The street has only /scooters.');
  if (scooterId === undefined || scooterId === '') {
    return request.method === 'GET' ? standing(scooters) : refused(405, 'method_not_allowed', 'Look with GET.');
  }
  const scooter = scooters.get(scooterId);
  if (scooter === undefined) return refused(404, 'scooter_unknown', 'No such scooter in this street.');
  if (act === undefined) {
    return request.method === 'GET'
      ? { status: 200, body: seen(scooter) }
      : refused(405, 'method_not_allowed', 'Look with GET.');
  }
  const found = deeds.get(act);
  if (found === undefined) return refused(404, 'not_found', `Hands can: ${[...deeds.keys()].join(', ')}.`);
  if (request.method !== 'POST') return refused(405, 'method_not_allowed', 'Act with POST.');
  const text = await readBody(request);
  if (text === null) return refused(413, 'body_too_large', 'That is too much to say in the street.');
  const body = parseBody(text);
  return body === null ? refused(400, 'request_invalid', 'The body is not JSON.') : found(scooter, body.value);
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Opens the street; port 0 takes any free one. Answers with the port it got. */
export async function openStreet(
  scooters: ReadonlyMap<string, SimulatedScooter>,
  at: { host: string; port: number },
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    answer(request, scooters).then(
      (ready) => send(response, ready),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : at.port };
}
