// Updates over the air, end to end: a fleet of simulated scooters, a control room, releases that are good and bad,
// and somebody on the broker who wants the scooters to run something else.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCity } from '../../src/city-app.js';
import { SigningService } from '../../src/identity/signing.service.js';
import { LoopService } from '../../src/platform/loop.service.js';
import { LinkService } from '../../src/telematics/link.service.js';
import { signBody, topics, type UpdateOffer } from '../../src/telematics/wire.js';
import { OffersService } from '../../src/updates/offers.service.js';
import { stageMembers } from '../../src/updates/stage-members.js';
import type { BrokerTap } from '../kit/broker-tap.js';
import type { TestScooter } from '../kit/garage.js';
import { expectStatus, type TestPerson } from '../kit/people.js';
import { World } from '../kit/world.js';

const FLEET = 60;
const WELL_SECONDS = 3700;
const DAY_SECONDS = 24 * 3600 + 60;
const shaOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const imageOf = (release: string, boots = true): Buffer => Buffer.from(JSON.stringify({ release, boots, filling: 'x'.repeat(2000) }));

interface Seen { state: string; stage: string | null; whyHalted: string | null; failed: number; scooters: Record<string, number> }
interface Firmware { runs: string | null; updates: { release: string; state: string; reason: string | null; attempts: number }[] }

