// /openapi.json against what OpenAPI 3.1 asks of a document, against the doors that are really there, and
// against what they really answer while a ride goes by; and the page that lets people read it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnswerCheck, bodySchemaOf, doorsOf, refsIn, standsAt, type ApiDocument, type Door } from '../kit/api-document.js';
import { World } from '../kit/world.js';

/** What they do is said by their address. */
const WITHOUT_A_BODY = [
  'POST /rider/sign-out', 'POST /crew/sign-out', 'POST /operator/sign-out', 'POST /rider/card/setup', 'POST /rider/debts/{debtId}/pay',
  'POST /rider/reservations/{reservationId}/locate',
  'POST /rider/rides/{rideId}/pause', 'POST /rider/rides/{rideId}/resume', 'POST /rider/rides/{rideId}/end',
  'POST /crew/shift/end', 'POST /crew/tasks/{taskId}/open-bay', 'POST /operator/alerts/{alertId}/acknowledge',
];
const OPEN_TO_ALL = [
  'GET /rider/parking', 'GET /rider/prices', 'GET /rider/scooters', 'GET /rider/zones',
  'POST /crew/sign-in', 'POST /operator/sign-in', 'POST /rider/sign-in', 'POST /rider/sign-up', 'POST /rider/verify-phone',
];

const BASTILLE = 'latitude=48.8531&longitude=2.3691';
const OF_A_RIDE = [
  'GET /rider/card', 'GET /rider/debts', 'GET /rider/parking', 'GET /rider/prices', 'GET /rider/profile', 'GET /rider/reservations/current',
  'GET /rider/rides', 'GET /rider/rides/current', 'GET /rider/rides/{rideId}', 'GET /rider/rides/{rideId}/receipt', 'GET /rider/scooters', 'GET /rider/zones',
  'POST /rider/card', 'POST /rider/card/setup', 'POST /rider/reservations', 'POST /rider/rides', 'POST /rider/rides/{rideId}/end',
  'POST /rider/rides/{rideId}/pause', 'POST /rider/rides/{rideId}/resume', 'POST /rider/sign-up', 'POST /rider/verify-phone',
];

describe('the OpenAPI document', () => {
  let world: World;
  let document: ApiDocument;
  let doors: Door[];
  beforeAll(async () => {
    world = await World.start();
    document = (await world.door.get<ApiDocument & Record<string, unknown>>('/openapi.json')).body;
    doors = doorsOf(document);
  });
  afterAll(async () => { await world.stop(); });

  const names = (odd: (door: Door) => boolean): string[] => doors.filter(odd).map(({ name }) => name).sort();

  it('speaks OpenAPI 3.1, and no dialect of 3.0', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.stringify(document)).not.toMatch(/"nullable":|"exclusiveM(in|ax)imum":(true|false)|"\$schema"|"\$defs"/);
  });

  it('has no reference that leads nowhere', () => {
    expect(refsIn(document).length).toBeGreaterThan(40);
    expect([...new Set(refsIn(document))].filter((ref) => !ref.startsWith('#/components/') || standsAt(document, ref) === undefined)).toEqual([]);
  });

  it('says of every door what it is for, and where it belongs', () => {
    expect(names(({ summary, description }) => (summary ?? description ?? '').length < 10)).toEqual([]);
    expect(names(({ tags }) => (tags ?? []).length === 0)).toEqual([]);
    expect(new Set(doors.map(({ operationId }) => operationId)).size).toBe(doors.length);
  });

  it('says of every door what it answers, and refuses in one shape that is written down once', () => {
    const isAnswer = ([status, answer]: [string, Door['responses'][string]]): boolean => status === '204' || answer.content?.['application/json']?.schema !== undefined;
    expect(names(({ responses }) => !Object.entries(responses).some((entry) => entry[0].startsWith('2') && isAnswer(entry)))).toEqual([]);
    expect(names(({ responses }) => responses['default']?.$ref !== '#/components/responses/Error')).toEqual([]);
    expect(names(({ responses }) => Object.keys(responses).some((status) => /^[45]/.test(status)))).toEqual([]);
    expect(document.components.responses['Error']?.content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Error' });
  });

  it('says of every door what it takes', () => {
    expect(names((door) => door.method === 'POST' && bodySchemaOf(door) === undefined)).toEqual([...WITHOUT_A_BODY].sort());
    const inPath = (door: Door): string[] => (door.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(names((door) => [...door.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).join() !== inPath(door).join())).toEqual([]);
    expect(names((door) => (door.parameters ?? []).some(({ schema }) => schema?.['type'] === undefined))).toEqual([]);
  });

  it('says which doors are open to all', () => {
    expect(names(({ security }) => security === undefined)).toEqual(OPEN_TO_ALL);
  });

  it('is kept: everything answered while a ride goes by is what was promised', async () => {
    const check = new AnswerCheck(document);
    const used = new Set<string>();
    const flaws: string[] = [];
    world.door.witness = (method, path, { status, body }) => {
      const door = check.doorFor(method, path.split('?')[0] ?? '');
      if (!door) return;
      if (status < 400) used.add(door.name);
      flaws.push(...check.flaws(door, status, 'text' in body ? body.text : body));
    };
    await aRide(world);
    world.door.witness = null;
    expect(flaws).toEqual([]);
    // The other doors are gone through, and held against the same promises, in test/flows/doors.spec.ts.
    expect([...used].sort()).toEqual(OF_A_RIDE);
  });

  it('is read on a page that is all from our own house: no script, style or picture comes from elsewhere', async () => {
    const page = await fetch(`${world.url}/docs`);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    const wanted = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, address]) => new URL(address ?? '', `${world.url}/docs`));
    expect(wanted.length).toBeGreaterThan(3);
    expect(wanted.filter(({ origin }) => origin !== world.url)).toEqual([]);
    const got = await Promise.all(wanted.map(async (address) => [address.pathname, (await fetch(address)).status]));
    expect(got.filter(([, status]) => status !== 200)).toEqual([]);
    const init = await (await fetch(`${world.url}/docs/swagger-ui-init.js`)).text();
    expect(init).toContain('/rider/rides');
  });
});

/** From signing up to the receipt, as an app goes, with a look at everything on the way. */
async function aRide(world: World): Promise<void> {
  const rider = await world.people.rider();
  const { id } = await world.garage.scooter();
  for (const path of [`/rider/scooters?${BASTILLE}`, `/rider/parking?${BASTILLE}`, '/rider/prices', '/rider/zones', '/rider/profile', '/rider/card']) await rider.get(path);
  await rider.post('/rider/reservations', { scooterId: id });
  await rider.get('/rider/reservations/current');
  const ride = await rider.take(id);
  await world.pass(300);
  await rider.get('/rider/rides/current');
  await rider.post(`/rider/rides/${ride.id}/pause`);
  await rider.until(ride.id, 'paused');
  await rider.post(`/rider/rides/${ride.id}/resume`);
  await rider.until(ride.id, 'riding');
  expect((await rider.get(`/rider/rides/${ride.id}/receipt`)).status).toBe(409);
  await rider.post(`/rider/rides/${ride.id}/end`);
  await rider.until(ride.id, 'ended');
  await world.until(async () => (await rider.ride(ride.id)).payment.state === 'paid', 'paid');
  for (const path of [`/rider/rides/${ride.id}/receipt`, '/rider/rides', '/rider/debts']) await rider.get(path);
  expect((await rider.get('/rider/rides/current')).status).toBe(404);
}
