// The unit and its two slots: what it takes, when it dares to restart, and that at no instant of an update a lost
// power leaves it without a firmware that runs. Images come from a real HTTP server.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ride } from '../../firmware-sim/body/hands.js';
import { FRESH_KEYPAD, live, STANDING, type Happening, type Scooter } from '../../firmware-sim/unit/scooter.js';
import { type Inside } from '../../firmware-sim/unit/skill.js';
import { FACTORY_RELEASE, mayRestart, releaseIn, Updates } from '../../firmware-sim/unit/updates.js';
import { signBody, type UpdateOffer } from '../../src/telematics/wire.js';

const service = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const SERVICE_KEY = service.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
const imageOf = (release: string, boots = true): Buffer => Buffer.from(JSON.stringify({ release, boots }));
const shaOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const parked: Scooter = {
  scooterId: '0195d1a0-0000-7000-8000-000000000001', plate: 'GA-123-AA', commandKey: '7c'.repeat(32), lastNonce: 1, answered: [], inRide: false,
  rideNonce: null, keypad: FRESH_KEYPAD, sensors: STANDING, position: { latitude: 48.86, longitude: 2.34 }, odometerM: 0,
  pack: { serial: 'B1', chargePercent: 80, whPerKm: 38 }, motion: null, pushedFrom: null, loadKg: 75, jammed: false, gaugeSilent: false,
};
const ridden: Scooter = { ...parked, inRide: true, sensors: { ...STANDING, lock: 'open' } };
const rolling: Scooter = (() => {
  const handled = ride(ridden, { waypoints: [{ latitude: 48.88, longitude: 2.34 }] });
  if ('stuck' in handled) throw new Error(handled.stuck);
  return live(handled.scooter, 10, 15);
})();
const withCharge = (scooter: Scooter, chargePercent: number): Scooter => ({ ...scooter, pack: { ...scooter.pack, chargePercent } });

/** A unit on the bench: its flash is a string, its restarts are counted, and its power can be pulled. */
class OnTheBench {
  readonly told: string[] = [];
  /** Every note it ever wrote, in order. */
  readonly flash: string[] = [];
  scooter = parked;
  nowMs = 0;
  boots = 1;
  power = true;
  updates: Updates;

  constructor(private note: string | null = null, private readonly serviceKey: string | null = SERVICE_KEY) {
    this.updates = new Updates(this.inside());
    this.updates.started();
  }

  get runs(): string {
    return releaseIn(this.note);
  }

  hear(offer: Partial<UpdateOffer>, key = service.privateKey): void {
    const image = imageOf(offer.release ?? '1.1.0');
    const body = JSON.stringify({ scooterId: parked.scooterId, notAfter: this.nowMs, release: '1.1.0', url: `${address}/1.1.0`, sizeBytes: image.length, sha256: shaOf(image), ...offer });
    this.updates.hear(Buffer.from(JSON.stringify(signBody(key, 'updates', body))));
  }

  offered(release: string, image = imageOf(release)): void {
    this.hear({ release, url: `${address}/${release}`, sizeBytes: image.length, sha256: shaOf(image) });
  }

  async until(word: string): Promise<void> {
    const deadline = performance.now() + 5000;
    while (!this.told.includes(word)) {
      if (performance.now() > deadline) throw new Error(`"${word}" was not told: ${this.told.join(', ')}`);
      await new Promise((resolve) => { setImmediate(resolve); });
    }
  }

  private inside(): Inside {
    return {
      scooterId: parked.scooterId, serviceKey: this.serviceKey,
      hasPower: () => this.power, nowMs: () => this.nowMs, scooter: () => this.scooter, become: () => undefined,
      tell: (what: Happening) => { if (what.kind === 'update') this.told.push([what.step, what.release, what.reason].filter((part) => part !== null).join(' ')); },
      fix: () => { throw new Error('an update needs no place'); },
      note: () => this.note,
      writeNote: (text) => { this.note = text; this.flash.push(text); },
      reboot: () => { this.boots++; this.updates.started(); },
    };
  }
}

