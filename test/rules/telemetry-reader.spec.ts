import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTelemetry } from '../../src/telematics/telemetry-reader.js';
import { readMessage, Telemetry } from '../../src/telematics/wire.js';

const GOOD = {
  boot: 3, seq: 17, ageMs: 0, chargePercent: 80.5, rangeKm: 51, batterySerial: 'PACK-1 "x" \\', odometerM: 1200, inRide: false,
  sensors: { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' },
  fix: { latitude: 48.86, longitude: 2.33, accuracyM: 5, ageS: 1.5 }, moving: false, clockMs: 1_795_000_000_000,
};

/** What stands in a broken message where a number, a word or an object should. JSON text, because JSON has more than objects can say. */
const ODD = [
  'null', 'true', 'false', '0', '-0', '-1', '1', '0.5', '1e400', '-1e400', '9007199254740991', '9007199254740992', '2147483647', '2147483648',
  '100', '100.0000001', '300', '300.1', '90', '90.1', '-180', '-180.5', '10000', '10000.5', '315576000', '315576000001', '8640000000000001',
  '""', '"open"', '"out"', '"é"', '"\\u0000"', '" "', `"${'x'.repeat(40)}"`, `"${'x'.repeat(41)}"`, '[]', '{}', '[1]', '{"lock":"open"}', '"1"',
];
const KEYS = [...Object.keys(GOOD), ...Object.keys(GOOD.sensors).map((key) => `sensors.${key}`), ...Object.keys(GOOD.fix).map((key) => `fix.${key}`)];
const EXTRA = ['__proto__', 'constructor', 'extra', 'toString', '', 'lock', 'sensors.lockk', 'fix.height', 'sensors.__proto__', 'sensors.toString', 'fix.__proto__'];

/** The message as text, with the odd value at that place; undefined leaves the place out. */
function bent(changes: readonly (readonly [string, string | undefined])[]): string {
  const top = new Map<string, string>(Object.entries(GOOD).map(([key, value]) => [key, JSON.stringify(value)]));
  const inner = new Map<string, Map<string, string>>();
  for (const [path, text] of changes) {
    const [key = '', below] = path.split('.');
    const objects = GOOD as unknown as Record<string, object>;
    const map = below === undefined ? top : inner.get(key) ?? new Map(Object.entries(objects[key] ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
    if (below !== undefined) inner.set(key, map);
    if (text === undefined) map.delete(below ?? key);
    else map.set(below ?? key, text);
  }
  const written = (map: Map<string, string>): string => `{${[...map].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
  for (const [key, map] of inner) if (top.has(key)) top.set(key, written(map));
  return written(top);
}

const same = (bytes: Buffer): void => { expect(readTelemetry(bytes)).toEqual(readMessage(Telemetry, bytes)); };

describe('telemetry, read by hand', () => {
  it('is what the schema reads, when all is well', () => {
    expect(readTelemetry(Buffer.from(JSON.stringify(GOOD)))).toEqual(GOOD);
  });

  it.each([...KEYS, ...EXTRA])('is what the schema reads, whatever stands at %j', (path) => {
    for (const odd of [...ODD, undefined]) same(Buffer.from(bent([[path, odd]])));
  });

  it('is what the schema reads over thousands of bent messages', () => {
    const change = fc.tuple(fc.constantFrom(...KEYS, ...KEYS, ...EXTRA), fc.oneof(fc.constantFrom(...ODD), fc.constant(undefined)));
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => { same(Buffer.from(bent(changes))); }), { numRuns: 5000 });
  });

  it('is what the schema reads when bytes are cut, flipped or foreign', () => {
    const whole = Buffer.from(JSON.stringify({ ...GOOD, batterySerial: 'P' }));
    for (let at = 0; at < whole.length; at++) {
      same(whole.subarray(0, at));
      for (const byte of [0, 0x22, 0x30, 0x80, 0xc3, 0xff]) {
        const flipped = Buffer.from(whole);
        flipped[at] = byte;
        same(flipped);
      }
    }
    for (const text of ['', 'null', '[]', '1', '"x"', '\ufeff{}', `\ufeff${whole.toString()}`, `${whole.toString()} `, `${whole.toString()}x`]) same(Buffer.from(text));
    same(Buffer.from(bent([['batterySerial', '"x"'], ['extra', `"${'y'.repeat(4096)}"`]])));
    same(Buffer.from(`${' '.repeat(4096)}${whole.toString()}`));
  });
});
