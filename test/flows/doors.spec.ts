// Every door of the service, whom it lets in, and what it says to each. Rows stand in the order of a day in
// the city, because each is really gone through. A route without a row fails.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { errors, type RefusalCode } from '../../src/errors.js';
import { AnswerCheck, type ApiDocument } from '../kit/api-document.js';
import type { Answer } from '../kit/city-door.js';
import { DEMO_PASSWORD } from '../kit/furniture.js';
import type { TestScooter } from '../kit/garage.js';
import type { TestPerson, TestRider } from '../kit/people.js';
import { BASTILLE } from '../kit/places.js';
import { routesOf } from '../kit/router-table.js';
import { World } from '../kit/world.js';

const AUDIENCES = ['nobody', 'rider', 'otherRider', 'crew', 'otherCrew', 'operator', 'support', 'admin'] as const;
type Audience = (typeof AUDIENCES)[number];
const ANYONE = AUDIENCES;
const RIDERS: readonly Audience[] = ['rider', 'otherRider'];
const CREWS: readonly Audience[] = ['crew', 'otherCrew'];
const STAFF: readonly Audience[] = ['operator', 'support', 'admin'];
const ORDERS: readonly Audience[] = ['operator', 'admin'];
const PEOPLE: readonly Audience[] = ['support', 'admin'];
const ADMIN: readonly Audience[] = ['admin'];

/** 200, or the code of a refusal. */
type Said = number | RefusalCode;
interface Scene {
  readonly world: World;
  readonly people: Record<Exclude<Audience, 'nobody'>, TestPerson>;
  readonly rider: TestRider;
  readonly otherRider: TestRider;
  readonly scooter: TestScooter;
  readonly low: TestScooter;
  rideId: string;
  reservationId: string;
  debtId: string;
  taskId: string;
  alertId: string;
  newId: string;
  readonly crewId: string;
}
interface More {
  /** What goes into the path; by default nothing does. */
  readonly id?: (scene: Scene) => string;
  /** What an id nobody has is answered; also what somebody else's own id is answered. */
  readonly unknown?: RefusalCode;
  readonly body?: (scene: Scene) => unknown;
  readonly query?: string;
  /** What nobody has, where ids are no UUIDs. */
  readonly nobody?: string;
  /** Brings the city where the door can be gone through. */
  readonly before?: (scene: Scene) => Promise<void>;
  /** Keeps what later rows need. */
  readonly after?: (scene: Scene, answer: Answer) => void;
}
/** door, open to, what the first of them is told, what the others are told, and more. */
type Row = readonly [door: string, to: readonly Audience[], first: Said, then: Said, more?: More];