let server: Server;
let address = '';
let asked: string[] = [];
/** Path to what is answered; a function answers by hand. */
const served = new Map<string, Buffer>();
beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    const image = served.get(request.url ?? '');
    if (image === undefined) answer.writeHead(404).end();
    else answer.end(image);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(() => {
  asked = [];
  served.clear();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('a unit that is offered a release', () => {
  it('fetches it, restarts into it and says so', async () => {
    served.set('/1.1.0', imageOf('1.1.0'));
    const unit = new OnTheBench();
    unit.offered('1.1.0');
    await unit.until('downloaded 1.1.0');
    expect([unit.runs, unit.boots]).toEqual([FACTORY_RELEASE, 1]);
    unit.updates.tick();
    expect([unit.runs, unit.boots, unit.told]).toEqual(['1.1.0', 2, ['downloaded 1.1.0', 'installed 1.1.0']]);
    unit.updates.tick();
    unit.offered('1.1.0');
    expect([unit.boots, unit.told.at(-1)]).toEqual([2, 'refused 1.1.0 not_newer']);
  });

  it('falls back from one that does not come up, and never tries that one again', async () => {
    served.set('/1.2.0', imageOf('1.2.0', false));
    const unit = new OnTheBench();
    unit.offered('1.2.0', imageOf('1.2.0', false));
    await unit.until('downloaded 1.2.0');
    unit.updates.tick();
    expect([unit.runs, unit.boots, unit.told.at(-1)]).toEqual([FACTORY_RELEASE, 3, 'rolled_back 1.2.0 bad_boot']);
    unit.offered('1.2.0', imageOf('1.2.0', false));
    unit.updates.tick();
    expect([unit.runs, unit.boots, unit.told.at(-1), asked.length]).toEqual([FACTORY_RELEASE, 3, 'refused 1.2.0 bad_boot', 1]);
    served.set('/1.3.0', imageOf('1.3.0'));
    unit.offered('1.3.0');
    await unit.until('downloaded 1.3.0');
    unit.updates.tick();
    expect(unit.runs).toBe('1.3.0');
  });

  it.each<[string, Scooter, string | null]>([
    ['parked',                    parked, null],
    ['in a ride',                 ridden, 'in_ride'],
    ['rolling',                   rolling, 'in_ride'],
    ['paused',                    { ...parked, inRide: true }, 'in_ride'],
    ['with 20 %',                 withCharge(parked, 20), null],
    ['with less',                 withCharge(parked, 19.9), 'low_battery'],
  ])('%s answers %#', async (_what, scooter, reason) => {
    served.set('/1.1.0', imageOf('1.1.0'));
    const unit = new OnTheBench();
    unit.scooter = scooter;
    unit.offered('1.1.0');
    await unit.until(reason === null ? 'downloaded 1.1.0' : `refused 1.1.0 ${reason}`);
    expect(asked).toHaveLength(reason === null ? 1 : 0);
  });

  it('asks nobody for an image that is not signed by the service, is older, or that it cannot read', () => {
    const unit = new OnTheBench();
    unit.hear({ release: '1.1.0' }, stranger.privateKey);
    unit.hear({ release: '0.9.0' });
    unit.hear({ release: 'nightly' });
    const signed = signBody(service.privateKey, 'zones', JSON.stringify({
      scooterId: parked.scooterId, notAfter: 9e12, release: '1.4.0', url: `${address}/1.4.0`, sizeBytes: 1, sha256: '0'.repeat(64) }));
    unit.nowMs += 3_600_000;
    unit.updates.hear(Buffer.from(JSON.stringify(signed)));
    for (const text of ['', '{', 'null', '{"body":"{}","signature":"00"}', JSON.stringify(signBody(service.privateKey, 'updates', '{"release":1}'))]) unit.updates.hear(Buffer.from(text));
    expect(unit.told).toEqual(['refused 1.1.0 bad_signature', 'refused 0.9.0 not_newer', 'refused nightly not_newer', 'refused 1.4.0 bad_signature']);
    const keyless = new OnTheBench(null, null);
    keyless.hear({ release: '1.1.0' });
    expect([asked, keyless.told]).toEqual([[], []]);
  });

  it.each<[string, Partial<UpdateOffer>, boolean]>([
    ['its own until its last millisecond', { notAfter: 1_000_000 }, true],
    // An old release: a unit that took the offer for its own would say at once why it does not want it.
    ['its own a millisecond later',        { notAfter: 999_999, release: '0.9.0' }, false],
    ['that of another scooter',            { scooterId: '0195d1a0-0000-7000-8000-000000000002', release: '0.9.0' }, false],
  ])('that is played an offer again, takes %s: %#', async (_whose, odd, takes) => {
    served.set('/1.1.0', imageOf('1.1.0'));
    const unit = new OnTheBench();
    unit.nowMs = 1_000_000;
    unit.hear(odd);
    unit.hear({ release: '0.8.0' });
    expect(unit.told).toEqual(['refused 0.8.0 not_newer']);
    if (takes) await unit.until('downloaded 1.1.0');
    expect(asked).toHaveLength(takes ? 1 : 0);
  });

  it('is not made to fill its flash by whoever repeats a thousand offers', () => {
    const unit = new OnTheBench();
    for (let at = 0; at < 1000; at++) {
      unit.hear({ release: `7.0.${String(at)}` }, stranger.privateKey);
      unit.hear({ release: `0.0.${String(at % 3)}` });
    }
    expect(unit.told).toHaveLength(4);
  });

  it.each<[string, Buffer | undefined, Partial<UpdateOffer>, string]>([
    ['is not there',           undefined, {}, 'refused 1.1.0 not_reached'],
    ['has another checksum',   imageOf('1.1.0'), { sha256: 'ab'.repeat(32) }, 'refused 1.1.0 bad_image'],
    ['is longer than promised', Buffer.concat([imageOf('1.1.0'), Buffer.alloc(100_000)]), {}, 'refused 1.1.0 bad_image'],
    ['is shorter',             imageOf('1.1.0').subarray(0, -1), {}, 'refused 1.1.0 bad_image'],
    ['has one bit flipped',    Buffer.from(imageOf('1.1.0').map((byte, at) => (at === 3 ? byte ^ 1 : byte))), {}, 'refused 1.1.0 bad_image'],
    ['is at no address',       undefined, { url: 'http://127.0.0.1:9/1.1.0' }, 'refused 1.1.0 not_reached'],
  ])('does not take an image that %s', async (_what, image, odd, word) => {
    if (image) served.set('/1.1.0', image);
    const unit = new OnTheBench();
    unit.hear(odd);
    await unit.until(word);
    unit.updates.tick();
    expect([unit.runs, unit.boots, unit.flash]).toEqual([FACTORY_RELEASE, 1, []]);
  });

  it('writes nothing while it has no power, and begins anew afterwards', async () => {
    served.set('/1.1.0', imageOf('1.1.0'));
    const unit = new OnTheBench();
    unit.offered('1.1.0');
    unit.power = false;
    const served1 = asked.length;
    while (asked.length === served1) await new Promise((resolve) => { setImmediate(resolve); });
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => { setImmediate(resolve); });
    expect([unit.flash, unit.told]).toEqual([[], []]);
    unit.power = true;
    unit.updates.started();
    unit.offered('1.1.0');
    await unit.until('downloaded 1.1.0');
  });

  it.each([['comes up', true, '1.1.0'], ['does not come up', false, FACTORY_RELEASE]] as const)(
    'runs one or the other wherever its power is pulled, when the image %s', async (_what, boots, atTheEnd) => {
      served.set('/1.1.0', imageOf('1.1.0', boots));
      const whole = new OnTheBench();
      whole.offered('1.1.0', imageOf('1.1.0', boots));
      await whole.until('downloaded 1.1.0');
      whole.updates.tick();
      expect(whole.flash.length).toBeGreaterThanOrEqual(3);
      for (const note of whole.flash) {
        const unit = new OnTheBench(note);
        unit.updates.tick();
        unit.updates.tick();
        expect([note, unit.runs]).toEqual([note, atTheEnd]);
      }
      // Torn in the middle of a word, nothing is left of a note; the factory's slot is.
      expect(releaseIn(whole.flash.at(-1)?.slice(0, 20))).toBe(FACTORY_RELEASE);
    });
});

describe('a unit restarts for an update', () => {
  it.each<[string, Scooter, boolean]>([
    ['when it is parked',             parked, true],
    ['not in a ride',                 ridden, false],
    ['not while it rolls',            rolling, false],
    ['not when it is pushed locked',  { ...rolling, inRide: false, sensors: STANDING }, false],
    ['not in a pause',                { ...parked, inRide: true }, false],
    ['not while it is open',          { ...parked, sensors: { ...STANDING, lock: 'open' } }, false],
    ['not with its ignition on',      { ...parked, sensors: { ...STANDING, ignition: 'on' } }, false],
    ['not while a crew has its bay open', { ...parked, sensors: { ...STANDING, bay: 'open' } }, false],
    ['not with an empty battery',     withCharge(parked, 10), false],
  ])('%s', (_when, scooter, may) => {
    expect(mayRestart(scooter)).toBe(may);
  });

  it('at the first moment nobody rides it', async () => {
    served.set('/1.1.0', imageOf('1.1.0'));
    const unit = new OnTheBench();
    unit.offered('1.1.0');
    await unit.until('downloaded 1.1.0');
    for (const scooter of [ridden, rolling, { ...parked, inRide: true }]) {
      unit.scooter = scooter;
      unit.updates.tick();
    }
    expect([unit.runs, unit.boots]).toEqual([FACTORY_RELEASE, 1]);
    unit.scooter = parked;
    unit.updates.tick();
    expect([unit.runs, unit.boots]).toEqual(['1.1.0', 2]);
  });
});
