// Bytes as scooters send them, good and bad, against the words of version 1.
import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import {
  Command, commandText, Hello, MAX_MESSAGE_BYTES, Presence, readMessage, Receipt, ScooterEvent, signatureHolds, signCommand, Telemetry, topics,
} from '../../src/telematics/wire.js';

const SENSORS = '{"lock":"closed","ignition":"off","stand":"down","helmet":"in_case","case":"closed","bay":"closed"}';
const FIX = '{"latitude":48.8566,"longitude":2.3522,"accuracyM":4.5,"ageS":2}';
const ID = '018f0000-0000-7000-8000-00000000000a';

const telemetry = (parts: Record<string, string> = {}): string => {
  const all = {
    boot: '3', seq: '17', ageMs: '0', chargePercent: '71.5', rangeKm: '46.2', batterySerial: '"BAT-0001"', odometerM: '1234567', sensors: SENSORS,
    inRide: 'false', fix: FIX, ...parts,
  };
  return `{${Object.entries(all).filter(([, value]) => value !== '').map(([name, value]) => `"${name}":${value}`).join(',')}}`;
};
const done = (parts: string): string =>
  `{"boot":3,"seq":18,"ageMs":40,"kind":"command_done","commandId":"${ID}","command":"lock","sensors":${SENSORS},${parts}}`;
const bytes = (text: string): Buffer => Buffer.from(text);

