// Bad input at every door. Each is refused with a clear no in the one shape, nothing in the database changes,
// nothing is said to a scooter, and the service lives on.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import net from 'node:net';
import { errors } from '../../src/errors.js';
import { bodySchemaOf, doorsOf, type ApiDocument, type Door } from '../kit/api-document.js';
import { brokenBytes, harmlessBodies, spoiltBodies, untypedBodies } from '../kit/bad-json.js';
import type { BrokerTap } from '../kit/broker-tap.js';
import type { Answer, Asked } from '../kit/city-door.js';
import { rowsDigest } from '../kit/rows-digest.js';
import { World } from '../kit/world.js';

const NOBODY_HAS = '018f0000-0000-7000-8000-00000000dead';
const why = { reason: 'asked by the test of nonsense' };
const place = { latitude: 48.8531, longitude: 2.3691 };
const staff = { email: 'nobody@roue-libre.example', password: 'not the right one' };

/** A body that fits, for every door that takes one; a door without fails. */
const GOOD: Record<string, unknown> = {
  'POST /rider/sign-up': { firstName: 'Nour', lastName: 'Roux', email: 'nour@example.org', phone: '+33612121212', birthDate: '1990-01-01', language: 'fr' },
  'POST /rider/sign-in': { phone: '+33612121213' },
  'POST /rider/verify-phone': { phone: '+33612121213', code: '123456' },
  'POST /rider/licence': { class: 'B', number: '13AA00002', issuedOn: '2020-02-02' },
  'POST /rider/card': { setupIntentId: 'seti_unknown' },
  'POST /rider/reservations': { scooterId: NOBODY_HAS },
  'POST /rider/rides': { scooterId: NOBODY_HAS, acceptedHoldCents: 1000 },
  'POST /crew/sign-in': staff,
  'POST /crew/shift/start': { fullPacks: 5 },
  'POST /crew/tasks/{taskId}/arrive': { position: place },
  'POST /crew/tasks/{taskId}/report': { serialOut: 'OLD-1', serialIn: 'NEW-1' },
  'POST /crew/tasks/{taskId}/finding': { finding: 'It lies in the Seine.' },
  'POST /operator/sign-in': staff,
  'POST /operator/riders/{riderId}/licence': { decision: 'accept', ...why },
  'POST /operator/riders/{riderId}/suspend': why,
  'POST /operator/riders/{riderId}/reinstate': why,
  'POST /operator/scooters': { scooters: [{ plate: 'NEW-1', vin: 'VF9NEW0001' }] },
  'POST /operator/scooters/import': { ...why, scooters: [{ plate: 'NEW-2', vin: 'VF9NEW0002', commandKey: '3e9d'.repeat(16), password: 'x3VqLm90tPzR-7ab' }] },
  'POST /operator/scooters/{scooterId}/keys': why,
  'POST /operator/scooters/{scooterId}/revoke': why,
  'POST /operator/scooters/{scooterId}/reinstate': why,
  'POST /operator/scooters/{scooterId}/retire': why,
  'POST /operator/releases': { name: '9.9.9', image: 'AAAA', sha256: 'ab'.repeat(32), notes: 'none', ...why },
  'POST /operator/releases/{release}/rollout': { order: 'start', ...why },
  'POST /operator/releases/{release}/hold': why,
  'POST /operator/scooters/{scooterId}/commands': { kind: 'locate', ...why },
  'POST /operator/tasks/{taskId}/assign': { crewId: NOBODY_HAS, ...why },
  'POST /operator/tasks/{taskId}/cancel': why,
  'POST /operator/alerts/{alertId}/snooze': { minutes: 5, ...why },
  'POST /operator/alerts/{alertId}/assign': { owner: NOBODY_HAS },
  'POST /operator/alerts/{alertId}/close': why,
  'POST /operator/crews': { name: 'Crew of nonsense', hub: place },
  'POST /operator/zones': {
    note: 'One square', ...why,
    zones: [{ kind: 'service', name: 'Square', priority: 1, maxSpeedKmh: 20, geometry: { type: 'Polygon', coordinates: [[[2.3, 48.8], [2.4, 48.8], [2.4, 48.9], [2.3, 48.8]]] } }],
  },
  'POST /operator/tariffs': {
    ...why,
    tariff: {
      name: 'Winter', currency: 'EUR', rideMinuteCents: 30, pauseMinuteCents: 13, unlockCents: 0, minimumCents: 0, dayCapCents: 3360,
      holdCents: 1000, graceSeconds: 120, graceMeters: 150, taxPercent: 20, inForceFrom: '2027-01-01T00:00:00Z',
    },
  },
};
/** These two take large bodies. */
const ZONES = 'POST /operator/zones';
const LARGE = [ZONES, 'POST /operator/releases'];
/** A look at a person that was wrong only in its details is a look, and is written down. */
const LOOKS = ['audit_entries'];
/** What is no number, no id, no word of ours. */
const NO_VALUE = ['', 'null', '[]', 'NaN', 'Infinity', '1e400', 'undefined', '%00', '%C0%AF', '%ED%A0%80', 'x'.repeat(3000), "'%20or%201=1--", '{}', '0x10g'];
const OTHER_MEDIA = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonp', '*/*'];
const FREE_TEXT = ['reason', 'phone', 'email'];

let world: World;
let doors: Door[];
let tap: BrokerTap;
let before: Record<string, string>;
let tokens: Record<'rider' | 'crew' | 'operator', string>;
let fits: (door: Door, value: unknown) => boolean;

beforeAll(async () => {
  world = await World.start();
  const [rider, crew, admin] = [await world.people.rider(), await world.people.crew(), await world.people.staff('admin')];
  tokens = { rider: rider.token, crew: crew.token, operator: admin.token };
  const document = (await world.door.get<ApiDocument & Record<string, unknown>>('/openapi.json')).body;
  doors = doorsOf(document);
  fits = fitting(document);
  tap = await world.tap();
  await world.mustBeQuiet();
  // The zones left for those who come later were there before.
  tap.heard.length = 0;
});
beforeEach(async () => { before = await rowsDigest(world.db); });
afterEach(async () => {
  expect(tap.heard.filter(({ topic }) => topic.startsWith('v1/down/'))).toEqual([]);
  expect((await world.door.get('/health/live')).status).toBe(200);
});
afterAll(async () => {
  await tap.close();
  await world.stop();
});

const pathOf = (door: Door): string => door.path.replaceAll(/\{\w+\}/g, NOBODY_HAS);
const knock = (door: Door, asked: Asked, query = ''): Promise<Answer> =>
  world.door.ask(door.method, `${pathOf(door)}${query}`, { token: tokens[door.path.split('/')[1] as keyof typeof tokens], ...asked });
const nothingChanged = async (but: readonly string[] = []): Promise<void> => {
  const now = await rowsDigest(world.db, but);
  expect(now).toEqual(Object.fromEntries(Object.entries(before).filter(([table]) => !but.includes(table))));
};
const withBody = (): Door[] => doors.filter((door) => bodySchemaOf(door) !== undefined);
const goodFor = (door: Door): unknown => GOOD[door.name];

describe('bad input', () => {
  it('is tried at every door that takes anything, beside a twin that fits', () => {
    expect(Object.keys(GOOD).sort()).toEqual(withBody().map(({ name }) => name).sort());
    expect(withBody().filter((door) => !fits(door, goodFor(door))).map(({ name }) => name)).toEqual([]);
  });

  it('of the wrong kind, missing or too much is refused, field by field', async () => {
    const odd: string[] = [];
    let tried = 0;
    for (const door of withBody()) {
      await each(spoiltBodies(goodFor(door)).filter(({ text }) => text.includes('"__proto__"') || !fits(door, JSON.parse(text))), async ({ what, text }) => {
        tried++;
        odd.push(...flaws(`${door.name}: ${what}`, await knock(door, { raw: text }), 400));
      });
    }
    expect(odd).toEqual([]);
    expect(tried).toBeGreaterThan(800);
    await nothingChanged();
  });

  it('in characters that no person types is refused in every text', async () => {
    const odd: string[] = [];
    for (const door of withBody()) {
      // A password may be anything: it is never shown and never stored.
      const cases = untypedBodies(goodFor(door)).filter(({ what }) => !what.startsWith('password'));
      await each(cases, async ({ what, text }) => {
        odd.push(...flaws(`${door.name}: ${what}`, await knock(door, { raw: text }), what.includes('geometry') ? 422 : 400));
      });
    }
    expect(odd).toEqual([]);
    await nothingChanged();
  });

  it('that only looks bad is text like any other, or politely refused', async () => {
    const odd: string[] = [];
    for (const door of withBody()) {
      await each(harmlessBodies(goodFor(door)), async ({ what, text }) => { odd.push(...flaws(`${door.name}: ${what}`, await knock(door, { raw: text }))); });
    }
    expect(odd).toEqual([]);
    expect(await world.door.get('/rider/prices')).toMatchObject({ status: 200 });
  });

  it('that is no JSON, too much or something else altogether is refused', async () => {
    const odd: string[] = [];
    for (const door of withBody()) {
      // One reader reads for all: everything is tried at some doors, something at all of them.
      const all = ['POST /rider/rides', 'POST /crew/sign-in', ZONES].includes(door.name);
      await each(brokenBytes(goodFor(door)).filter((_case, i) => all || i % 4 === 0), async ({ what, bytes, status }) => {
        const due = LARGE.includes(door.name) && status === 413 ? 400 : status;
        odd.push(...flaws(`${door.name}: ${what}`, await knock(door, { raw: bytes }), due));
      });
      await each(OTHER_MEDIA.filter((_type, i) => all || i === 0), async (type) => {
        const answer = await knock(door, { raw: JSON.stringify(goodFor(door)), headers: { 'content-type': type } });
        odd.push(...flaws(`${door.name}: ${type}`, answer, 415));
      });
    }
    expect(odd).toEqual([]);
    await nothingChanged();
  });

  it('that is larger than even zones may be is refused', async () => {
    const door = doors.find(({ name }) => name === ZONES);
    expect(door).toBeDefined();
    if (door) expect(flaws('2 MB', await knock(door, { raw: `{"note":"${'x'.repeat(2_000_000)}"}` }), 413)).toEqual([]);
    await nothingChanged();
  });

  it('behind the question mark is refused', async () => {
    const odd: string[] = [];
    for (const door of doors.filter(({ method }) => method === 'GET')) {
      const wanted = (door.parameters ?? []).filter((parameter) => parameter.in === 'query');
      const good = wanted.map(({ name }) => `${name}=${goodQuery[name] ?? ''}`);
      for (const { name } of wanted) {
        const others = good.filter((pair) => !pair.startsWith(`${name}=`));
        await each(NO_VALUE, async (value) => {
          odd.push(...flaws(`${door.name}: ${name}=${value.slice(0, 20)}`, await knock(door, {}, `?${[...others, `${name}=${value}`].join('&')}`), FREE_TEXT.includes(name) ? undefined : 400));
        });
        for (const twice of [`${name}=1&${name}=2`, `${name}[]=1`, `${name}[$ne]=1`, `${name}.constructor=1`]) {
          odd.push(...flaws(`${door.name}: ${twice}`, await knock(door, {}, `?${[...others, twice].join('&')}`), 400));
        }
      }
      if (wanted.length === 0) continue;
      for (const extra of ['role=admin', '__proto__[admin]=1', 'toString=1', '%00=1']) {
        odd.push(...flaws(`${door.name}: ${extra}`, await knock(door, {}, `?${[...good, extra].join('&')}`), 400));
      }
    }
    expect(odd).toEqual([]);
    await nothingChanged(LOOKS);
  });

  it('in headers is refused', async () => {
    const door = doors.find(({ name }) => name === 'POST /rider/rides');
    if (!door) throw new Error('there is no such door');
    const body = goodFor(door);
    const odd: string[] = [];
    for (const key of ['', ' ', 'x'.repeat(256), 'two words', 'clé', 'x'.repeat(4000), 'a\tb']) {
      odd.push(...flaws(`Idempotency-Key ${key.slice(0, 20)}`, await knock(door, { body, headers: { 'idempotency-key': key } }), 400));
    }
    // A key that can be one is used up by an answer only, not by a no.
    for (const key of ["' or 1=1 --".replaceAll(' ', ''), '../../x', 'x'.repeat(255), '__proto__']) {
      for (let time = 0; time < 2; time++) odd.push(...flaws(`Idempotency-Key ${key.slice(0, 20)}`, await knock(door, { body, headers: { 'idempotency-key': key } }), 404));
    }
    for (const headers of [{ 'x-http-method-override': 'DELETE' }, { 'x-forwarded-for': "'; --" }, { origin: 'null' }, { 'accept-language': 'x'.repeat(3000) }, { accept: 'application/xml' }]) {
      odd.push(...flaws(JSON.stringify(headers), await knock(door, { body, headers: headers }), 404));
    }
    expect(odd).toEqual([]);
    await nothingChanged();
  });

  it.each([
    ['an address that cannot be read',      'GET /rider/rides/%ff HTTP/1.1\r\nHost: a\r\n\r\n',                                        400],
    ['an address of one percent sign',      'GET /% HTTP/1.1\r\nHost: a\r\n\r\n',                                                      400],
    ['an id longer than any',               `GET /rider/rides/${'1'.repeat(500)} HTTP/1.1\r\nHost: a\r\n\r\n`,                          400],
    ['no HTTP at all',                      'hello there\r\n\r\n',                                                                     400],
    ['another protocol',                    '\x16\x03\x01\x02\x00\x01\x00\x01',                                                        400],
    ['a method nobody knows',               'STEAL /rider/rides HTTP/1.1\r\nHost: a\r\n\r\n',                                          400],
    ['TRACE',                               'TRACE /rider/profile HTTP/1.1\r\nHost: a\r\n\r\n',                                        404],
    ['headers without end',                 `GET / HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`,                            413],
    ['two lengths',                         'POST /rider/sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 400],
    ['a length and chunks',                 'POST /rider/sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['chunks that are none',                'POST /rider/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['a NUL in a header',                   'GET /rider/profile HTTP/1.1\r\nHost: a\r\nx: a\0b\r\n\r\n',                               400],
    ['a line break in a header',            'GET /rider/profile HTTP/1.1\r\nHost: a\r\nx: a\nSet-Cookie: b\r\n\r\n',                   400],
  ])('on the line itself (%s) is refused in the same shape', async (_what, bytes, status) => {
    const text = await bare(bytes);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
    expect(flaws('bare', { status, body: JSON.parse(body) as Answer['body'], headers: new Headers({ 'content-type': 'application/json' }) }, status)).toEqual([]);
    await nothingChanged();
  });
});

const goodQuery: Record<string, string> = {
  latitude: '48.8531', longitude: '2.3691', radiusM: '500', accuracyM: '5', limit: '5', cursor: NOBODY_HAS, state: 'cancelled',
  reason: 'asked%20by%20a%20test', email: 'nobody@example.org', phone: '%2B33612121212',
};

/** Some at a time: the service is asked by many at once in life, too. */
async function each<T>(cases: readonly T[], ask: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < cases.length; from += 8) await Promise.all(cases.slice(from, from + 8).map(ask));
}

