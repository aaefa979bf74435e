// What a unit does with a set of zones it hears, what it writes down, and what of it survives its power.
import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { ride } from '../../firmware-sim/body/hands.js';
import { placeBeside } from '../../firmware-sim/body/geo.js';
import { assemble } from '../../firmware-sim/unit/flash.js';
import { live, type Happening, type Scooter } from '../../firmware-sim/unit/scooter.js';
import type { Inside } from '../../firmware-sim/unit/skill.js';
import { ZonesOnBoard } from '../../firmware-sim/unit/zones-on-board.js';
import { signBody, topics, type ZoneSet } from '../../src/telematics/wire.js';

const keyOf = (hex: string) => createPrivateKey({ key: Buffer.from(`302e020100300506032b657004220420${hex}`, 'hex'), format: 'der', type: 'pkcs8' });
const service = keyOf('5e'.repeat(32));
const serviceKey = createPublicKey(service).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
const stranger = keyOf('66'.repeat(32));

const HERE = { latitude: 48.85, longitude: 2.35 };
/** A triangle of some 2 km around here. */
const around = '_abiH_`hM_|Bo}@~{Bo}@';
const set = (version: number, zones: ZoneSet['zones'] = [{ kind: 'slow', limitKmh: 20, polygons: [[around]] }], key = service): Buffer =>
  Buffer.from(JSON.stringify(signBody(key, 'zones', JSON.stringify({ version, zones }))));

const card = {
  scooterId: '0195d1a0-0000-7000-8000-000000000001', plate: 'GA-123-AA', vin: 'V', password: 'p', commandKey: '7c'.repeat(32), serviceKey,
  ...HERE, batterySerial: 'B1', chargePercent: 80, odometerM: 0,
};

class Bench {
  scooter: Scooter = assemble(card, { inRide: true });
  nowMs = 1_000_000;
  readonly said: Happening[] = [];
  skill: ZonesOnBoard;
  constructor(private readonly key: string | null = serviceKey, public note: string | null = null) {
    this.skill = new ZonesOnBoard(this.inside());
  }
  inside(): Inside {
    return {
      scooterId: card.scooterId, serviceKey: this.key, nowMs: () => this.nowMs, scooter: () => this.scooter,
      become: (scooter) => { this.scooter = scooter; }, tell: (what) => { this.said.push(what); },
      fix: () => ({ ...this.scooter.position, accuracyM: 5, ageS: 0 }), note: () => this.note, writeNote: (text) => { this.note = text; }, hasPower: () => true, reboot: () => undefined,
    };
  }
  /** Power cut: only the note is left. */
  restart(): void { this.skill = new ZonesOnBoard(this.inside()); }
  goNorth(): void {
    const open = { ...this.scooter, sensors: { ...this.scooter.sensors, lock: 'open' as const } };
    const gone = ride(open, { waypoints: [placeBeside(open.position, 0, 5000)] });
    if ('stuck' in gone) throw new Error(gone.stuck);
    this.scooter = gone.scooter;
  }
  pass(seconds: number): void {
    for (let left = seconds; left > 0; left -= 1) {
      this.nowMs += 1000;
      this.scooter = live(this.scooter, 1, 15);
      this.skill.tick();
    }
  }
}