describe('telemetry', () => {
  it('is read as it was said', () => {
    expect(readMessage(Telemetry, bytes(telemetry()))).toEqual({
      boot: 3, seq: 17, ageMs: 0, chargePercent: 71.5, rangeKm: 46.2, batterySerial: 'BAT-0001', odometerM: 1_234_567, inRide: false,
      sensors: { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' },
      moving: null, clockMs: null,
      fix: { latitude: 48.8566, longitude: 2.3522, accuracyM: 4.5, ageS: 2 },
    });
  });

  it.each<[string, Record<string, string>]>([
    ['a range beyond all numbers',  { rangeKm: '1e400' }],
    ['a negative range',            { rangeKm: '-1' }],
    ['a range of a jet plane',      { rangeKm: '30000' }],
    ['a range in words',            { rangeKm: '"46.2"' }],
    ['no range',                    { rangeKm: 'null' }],
    ['a range left out',            { rangeKm: '' }],
    ['a list for a range',          { rangeKm: '[46.2]' }],
  ])('takes %s as unknown, never as enough', (_, parts) => {
    expect(readMessage(Telemetry, bytes(telemetry(parts)))?.rangeKm).toBeNull();
  });

  it.each<[string, Record<string, string>]>([
    ['a charge beyond all numbers', { chargePercent: '-1e999' }],
    ['a charge of 101 %',           { chargePercent: '101' }],
    ['no charge',                   { chargePercent: 'null' }],
  ])('takes %s as unknown', (_, parts) => {
    expect(readMessage(Telemetry, bytes(telemetry(parts)))?.chargePercent).toBeNull();
  });

  it.each<[string, string]>([
    ['north of the pole',         '{"latitude":90.0001,"longitude":2.35,"accuracyM":4,"ageS":2}'],
    ['beyond the date line',      '{"latitude":48.85,"longitude":180.5,"accuracyM":4,"ageS":2}'],
    ['at no number',              '{"latitude":1e400,"longitude":2.35,"accuracyM":4,"ageS":2}'],
    ['with a height we never asked for', '{"latitude":48.85,"longitude":2.35,"accuracyM":4,"ageS":2,"heightM":35}'],
    ['with half a position',      '{"latitude":48.85,"accuracyM":4,"ageS":2}'],
    ['in text',                   '"48.85,2.35"'],
    ['older than the unit',       '{"latitude":48.85,"longitude":2.35,"accuracyM":4,"ageS":1e300}'],
  ])('forgets a place %s and keeps the rest', (_, fix) => {
    expect(readMessage(Telemetry, bytes(telemetry({ fix })))).toMatchObject({ rangeKm: 46.2, fix: null });
  });

  it.each<[string, string | Buffer]>([
    ['nothing at all',                ''],
    ['cut in the middle',             telemetry().slice(0, 100)],
    ['cut by one byte',               telemetry().slice(0, -1)],
    ['with a tail',                   `${telemetry()}x`],
    ['a bare number',                 '42'],
    ['null',                          'null'],
    ['a list',                        `[${telemetry()}]`],
    ['with a word we do not know',    telemetry({ note: '"x"' })],
    ['with a prototype in it',        telemetry({ ['__proto__']: '{"inRide":false}' })],
    ['with a constructor in it',      telemetry({ constructor: '{}' })],
    ['without sensors',               telemetry({ sensors: '' })],
    ['with a broken lock sensor',     telemetry({ sensors: SENSORS.replace('"closed"', '"maybe"') })],
    ['with sensors of null',          telemetry({ sensors: 'null' })],
    ['with a sensor too many',        telemetry({ sensors: SENSORS.replace('{', '{"horn":"on",') })],
    ['without a boot',                telemetry({ boot: '' })],
    ['with boot zero',                telemetry({ boot: '0' })],
    ['with a boot no column holds',   telemetry({ boot: '2147483648' })],
    ['with a sequence of 1.5',        telemetry({ seq: '1.5' })],
    ['with a sequence in text',       telemetry({ seq: '"17"' })],
    ['with a sequence we cannot count', telemetry({ seq: '9007199254740993' })],
    ['from the future',               telemetry({ ageMs: '-1' })],
    ['older than ten years',          telemetry({ ageMs: '1e15' })],
    ['with inRide in words',          telemetry({ inRide: '"false"' })],
    ['with a serial of nothing',      telemetry({ batterySerial: '""' })],
    ['with a serial too long',        telemetry({ batterySerial: `"${'B'.repeat(41)}"` })],
    ['with a NUL in the serial',      telemetry({ batterySerial: '"B\\u00001"' })],
    ['with half a character',         telemetry({ batterySerial: '"B\\ud800"' })],
    ['with an odometer going back',   telemetry({ odometerM: '-5' })],
    ['in UTF-8 that is none',         Buffer.concat([bytes('{"boot":3,"x":"'), Buffer.from([0xc3, 0x28, 0xff]), bytes('"}')])],
    ['in UTF-16',                     Buffer.from(telemetry(), 'utf16le')],
    ['2,000 lists deep',              `${'['.repeat(2000)}${']'.repeat(2000)}`],
    ['2,000 objects deep',            telemetry({ fix: '{"a":'.repeat(600) + '1' + '}'.repeat(600), note: '1' })],
    ['longer than a message may be',  telemetry({ note: `"${'x'.repeat(MAX_MESSAGE_BYTES)}"` })],
    ['a good message and too much space', telemetry() + ' '.repeat(MAX_MESSAGE_BYTES)],
    ['zeros',                         Buffer.alloc(300)],
  ])('%s is not read, and breaks nothing', (_, sent) => {
    expect(readMessage(Telemetry, Buffer.isBuffer(sent) ? sent : bytes(sent))).toBeNull();
  });

  it('survives every single flipped byte: it is read as something in bounds, or not at all', () => {
    const good = bytes(telemetry());
    for (let at = 0; at < good.length; at++) {
      for (const mask of [0x01, 0x20, 0x80]) {
        const flipped = Buffer.from(good);
        flipped[at] = (flipped[at] ?? 0) ^ mask;
        const read = readMessage(Telemetry, flipped);
        expect(read === null || Telemetry.safeParse(read).success).toBe(true);
      }
    }
  });
});

describe('events', () => {
  it.each<[string, string]>([
    ['a command done, with its place',    done(`"fix":${FIX}`)],
    ['a command done, without a place',   done('"fix":null')],
    ['a refusal',                         `{"boot":3,"seq":19,"ageMs":5,"kind":"command_refused","commandId":"${ID}","reason":"moving","sensors":${SENSORS}}`],
    ['the bay open',                      '{"boot":3,"seq":20,"ageMs":5,"kind":"bay_opened"}'],
    ['the bay closed on a fresh pack',    '{"boot":3,"seq":21,"ageMs":5,"kind":"bay_closed","batterySerial":"BAT-2","chargePercent":98}'],
    ['a push in the night',               `{"boot":3,"seq":22,"ageMs":5,"kind":"moved_without_ride","fix":${FIX}}`],
    ['a fall',                            `{"boot":3,"seq":23,"ageMs":5,"kind":"fell","fix":null}`],
    ['a start',                           '{"boot":4,"seq":1,"ageMs":0,"kind":"started","reason":"reboot"}'],
    ['a lock two days ago',               done('"fix":null').replace('"ageMs":40', '"ageMs":172800000')],
  ])('%s is read', (_, text) => {
    expect(readMessage(ScooterEvent, bytes(text))).not.toBeNull();
  });

  it('is never lost for a bad place in it', () => {
    expect(readMessage(ScooterEvent, bytes(done('"fix":{"latitude":1e400,"longitude":0,"accuracyM":1,"ageS":0}')))).toMatchObject({ kind: 'command_done', fix: null });
  });

  it.each<[string, string]>([
    ['of a kind we do not know',          '{"boot":3,"seq":20,"ageMs":5,"kind":"exploded"}'],
    ['without a kind',                    '{"boot":3,"seq":20,"ageMs":5}'],
    ['with a word too many',              '{"boot":3,"seq":20,"ageMs":5,"kind":"bay_opened","rider":"x"}'],
    ['about a command without an id',     done('"fix":null').replace(ID, '1')],
    ['about a command we do not have',    done('"fix":null').replace('"lock"', '"explode"').replace('"command":"lock"', '"command":"explode"')],
    ['refused for a reason of its own',   `{"boot":3,"seq":19,"ageMs":5,"kind":"command_refused","commandId":"${ID}","reason":"no","sensors":${SENSORS}}`],
    ['with a charge of 300 %',            '{"boot":3,"seq":21,"ageMs":5,"kind":"bay_closed","batterySerial":"BAT-2","chargePercent":300}'],
  ])('%s is not read', (_, text) => {
    expect(readMessage(ScooterEvent, bytes(text))).toBeNull();
  });
});

describe('small words', () => {
  it('are read in their one form only', () => {
    expect(readMessage(Presence, bytes('{"connected":true,"boot":3}'))).toEqual({ connected: true, boot: 3 });
    expect(readMessage(Presence, bytes('{"connected":1,"boot":3}'))).toBeNull();
    expect(readMessage(Presence, bytes('{"connected":true}'))).toBeNull();
    expect(readMessage(Receipt, bytes('{"boot":3,"seq":18}'))).toEqual({ boot: 3, seq: 18 });
    expect(readMessage(Receipt, bytes('{"boot":3,"seq":0}'))).toBeNull();
    expect(readMessage(Hello, bytes('{"at":1795000000000}'))).toEqual({ at: 1_795_000_000_000 });
  });

  it('travel on topics that name the version and one scooter', () => {
    expect(Object.values(topics).map((topic) => (typeof topic === 'string' ? topic : topic(ID))).every((topic) => topic.startsWith('v1/'))).toBe(true);
    expect(topics.commandsTo(ID)).toBe(`v1/down/${ID}/commands`);
  });
});

describe('the signature of a command', () => {
  const key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
  const order = { commandId: '018f0000-0000-7000-8000-000000000001', scooterId: ID, kind: 'unlock', nonce: 7, notAfter: 1_795_000_000_000 } as const;
  // Made once with OpenSSL: printf 'roue-libre/v1\n…' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0001…
  const SIGNATURE = '8593f876542c7e63ff0dcf2bd3c1ad0d8349c3ca999e1a6cff6101f81b2d4cd2';
  const signed = signCommand(key, order);

  it('is the one another implementation makes of the same bytes', () => {
    expect(commandText(order)).toBe(`roue-libre/v1\n${order.commandId}\n${ID}\nunlock\n7\n1795000000000`);
    expect(signed.signature).toBe(SIGNATURE);
    expect(readMessage(Command, bytes(JSON.stringify(signed)))).toEqual(signed);
    expect(signatureHolds(key, signed)).toBe(true);
  });

  it.each<[string, Partial<Command>]>([
    ['another command id',  { commandId: '018f0000-0000-7000-8000-000000000002' }],
    ['another scooter',     { scooterId: '018f0000-0000-7000-8000-00000000000b' }],
    ['another kind',        { kind: 'lock' }],
    ['another nonce',       { nonce: 8 }],
    ['a longer life',       { notAfter: order.notAfter + 1 }],
  ])('breaks with %s', (_, change) => {
    expect(signatureHolds(key, { ...signed, ...change })).toBe(false);
  });

  it('breaks with every flipped bit of itself, and under every other key', () => {
    const raw = Buffer.from(signed.signature, 'hex');
    for (let bit = 0; bit < 256; bit++) {
      const flipped = Buffer.from(raw);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(signatureHolds(key, { ...signed, signature: flipped.toString('hex') })).toBe(false);
    }
    const other = createHmac('sha256', Buffer.from('11'.repeat(32), 'hex')).update(commandText(order)).digest('hex');
    expect(signatureHolds(key, { ...signed, signature: other })).toBe(false);
  });

  it.each<[string, Record<string, unknown>]>([
    ['in capitals',      { signature: SIGNATURE.toUpperCase() }],
    ['too short',        { signature: SIGNATURE.slice(2) }],
    ['too long',         { signature: `${SIGNATURE}00` }],
    ['left out',         { signature: undefined }],
    ['with a nonce of 0', { nonce: 0 }],
    ['with a nonce of 1.5', { nonce: 1.5 }],
    ['with a kind nobody gave', { kind: 'immobilise' }],
    ['with a note',      { note: 'x' }],
  ])('a command %s is not read', (_, change) => {
    expect(readMessage(Command, bytes(JSON.stringify({ ...signed, ...change })))).toBeNull();
  });
});