const knownNo = new Map<string, readonly [number, string]>(Object.entries(errors));

/** What is wrong with a no, in one line; a 2xx is wrong only where a no was due. */
function flaws(what: string, { status, body, headers }: Answer, due?: number): string[] {
  if (due !== undefined && status !== due) return [`${what}: ${status} and not ${due}`];
  if (status < 400) return [];
  if (status >= 500) return [`${what}: ${status}`];
  const { error } = body as Partial<Answer['body']>;
  const [known, message] = knownNo.get(error?.code ?? '') ?? [];
  const keys = Object.keys(error ?? {}).sort().join();
  const shaped = Object.keys(body).join() === 'error' && keys === 'code,details,message,requestId' && known === status && message === error?.message;
  const plain = !/\bat \/|node_modules|select |insert |syntax error|SyntaxError|FST_|postgres/i.test(JSON.stringify(body));
  return shaped && plain && headers.get('content-type')?.startsWith('application/json') === true ? [] : [`${what}: ${JSON.stringify(body)}`];
}

function fitting(document: ApiDocument): typeof fits {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'city', components: document.components });
  const known = new Map<string, ValidateFunction>();
  return (door, value) => {
    const check = known.get(door.name)
      ?? ajv.compile(JSON.parse(JSON.stringify(bodySchemaOf(door)).replaceAll('"#/components/', '"city#/components/')) as object);
    known.set(door.name, check);
    return check(value);
  };
}

/** Bytes to the service, and what comes back until it hangs up or has said all. */
function bare(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.url);
    let heard = '';
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.on('data', (part) => {
      heard += part.toString('utf8');
      if (heard.includes('\r\n\r\n') && heard.endsWith('}')) socket.destroy();
    });
    socket.setTimeout(4000, () => socket.destroy());
    socket.on('close', () => { resolve(heard); });
    socket.on('error', reject);
  });
}