describe('a release of firmware', () => {
  let world: World;
  let admin: TestPerson;
  let tap: BrokerTap;
  let strangers: Server;
  const fleet: TestScooter[] = [];
  const replicas: NestFastifyApplication[] = [];
  beforeAll(async () => {
    world = await World.start();
    admin = await world.people.staff('admin');
    for (let at = 0; at < FLEET; at++) fleet.push(await world.garage.scooter());
    tap = await world.tap();
    strangers = createServer();
    await new Promise<void>((resolve) => { strangers.listen(0, '127.0.0.1', resolve); });
    await world.until(async () => (await firmware(first())).runs === '1.0.0', 'the factory release');
  });
  // Days go by in here, and sessions with them.
  beforeEach(async () => { admin = await world.people.staff('admin'); });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => {
    strangers.closeAllConnections();
    strangers.close();
    for (const replica of replicas) await replica.close();
    await world.stop();
  });

  const first = (): TestScooter => scooterOf(fleet[0]?.id);
  const scooterOf = (id: string | undefined): TestScooter => {
    const scooter = fleet.find((one) => one.id === id);
    if (!scooter) throw new Error(`no scooter ${String(id)}`);
    return scooter;
  };
  /** Who will be asked first, which the service works out for itself. */
  const firstOf = (release: string): TestScooter => scooterOf(stageMembers(release, fleet.map(({ id }) => id).sort(), 'one_percent')[0]);
  const seen = async (release: string): Promise<Seen> => (await expectStatus(admin.get<Seen & Record<string, unknown>>(`/operator/releases/${release}`), 200)).body;
  const firmware = async ({ id }: TestScooter): Promise<Firmware> =>
    (await expectStatus(admin.get<Firmware & Record<string, unknown>>(`/operator/scooters/${id}/firmware`), 200)).body;
  const updateOf = async (release: string, scooter: TestScooter) => (await firmware(scooter)).updates.find((update) => update.release === release);
  const upload = async (release: string, image = imageOf(release)): Promise<void> => {
    await expectStatus(admin.post('/operator/releases', { name: release, image: image.toString('base64'), sha256: shaOf(image), notes: `Release ${release}`, reason: 'a test' }), 201);
  };
  const order = (release: string, what: string) => admin.post<Seen & Record<string, unknown>>(`/operator/releases/${release}/rollout`, { order: what, reason: 'a test' });
  const release = async (name: string, image = imageOf(name)): Promise<void> => {
    await upload(name, image);
    await expectStatus(order(name, 'start'), 200);
  };
  const reaches = (name: string, state: string): Promise<void> =>
    world.until(async () => (await seen(name)).state === state, `${name} in ${state}`);
  const installed = (name: string, count: number): Promise<void> =>
    world.until(async () => (await seen(name)).scooters['installed'] === count, () => `${name} on ${String(count)} scooters`);
  const offersOf = (name: string): string[] => tap.heard
    .filter(({ topic, text }) => topic.endsWith('/updates') && text.includes(`\\"release\\":\\"${name}\\"`)).map(({ topic }) => topic.split('/')[2] ?? '');
  /** Each event once, however often it was said until its receipt came. */
  const toldBy = (scooter: TestScooter, name: string): string[] => [...new Map(tap.on(topics.eventsFrom(scooter.id))
    .filter((event) => event['kind'] === 'update' && event['release'] === name)
    .map((event) => [`${String(event['boot'])}.${String(event['seq'])}`, [event['step'], event['reason']].join(' ').trim()])).values()];
  const slip = (scooter: TestScooter, offer: Partial<UpdateOffer>, key = world.app.get(SigningService)): Promise<boolean> => {
    const image = imageOf(offer.release ?? '9.0.0');
    const body = JSON.stringify({ scooterId: scooter.id, notAfter: world.clock.now().getTime() + 3_600_000,
      release: '9.0.0', url: `${world.url}/devices/releases/9.0.0/image`, sizeBytes: image.length, sha256: shaOf(image), ...offer });
    return world.app.get(LinkService).publish(topics.updatesTo(scooter.id), key.sign('updates', body));
  };

  it('goes to one scooter, then to a tenth, then to everybody, an hour after the one before went well', async () => {
    await upload('1.1.0');
    await world.turn();
    expect([(await seen('1.1.0')).state, offersOf('1.1.0')]).toEqual(['draft', []]);
    await expectStatus(order('1.1.0', 'start'), 200);
    await installed('1.1.0', 1);
    expect(offersOf('1.1.0')).toEqual([firstOf('1.1.0').id]);
    expect(toldBy(firstOf('1.1.0'), '1.1.0')).toEqual(['downloaded', 'installed']);
    await world.pass(1800);
    expect((await seen('1.1.0')).state).toBe('one_percent');
    await world.pass(WELL_SECONDS - 1800);
    await reaches('1.1.0', 'ten_percent');
    await installed('1.1.0', FLEET / 10);
    await world.pass(WELL_SECONDS);
    await reaches('1.1.0', 'everybody');
    await installed('1.1.0', FLEET);
    await world.pass(WELL_SECONDS);
    await reaches('1.1.0', 'finished');
    expect([...offersOf('1.1.0')].sort()).toEqual(fleet.map(({ id }) => id).sort());
    for (const scooter of fleet) expect((await firmware(scooter)).runs).toBe('1.1.0');
    const audit = await admin.get<{ items: { action: string; subjectId: string; reason: string }[] }>('/operator/audit?limit=2');
    expect(audit.body.items.map(({ action, subjectId }) => [action, subjectId])).toEqual([['release.start', '1.1.0'], ['release.upload', '1.1.0']]);
  });

  it('that does not boot is undone by the scooter itself, which is rentable; nobody else is offered it', async () => {
    const bad = firstOf('1.2.0');
    await release('1.2.0', imageOf('1.2.0', false));
    await reaches('1.2.0', 'halted');
    await world.until(async () => (await firmware(bad)).runs === '1.1.0', 'the old release');
    expect(toldBy(bad, '1.2.0')).toEqual(['downloaded', 'rolled_back bad_boot']);
    expect(await updateOf('1.2.0', bad)).toMatchObject({ state: 'rolled_back', reason: 'bad_boot' });
    expect(await seen('1.2.0')).toMatchObject({ state: 'halted', stage: 'one_percent', failed: 1, whyHalted: '1 of 1 failed' });
    await world.pass(DAY_SECONDS, 4);
    admin = await world.people.staff('admin');
    expect(offersOf('1.2.0')).toEqual([bad.id]);
    expect((await world.door.get('/devices/releases/1.2.0/image')).body.error?.code).toBe('release_unknown');

    const rider = await world.people.rider();
    await world.until(async () => (await world.garage.stateOf(bad.id))['state'] === 'available', 'rentable');
    const ride = await rider.take(bad.id);
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    expect((await order('1.2.0', 'start')).body.error?.code).toBe('step_not_allowed');
    await upload('1.2.1');
    expect((await order('1.2.1', 'start')).body.error?.code).toBe('rollout_under_way');
    await expectStatus(order('1.2.0', 'cancel'), 200);
  });

  it('waits until the ride is over', async () => {
    const chosen = firstOf('1.3.0');
    const rider = await world.people.rider();
    const ride = await rider.take(chosen.id);
    await release('1.3.0');
    await world.pass(600, 20);
    expect([offersOf('1.3.0'), (await updateOf('1.3.0', chosen))?.state]).toEqual([[], 'chosen']);
    // Whoever offers it all the same is told so, and nothing restarts under a rider.
    await slip(chosen, { release: '1.3.0', url: `${world.url}/devices/releases/1.3.0/image`, sizeBytes: imageOf('1.3.0').length, sha256: shaOf(imageOf('1.3.0')) });
    await world.until(() => toldBy(chosen, '1.3.0').length > 0, 'its refusal');
    expect(toldBy(chosen, '1.3.0')).toEqual(['refused in_ride']);
    expect(chosen.unit.inRide).toBe(true);
    await rider.post(`/rider/rides/${ride.id}/end`);
    await rider.until(ride.id, 'ended');
    await world.pass(120);
    await installed('1.3.0', 1);
    expect(toldBy(chosen, '1.3.0')).toEqual(['refused in_ride', 'downloaded', 'installed']);
    await expectStatus(order('1.3.0', 'cancel'), 200);
  });

  it('is taken from nobody but us, whole, and never an older one', async () => {
    const scooter = first();
    const before = (await firmware(scooter)).runs;
    // What we once said to another one, and what we said long ago, both of them genuine: not a word is lost about them.
    const recorded = tap.heard.find(({ topic, text }) => topic === topics.updatesTo(fleet[1]?.id ?? '') && text.includes('1.1.0'));
    await world.app.get(LinkService).publish(topics.updatesTo(scooter.id), JSON.parse(recorded?.text ?? '') as object);
    await slip(scooter, { release: '0.9.1', scooterId: fleet[1]?.id ?? '' });
    await slip(scooter, { release: '0.9.2', notAfter: world.clock.now().getTime() - 60_000 });
    const toldBefore = toldBy(scooter, '1.1.0').length;
    const forger = { sign: (what: 'updates', body: string) => signBody(generateKeyPairSync('ed25519').privateKey, what, body) };
    await slip(scooter, { release: '9.0.1' }, forger as unknown as SigningService);
    await world.until(() => toldBy(scooter, '9.0.1').length > 0, 'the forged one refused');
    await slip(scooter, { release: '0.9.0' });
    await world.until(() => toldBy(scooter, '0.9.0').length > 0, 'the older one refused');
    expect(['1.1.0', '0.9.1', '0.9.2'].map((name) => toldBy(scooter, name).length)).toEqual([toldBefore, 0, 0]);

    strangers.removeAllListeners('request');
    strangers.on('request', (_asked, answer) => { answer.end(imageOf('9.0.2', true)); });
    const url = `http://127.0.0.1:${String((strangers.address() as AddressInfo).port)}/image`;
    await slip(scooter, { release: '9.0.2', url, sizeBytes: imageOf('9.0.2').length, sha256: shaOf(Buffer.from('another one')) });
    await world.until(() => toldBy(scooter, '9.0.2').length > 0, 'the wrong one refused');
    await slip(scooter, { release: '9.0.3', url, sizeBytes: 100, sha256: shaOf(imageOf('9.0.2')) });
    await world.until(() => toldBy(scooter, '9.0.3').length > 0, 'the overlong one refused');
    await slip(scooter, { release: '9.0.4', url: `${world.url}/devices/releases/9.0.4/image` });
    await world.until(() => toldBy(scooter, '9.0.4').length > 0, 'the missing one told');
    expect(['9.0.1', '0.9.0', '9.0.2', '9.0.3', '9.0.4'].map((name) => toldBy(scooter, name))).toEqual([
      ['refused bad_signature'], ['refused not_newer'], ['refused bad_image'], ['refused bad_image'], ['refused not_reached'],
    ]);
    expect((await firmware(scooter)).runs).toBe(before);
  });

  it('cut off in the middle by a lost power leaves the old one running, and is offered again', async () => {
    const scooter = first();
    let asked = 0;
    strangers.removeAllListeners('request');
    strangers.on('request', (_asked, answer) => {
      asked++;
      answer.writeHead(200);
      answer.write(imageOf('9.1.0').subarray(0, 100));
    });
    const url = `http://127.0.0.1:${String((strangers.address() as AddressInfo).port)}/image`;
    await slip(scooter, { release: '9.1.0', url, sizeBytes: imageOf('9.1.0').length, sha256: shaOf(imageOf('9.1.0')) });
    await world.until(() => asked === 1, 'the download');
    const { runs } = await firmware(scooter);
    scooter.unit.reboot();
    await world.until(() => tap.on(topics.eventsFrom(scooter.id)).at(-1)?.['kind'] === 'started', 'its new boot');
    expect(tap.on(topics.eventsFrom(scooter.id)).at(-1)).toMatchObject({ kind: 'started', release: runs });
    expect(toldBy(scooter, '9.1.0')).toEqual([]);
    await slip(scooter, { release: '9.1.0', url, sizeBytes: imageOf('9.1.0').length, sha256: shaOf(imageOf('9.1.0')) });
    await world.until(() => asked === 2, 'the download again');
  });

  it('is offered once however many of us there are, and goes on when one of us dies between writing and sending', async () => {
    const other = await createCity({ ...world.config, logLevel: 'silent' }, world.clock);
    replicas.push(other);
    await other.listen(0, '127.0.0.1');
    await world.until(() => other.get(LinkService).isConnected, 'the other one on the line');
    await release('2.0.0');
    const both = async (): Promise<void> => { await Promise.all([world.turn(), other.get(LoopService).turn(), world.app.get(LoopService).turn()]); };
    await world.until(async () => { await both(); return (await seen('2.0.0')).scooters['installed'] === 1; }, 'the first');
    await expectStatus(order('2.0.0', 'advance'), 200);
    await expectStatus(order('2.0.0', 'advance'), 200);
    // It notes that it offers these twenty, and is gone before the first offer leaves.
    const lost = (await other.get(OffersService).claim()) ?? [];
    expect(lost.length).toBeGreaterThan(0);
    await replicas.pop()?.close();
    await installed('2.0.0', FLEET - lost.length);
    await world.pass(31);
    await installed('2.0.0', FLEET);
    expect([...offersOf('2.0.0')].sort()).toEqual(fleet.map(({ id }) => id).sort());
    expect((await updateOf('2.0.0', scooterOf(lost[0]?.scooterId)))?.attempts).toBe(2);
    await world.pass(WELL_SECONDS);
    await reaches('2.0.0', 'finished');
  });

  it('comes to those who were away, when they are back, and halts when too many stay silent', async () => {
    const away = firstOf('2.1.0');
    away.unit.loseNetwork();
    await world.until(async () => (await world.garage.stateOf(away.id))['connected'] === false, 'gone');
    await release('2.1.0');
    await world.pass(60);
    expect(offersOf('2.1.0')).toEqual([]);
    away.unit.findNetwork();
    await installed('2.1.0', 1);
    await expectStatus(order('2.1.0', 'advance'), 200);
    const members = stageMembers('2.1.0', fleet.map(({ id }) => id).sort(), 'ten_percent').map(scooterOf);
    expect(members).toContain(away);
    await installed('2.1.0', FLEET / 10);
    await expectStatus(admin.post('/operator/releases/2.1.0/hold', { reason: 'a look first' }), 200);
    await expectStatus(order('2.1.0', 'cancel'), 200);

    const silent = firstOf('2.2.0');
    await release('2.2.0');
    // Hears the offer and then nothing comes from it any more.
    await world.app.get(OffersService).claim();
    silent.unit.loseNetwork();
    await world.pass(DAY_SECONDS, 3);
    admin = await world.people.staff('admin');
    await reaches('2.2.0', 'halted');
    expect(await updateOf('2.2.0', silent)).toMatchObject({ state: 'timed_out' });
    silent.unit.findNetwork();
    await expectStatus(order('2.2.0', 'resume'), 200);
    await reaches('2.2.0', 'one_percent');
    await installed('2.2.0', 1);
    expect(await updateOf('2.2.0', silent)).toMatchObject({ state: 'installed' });
    await expectStatus(order('2.2.0', 'cancel'), 200);
  });

  it('is taken in once, when it is what its checksum says, and shown page by page', async () => {
    const image = imageOf('3.0.0');
    const body = { name: '3.0.0', image: image.toString('base64'), sha256: shaOf(image), notes: 'Three', reason: 'a test' };
    expect((await admin.post('/operator/releases', { ...body, sha256: shaOf(Buffer.from('x')) })).body.error?.code).toBe('release_damaged');
    expect((await admin.post('/operator/releases', { ...body, name: 'nightly' })).body.error?.code).toBe('malformed');
    await expectStatus(admin.post('/operator/releases', body), 201);
    expect((await admin.post('/operator/releases', body)).body.error?.code).toBe('release_known');
    const [large, larger] = [Buffer.alloc(4 * 1024 * 1024, 7), Buffer.alloc(4 * 1024 * 1024 + 1, 7)];
    await expectStatus(admin.post('/operator/releases', { ...body, name: '3.0.1', image: large.toString('base64'), sha256: shaOf(large) }), 201);
    expect((await admin.post('/operator/releases', { ...body, name: '3.0.2', image: larger.toString('base64'), sha256: shaOf(larger) })).status).toBe(400);
    expect((await (await world.people.staff('operator')).post('/operator/releases', body)).status).toBe(403);
    await expect(world.db.query(`update release_images set bytes = 'other' where release = '3.0.0'`)).rejects.toThrow();
    await expect(world.db.query(`insert into release_images (release, sha256, bytes) select name, sha256, 'other' from releases where name = '3.0.0'`)).rejects.toThrow();

    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { name: string }[]; nextCursor: string | null } =
        (await admin.get<{ items: { name: string }[]; nextCursor: string | null }>(`/operator/releases?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)).body;
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(names.slice(0, 2)).toEqual(['3.0.1', '3.0.0']);
    expect(new Set(names).size).toBe(names.length);
    const rows = await admin.get<{ items: { scooterId: string; state: string; runs: string }[]; nextCursor: string | null }>('/operator/releases/1.1.0/scooters?limit=50&state=installed');
    expect([rows.body.items.length, rows.body.nextCursor === null]).toEqual([50, false]);
    expect((await expectStatus(world.door.get('/metrics'), 200)).body['text']).toContain('roue_libre_updates_total{state="installed"}');
  });

  it('is forgotten with the unit it was installed on: what a new unit runs is what that one says', async () => {
    const replaced = scooterOf(fleet.at(-1)?.id);
    expect((await firmware(replaced)).runs).not.toBeNull();
    for (const what of ['revoke', 'reinstate']) await expectStatus(admin.post(`/operator/scooters/${replaced.id}/${what}`, { reason: 'another unit' }), [200, 201]);
    expect(await firmware(replaced)).toEqual({ runs: null, runsSince: null, updates: [] });
  });
});