const until = (state: string) => async (s: Scene) => { await s.rider.until(s.rideId, state); };
const ride: More = { id: (s) => s.rideId, unknown: 'ride_unknown' };
const task: More = { id: (s) => s.taskId, unknown: 'task_unknown' };
const alert: More = { id: (s) => s.alertId, unknown: 'alert_unknown' };
const person: More = { id: (s) => s.otherRider.riderId, unknown: 'rider_unknown' };
const newScooter: More = { id: (s) => s.newId, unknown: 'scooter_unknown' };
const made = { plate: 'MADE-1', vin: 'VF9MADE0001', commandKey: createHash('sha256').update('burnt in').digest('hex'), password: 'q7Lw2Xk9Rt4Vb8Zm' };
const scooter: More = { id: (s) => s.scooter.id, unknown: 'scooter_unknown' };
const release: More = { id: () => '1.1.0', unknown: 'release_unknown', nobody: '99.0.0' };
const why = { reason: 'asked by the test of doors' };
const place = `latitude=${String(BASTILLE.latitude)}&longitude=${String(BASTILLE.longitude)}`;
const newcomer = { firstName: 'Nour', lastName: 'Roux', email: 'nour@example.org', phone: '+33612121212', birthDate: '1990-01-01' };
const tariff = {
  name: 'Winter', currency: 'EUR', rideMinuteCents: 30, pauseMinuteCents: 13, unlockCents: 0, minimumCents: 0, dayCapCents: 3360,
  holdCents: 1000, graceSeconds: 120, graceMeters: 150, taxPercent: 20, inForceFrom: '2027-01-01T00:00:00Z',
};
const firmware = { name: '1.1.0', image: 'YQ==', sha256: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb', notes: 'One letter' };
const square = [[[2.33, 48.85], [2.34, 48.85], [2.34, 48.86], [2.33, 48.86], [2.33, 48.85]]];
const zones = { note: 'One square', ...why, zones: [{ kind: 'service', name: 'Square', geometry: { type: 'Polygon', coordinates: square } }] };

/** Nobody is sent many codes an hour. */
let nextPhone = 20;

const TABLE: readonly Row[] = [
  ['GET /health/live',                         ANYONE, 200, 200],
  ['GET /health/ready',                        ANYONE, 200, 200],
  ['GET /metrics',                             ANYONE, 200, 200],
  ['GET /openapi.json',                        ANYONE, 200, 200],
  ['GET /docs',                                ANYONE, 200, 200],
  ['GET /docs/',                               ANYONE, 200, 200],
  ['GET /docs/index.html',                     ANYONE, 200, 200],
  ['GET /docs/swagger-ui-init.js',             ANYONE, 200, 200],
  ['GET /docs/docs/swagger-ui-init.js',        ANYONE, 200, 200],
  ['GET /docs/LICENSE',                        ANYONE, 'not_found', 'not_found'],
  ['GET /docs/*',                              ANYONE, 'not_found', 'not_found'],
  ['POST /webhooks/stripe',                    ANYONE, 'signature_wrong', 'signature_wrong', { body: () => ({ id: 'evt_1' }) }],

  ['GET /rider/prices',                        ANYONE, 200, 200],
  ['GET /rider/zones',                         ANYONE, 200, 200],
  ['GET /rider/parking',                       ANYONE, 200, 200, { query: place }],
  ['GET /rider/scooters',                      ANYONE, 200, 200, { query: place }],
  ['POST /rider/sign-up',                      ANYONE, 201, 'account_exists', { body: () => newcomer }],
  ['POST /rider/sign-in',                      ANYONE, 202, 202, { body: () => ({ phone: `+336131313${String(nextPhone++)}` }) }],
  ['POST /rider/verify-phone',                 ANYONE, 'code_wrong', 'code_wrong', { body: () => ({ phone: '+33613131313', code: '000000' }) }],
  ['POST /crew/sign-in',                       ANYONE, 200, 200, { body: () => ({ email: 'crew-bastille@roue-libre.example', password: DEMO_PASSWORD }) }],
  ['POST /operator/sign-in',                   ANYONE, 200, 200, { body: () => ({ email: 'support@roue-libre.example', password: DEMO_PASSWORD }) }],

  ['GET /rider/profile',                       RIDERS, 200, 200],
  ['POST /rider/licence',                      RIDERS, 'licence_not_needed', 200, { body: () => ({ class: 'B', number: '13AA00002', issuedOn: '2020-02-02' }) }],
  ['POST /rider/card/setup',                   RIDERS, 201, 201],
  ['POST /rider/card',                         RIDERS, 'card_not_confirmed', 'card_not_confirmed', { body: () => ({ setupIntentId: 'seti_unknown' }) }],
  ['GET /rider/card',                          RIDERS, 200, 'card_missing'],
  ['POST /rider/reservations',                 RIDERS, 201, 'licence_in_review', {
    body: (s) => ({ scooterId: s.scooter.id }), after: (s, { body }) => { s.reservationId = String(body['id']); } }],
  ['GET /rider/reservations/current',          RIDERS, 200, 'reservation_unknown'],
  ['POST /rider/reservations/{}/locate',       RIDERS, 202, 'reservation_unknown', { id: (s) => s.reservationId, unknown: 'reservation_unknown' }],
  ['DELETE /rider/reservations/{}',            RIDERS, 204, 'reservation_unknown', { id: (s) => s.reservationId, unknown: 'reservation_unknown' }],
  ['POST /rider/rides',                        RIDERS, 202, 'licence_in_review', {
    body: (s) => ({ scooterId: s.scooter.id, acceptedHoldCents: 1000 }), after: (s, { body }) => { s.rideId = String(body['id']); } }],
  ['GET /rider/rides/current',                 RIDERS, 200, 'no_live_ride'],
  ['GET /rider/rides',                         RIDERS, 200, 200],
  ['GET /rider/rides/{}',                      RIDERS, 200, 'ride_unknown', ride],
  ['POST /rider/rides/{}/pause',               RIDERS, 202, 'ride_unknown', { ...ride, before: until('riding') }],
  ['POST /rider/rides/{}/resume',              RIDERS, 202, 'ride_unknown', { ...ride, before: until('paused') }],
  ['POST /rider/rides/{}/end',                 RIDERS, 202, 'ride_unknown', { ...ride, before: rideLongAndLoseTheBank }],
  ['GET /rider/rides/{}/receipt',              RIDERS, 200, 'ride_unknown', { ...ride, before: until('ended') }],
  ['GET /rider/debts',                         RIDERS, 200, 200, { before: oweSomething }],
  ['POST /rider/debts/{}/pay',                 RIDERS, 200, 'debt_unknown', { id: (s) => s.debtId, unknown: 'debt_unknown' }],

  ['GET /crew/shift',                          CREWS, 200, 200],
  ['POST /crew/shift/start',                   CREWS, 200, 200, { body: () => ({ fullPacks: 5 }) }],
  ['GET /crew/tasks',                          CREWS, 200, 200],
  ['POST /operator/tasks/{}/assign',           ORDERS, 200, 200, { ...task, body: (s) => ({ crewId: s.crewId, ...why }), before: runLow }],
  ['GET /crew/tasks/{}',                       CREWS, 200, 'task_unknown', task],
  ['POST /crew/tasks/{}/arrive',               CREWS, 200, 'task_unknown', { ...task, body: () => ({ position: BASTILLE }) }],
  ['POST /crew/tasks/{}/open-bay',             CREWS, 202, 'task_unknown', task],
  ['POST /crew/tasks/{}/report',               CREWS, 200, 'task_unknown', { ...task, body: () => ({ serialOut: 'OLD', serialIn: 'NEW' }) }],
  ['POST /crew/tasks/{}/finding',              CREWS, 'step_not_allowed', 'task_unknown', { ...task, body: () => ({ finding: 'It lies in the Seine.' }) }],
  ['POST /crew/shift/end',                     CREWS, 200, 200],

  ['GET /operator/fleet/summary',              STAFF, 200, 200],
  ['GET /operator/scooters',                   STAFF, 200, 200],
  ['POST /operator/scooters',                  ADMIN, 201, 201, {
    body: () => ({ scooters: [{ plate: 'NEW-1', vin: 'VF9NEW0001' }] }),
    after: (s, { body }) => { s.newId = (body as { items: { scooterId: string }[] }).items[0]?.scooterId ?? ''; } }],
  ['POST /operator/scooters/import',           ADMIN, 201, 201, { body: () => ({ ...why, scooters: [made] }) }],
  ['POST /operator/scooters/{}/keys',          ORDERS, 202, 'key_change_under_way', { ...newScooter, body: () => why }],
  ['POST /operator/scooters/{}/revoke',        ORDERS, 200, 'scooter_revoked', { ...newScooter, body: () => why }],
  ['POST /operator/scooters/{}/reinstate',     ADMIN, 200, 200, { ...newScooter, body: () => why }],
  ['POST /operator/scooters/{}/retire',        ADMIN, 200, 200, { ...newScooter, body: () => why }],
  ['GET /operator/scooters/{}',                STAFF, 200, 200, scooter],
  ['POST /operator/scooters/{}/commands',      ORDERS, 202, 202, { ...scooter, body: () => ({ kind: 'locate', ...why }) }],
  ['GET /operator/scooters/{}/commands',       STAFF, 200, 200, scooter],
  ['GET /operator/scooters/{}/doubts',         STAFF, 200, 200, scooter],
  ['GET /operator/alerts',                     STAFF, 200, 200],
  ['GET /operator/alerts/{}',                  STAFF, 200, 200, { ...alert, before: fallDown }],
  ['POST /operator/alerts/{}/acknowledge',     ORDERS, 200, 'step_not_allowed', alert],
  ['POST /operator/alerts/{}/assign',          ORDERS, 'staff_unknown', 'staff_unknown', { ...alert, unknown: 'staff_unknown', body: () => ({ owner: NOBODY_HAS }) }],
  ['POST /operator/alerts/{}/snooze',          ORDERS, 200, 200, { ...alert, body: () => ({ minutes: 5, ...why }) }],
  ['POST /operator/alerts/{}/close',           ORDERS, 200, 'step_not_allowed', { ...alert, body: () => why }],
  ['GET /operator/rides',                      STAFF, 200, 200],
  ['GET /operator/rides/{}',                   PEOPLE, 200, 200, { ...ride, query: `reason=${encodeURIComponent(why.reason)}` }],
  ['GET /operator/riders',                     PEOPLE, 200, 200, { query: `email=nour@example.org&reason=${encodeURIComponent(why.reason)}` }],
  ['GET /operator/riders/{}',                  PEOPLE, 200, 200, { ...person, query: `reason=${encodeURIComponent(why.reason)}` }],
  ['POST /operator/riders/{}/licence',         PEOPLE, 200, 'step_not_allowed', { ...person, body: () => ({ decision: 'accept', ...why }) }],
  ['POST /operator/riders/{}/suspend',         PEOPLE, 200, 'step_not_allowed', { ...person, body: () => why }],
  ['POST /operator/riders/{}/reinstate',       PEOPLE, 200, 'step_not_allowed', { ...person, body: () => why }],
  ['GET /operator/tasks',                      STAFF, 200, 200],
  ['POST /operator/tasks/{}/cancel',           ORDERS, 200, 'step_not_allowed', { ...task, body: () => why }],
  ['GET /operator/crews',                      STAFF, 200, 200],
  ['POST /operator/crews',                     ORDERS, 201, 'crew_name_taken', { body: () => ({ name: 'Crew of the doors', hub: BASTILLE }) }],
  ['GET /operator/zones',                      STAFF, 200, 200],
  ['GET /operator/zones/on-board',             STAFF, 200, 200],
  ['POST /operator/zones',                     ORDERS, 201, 201, { body: () => zones }],
  ['GET /operator/tariffs',                    STAFF, 200, 200],
  ['POST /operator/tariffs',                   ORDERS, 201, 'tariff_instant_taken', { body: () => ({ tariff, ...why }) }],
  ['GET /operator/releases',                   STAFF, 200, 200],
  ['POST /operator/releases',                  ADMIN, 201, 201, { body: () => ({ ...firmware, ...why }) }],
  ['GET /operator/releases/{}',                STAFF, 200, 200, release],
  ['GET /devices/releases/{}/image',           ANYONE, 'release_unknown', 'release_unknown', release],
  ['POST /operator/releases/{}/rollout',       ADMIN, 200, 200, { ...release, body: () => ({ order: 'start', ...why }) }],
  ['GET /operator/releases/{}/scooters',       STAFF, 200, 200, release],
  ['POST /operator/releases/{}/hold',          ORDERS, 200, 'step_not_allowed', { ...release, body: () => why }],
  ['GET /operator/scooters/{}/firmware',       STAFF, 200, 200, scooter],
  ['GET /operator/ledger',                     STAFF, 200, 200],
  ['GET /operator/audit',                      ADMIN, 200, 200],

  ['POST /crew/sign-out',                      CREWS, 200, 200],
  ['POST /operator/sign-out',                  STAFF, 200, 200, { before: staffComesBack }],
  ['POST /rider/sign-out',                     RIDERS, 200, 200, { before: staffComesBack }],
];

/** Longer than the hold pays for, to a bank that says no to the rest. */
async function rideLongAndLoseTheBank(s: Scene): Promise<void> {
  await s.rider.until(s.rideId, 'riding');
  await s.world.pass(50 * 60);
  s.world.stripe.faults.next({ kind: 'decline', code: 'card_declined', declineCode: 'insufficient_funds' }, { operation: 'payment_intents.create' });
}

async function oweSomething(s: Scene): Promise<void> {
  await s.world.until(async () => (await s.rider.ride(s.rideId)).payment.state === 'debt', 'a debt');
  const { body } = await s.rider.get<{ items: { id: string }[] }>('/rider/debts');
  s.debtId = body.items[0]?.id ?? '';
}

async function runLow(s: Scene): Promise<void> {
  s.low.unit.setRange(8);
  const read = async () => (await s.world.db.query<{ id: string }[]>('select id from tasks where scooter_id = $1', [s.low.id]))[0]?.id;
  await s.world.until(async () => (await read()) !== undefined, 'a task');
  s.taskId = (await read()) ?? '';
}

async function fallDown(s: Scene): Promise<void> {
  s.scooter.unit.put({ thing: 'body', state: 'fallen' });
  const read = async () => (await s.world.db.query<{ id: string }[]>('select id from alerts where scooter_id = $1', [s.scooter.id]))[0]?.id;
  await s.world.until(async () => (await read()) !== undefined, 'an alert');
  s.alertId = (await read()) ?? '';
}

async function staffComesBack({ world, people }: Scene): Promise<void> {
  Object.assign(people, {
    crew: await world.people.crew('bastille'), otherCrew: await world.people.crew('belleville'),
    operator: await world.people.staff('operator'), support: await world.people.staff('support'), admin: await world.people.staff('admin'),
  });
}

const NOBODY_HAS = '018f0000-0000-7000-8000-00000000dead';
const MALFORMED = ['1', '018f0000-0000-7000-8000-00000000dead%00', '%F0%9F%9B%B5', "'%20or%201=1--", 'undefined'];

describe('the doors', () => {
  let world: World;
  let scene: Scene;
  let check: AnswerCheck;
  beforeAll(async () => {
    world = await World.start();
    const rider = await world.people.rider();
    const otherRider = await world.people.rider({ card: null, birthDate: '1999-09-09' });
    const crew = await world.people.crew('bastille');
    const people = { rider, otherRider, crew, otherCrew: crew, operator: crew, support: crew, admin: crew };
    scene = {
      world, rider, otherRider, people, crewId: crew.crewId,
      scooter: await world.garage.scooter(), low: await world.garage.scooter({ rangeKm: 14 }),
      rideId: '', reservationId: '', debtId: '', taskId: '', alertId: '', newId: '',
    };
    await staffComesBack(scene);
    check = new AnswerCheck((await world.door.get<ApiDocument & Record<string, unknown>>('/openapi.json')).body);
  });
  afterAll(async () => { await world.stop(); });

  const knock = async (audience: Audience, [door, , , , more]: Row, id: string): Promise<Answer> => {
    const [method = '', path = ''] = door.split(' ');
    const address = `${path.replace('{}', id)}${more?.query === undefined ? '' : `?${more.query}`}`;
    const body = more?.body?.(scene);
    const answer = await scene.world.door.ask(method, address, {
      token: audience === 'nobody' ? undefined : scene.people[audience].token, ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 400) expectNo(answer);
    const promised = check.doorFor(method, address.split('?')[0] ?? '');
    if (promised && answer.status < 400) expect(check.flaws(promised, answer.status, 'text' in answer.body ? answer.body.text : answer.body)).toEqual([]);
    return answer;
  };
  const told = async (audience: Audience, row: Row, id: string): Promise<Said> => {
    const { status, body } = await knock(audience, row, id);
    return status < 400 ? status : (body.error?.code as RefusalCode);
  };

  it('are all in the table, and nothing else is', () => {
    expect(TABLE.map(([door]) => door).sort()).toEqual(routesOf(scene.world.app));
  });

  it.each(TABLE.map((row) => [row[0], row] as const))('%s opens to whom it should', async (_door, row) => {
    const [, to, first, then, more] = row;
    await more?.before?.(scene);
    const own = more?.id?.(scene) ?? '';
    const strangers = AUDIENCES.filter((audience) => !to.includes(audience));
    const ids = more?.id === undefined ? [''] : [own, more.nobody ?? NOBODY_HAS, MALFORMED[0] ?? ''];
    for (const audience of strangers) {
      for (const id of ids) expect([audience, id, await told(audience, row, id)]).toEqual([audience, id, audience === 'nobody' ? 'signed_out' : 'not_for_you']);
    }
    if (more?.id !== undefined) {
      for (const audience of to) {
        expect([audience, await told(audience, row, more.nobody ?? NOBODY_HAS)]).toEqual([audience, more.unknown]);
        for (const id of MALFORMED) expect([audience, id, await told(audience, row, id)]).toEqual([audience, id, 'malformed']);
      }
    }
    // Who may not have it comes first: the owner's own visit may change what there is to have.
    const [owner = 'nobody', ...others] = to;
    const afterwards = then === more?.unknown ? [] : others;
    for (const audience of others.filter((other) => !afterwards.includes(other))) expect([audience, await told(audience, row, own)]).toEqual([audience, then]);
    const answer = await knock(owner, row, own);
    expect([owner, answer.status < 400 ? answer.status : answer.body.error?.code]).toEqual([owner, first]);
    more?.after?.(scene, answer);
    for (const audience of afterwards) expect([audience, await told(audience, row, more?.id?.(scene) ?? '')]).toEqual([audience, then]);
  });

  it('that are not there say so in the same shape, whatever is asked of them and how', async () => {
    const { admin } = scene.people;
    for (const path of ['/', '/nowhere', '/rider', '/rider/rides/1/2/3', '/RIDER/prices', '/rider/prices/', '/.git/config', '/.env', '/rider/..;/operator/ledger', '//rider/prices']) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        const answer = await scene.world.door.ask(method, path, { token: admin.token });
        expect([method, path, answer.status]).toEqual([method, path, 404]);
        expectNo(answer);
      }
    }
    const routes = routesOf(scene.world.app);
    for (const route of routes) {
      const path = (route.split(' ')[1] ?? '').replace('{}', NOBODY_HAS).replace('*', 'nothing');
      const known = routes.filter((other) => other.endsWith(` ${route.split(' ')[1] ?? ''}`)).map((other) => other.split(' ')[0]);
      for (const method of ['PUT', 'PATCH', 'OPTIONS'].filter((other) => !known.includes(other))) {
        const answer = await scene.world.door.ask(method, path, { headers: { 'x-http-method-override': 'GET' } });
        expect([method, path, answer.status]).toEqual([method, path, 404]);
        expectNo(answer);
      }
    }
  });

  it('do not read a token that is not one', async () => {
    const { token } = await scene.world.people.rider({ card: null });
    const odd = ['', 'Bearer', 'Bearer ', `Basic ${token}`, `bearer ${token}`, `Bearer ${token}x`, `Bearer ${token} ${token}`, `Bearer ${token.slice(0, -1)}`,
      `Bearer ${'a'.repeat(9000)}`, "Bearer ' or 1=1 --aaaaaaaaaaaaaaaa", 'Bearer null', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.'];
    for (const authorization of odd) {
      const answer = await scene.world.door.get('/rider/profile', { headers: { authorization } });
      expect([authorization, answer.status]).toEqual([authorization, 401]);
      expectNo(answer);
    }
  });
});

function expectNo({ status, body, headers }: Answer): void {
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(body).toEqual({
    error: { code: expect.any(String), message: expect.any(String), details: expect.any(Object), requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
  const known = errors[body.error?.code as RefusalCode] as readonly [number, string] | undefined;
  expect([body.error?.code, status, body.error?.message]).toEqual([body.error?.code, known?.[0], known?.[1]]);
}