describe('a set of zones', () => {
  it('is kept and told once, however often it is heard', () => {
    const bench = new Bench();
    for (let times = 0; times < 3; times += 1) bench.skill.hear(set(4));
    expect(bench.said).toEqual([{ kind: 'zones_kept', version: 4 }]);
    expect(JSON.parse(bench.note ?? '{}')).toMatchObject({ version: 4, digest: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it.each<[string, Buffer, Happening[]]>([
    ['older',                                    set(3),                                        [{ kind: 'zones_refused', reason: 'older' }]],
    ['under another key',                        set(5, [], stranger),                          [{ kind: 'zones_refused', reason: 'bad_signature' }]],
    ['torn',                                     set(5).subarray(0, 200),                       [{ kind: 'zones_refused', reason: 'unreadable' }]],
    ['that is nothing',                          Buffer.alloc(0),                               [{ kind: 'zones_refused', reason: 'unreadable' }]],
    ['signed, with an outline cut off',          set(5, [{ kind: 'slow', limitKmh: 20, polygons: [[around.slice(0, -1)]] }]), [{ kind: 'zones_refused', reason: 'unreadable' }]],
    ['signed as an update',                      Buffer.from(JSON.stringify(signBody(service, 'updates', '{"version":5,"zones":[]}'))), [{ kind: 'zones_refused', reason: 'bad_signature' }]],
    ['newer',                                    set(5, []),                                    [{ kind: 'zones_kept', version: 5 }]],
    ['of the same version, and not the same',    set(4, []),                                    [{ kind: 'zones_kept', version: 4 }]],
  ])('%s is answered', (_what, heard, said) => {
    const bench = new Bench();
    bench.skill.hear(set(4));
    const { note } = bench;
    bench.said.length = 0;
    bench.skill.hear(heard);
    expect(bench.said).toEqual(said);
    if (said[0]?.kind === 'zones_refused') expect(bench.note).toBe(note);
  });

  it('that is bad is complained of once in ten minutes, so that nobody can fill the flash', () => {
    const bench = new Bench();
    for (let times = 0; times < 1000; times += 1) bench.skill.hear(set(times + 1, [], stranger));
    expect(bench.said).toHaveLength(1);
    bench.nowMs += 600_000;
    bench.skill.hear(set(1, [], stranger));
    expect(bench.said).toHaveLength(2);
  });

  it('is remembered through a power cut: an older one is refused, the same one is no news', () => {
    const bench = new Bench();
    bench.skill.hear(set(4));
    bench.said.length = 0;
    bench.restart();
    bench.skill.hear(set(3));
    bench.skill.hear(set(4));
    expect(bench.said).toEqual([{ kind: 'zones_refused', reason: 'older' }]);
  });

  it('is not even listened for by a unit that was made without the key of the service', () => {
    expect(new Bench(null).skill.hears).toEqual([]);
    expect(new Bench().skill.hears).toEqual([{ topic: topics.zonesToAll, mostBytes: 65_536, retained: true }]);
  });

  it.each(['', 'no JSON', '{"version":"4"}'])('is taken by a unit whose note is spoilt: %j', (note) => {
    const bench = new Bench(serviceKey, note);
    bench.skill.hear(set(4));
    expect(bench.said).toEqual([{ kind: 'zones_kept', version: 4 }]);
  });
});

describe('a scooter with zones on board', () => {
  it('tells the zone it is in once, holds the speed, and tells again only when it leaves', () => {
    const bench = new Bench();
    bench.skill.hear(set(4));
    bench.goNorth();
    bench.pass(60);
    expect(bench.scooter.motion?.speedMps).toBeCloseTo(20 / 3.6, 5);
    bench.pass(1200);
    expect(bench.said.slice(1)).toEqual([{ kind: 'zone_entered', zone: 'slow', limitKmh: 20 }, { kind: 'zone_entered', zone: 'outside', limitKmh: null }]);
  });

  it('knows after a reboot in the middle of the ride what it has told already', () => {
    const bench = new Bench();
    bench.skill.hear(set(4));
    bench.goNorth();
    bench.pass(30);
    bench.said.length = 0;
    bench.restart();
    bench.pass(5);
    bench.skill.hear(set(4));
    bench.pass(30);
    expect(bench.said).toEqual([]);
    expect(bench.scooter.motion?.speedMps).toBeCloseTo(20 / 3.6, 5);
  });

  it('says nothing and holds nothing while nobody rides it', () => {
    const bench = new Bench();
    bench.scooter = { ...bench.scooter, inRide: false };
    bench.skill.hear(set(4));
    bench.goNorth();
    bench.pass(60);
    expect(bench.said).toEqual([{ kind: 'zones_kept', version: 4 }]);
    expect(bench.scooter.motion?.limitMps).toBeNull();
  });

  it('touches neither lock nor key, in no zone at all', () => {
    for (const kind of ['service', 'no_parking', 'no_ride', 'slow'] as const) {
      const bench = new Bench();
      bench.skill.hear(set(4, [{ kind, limitKmh: kind === 'slow' ? 0 : null, polygons: [[around]] }]));
      bench.goNorth();
      const { sensors } = bench.scooter;
      bench.pass(40);
      expect(bench.scooter.sensors).toEqual(sensors);
      expect(bench.scooter.motion?.speedMps).toBeGreaterThan(1.6);
    }
  });
});
