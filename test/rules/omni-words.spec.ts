import { describe, expect, it } from '@jest/globals';
import { whyNotBelieve, whyNotNow } from '../../gateway/doubt.js';
import { degrees, fixOf, frameBytes, numberIn, readFrame, stateOf } from '../../gateway/omni-words.js';
import { signCommand, type Command } from '../../src/telematics/wire.js';

const read = (line: string) => readFrame(line) ?? { imei: '', word: '', fields: [] };

describe('a frame of the protocol', () => {
  it('is read whole', () => {
    expect(readFrame('*SCOR,OM,123456789123456,Q0,412,80,28#\n')).toEqual({ imei: '123456789123456', word: 'Q0', fields: ['412', '80', '28'] });
    expect(readFrame('*SCOR,OM,123456789123456,W0#')).toEqual({ imei: '123456789123456', word: 'W0', fields: [] });
  });

  it.each([
    ['nothing',                     ''],
    ['no end',                      '*SCOR,OM,123456789123456,Q0,412,80,28'],
    ['another maker',               '*SCOR,XX,123456789123456,Q0,412,80,28#'],
    ['the words of the server',     '*SCOS,OM,123456789123456,L0,55,1,2#'],
    ['a short name',                '*SCOR,OM,12345678912345,Q0#'],
    ['letters in the name',         '*SCOR,OM,12345678912345x,Q0#'],
    ['two frames run together',     '*SCOR,OM,123456789123456,Q0#*SCOR,OM,123456789123456,H0#'],
    ['a word of three',             '*SCOR,OM,123456789123456,Q00#'],
    ['binary',                      '\u0000\u00ff\u00fe'],
  ])('is not made of %s', (_, line) => {
    expect(readFrame(line)).toBeNull();
  });

  it('goes down behind two bytes FF', () => {
    expect(frameBytes('123456789123456', 'R0', 0, 15, 7, 1_700_000_000)).toEqual(
      Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.from('*SCOS,OM,123456789123456,R0,0,15,7,1700000000#\n')]));
  });
});

describe('what a frame says', () => {
  it('is a place with a valid fix only', () => {
    const fix = fixOf(read('*SCOR,OM,123456789123456,D0,0,124458.00,A,2237.7514,N,11408.6214,E,6,0.21,151216,10,M,A#'));
    expect(fix).toEqual({ latitude: 22.62919, longitude: 114.14369, accuracyM: 3, ageS: 0 });
    expect(fixOf(read('*SCOR,OM,123456789123456,D0,0,033724.00,V,,,,,,,120517,,,N#'))).toBeNull();
    expect(fixOf(read('*SCOR,OM,123456789123456,D0,1,012102.00,A,0608.00062,S,10659.70331,E,12,0.69,151118,30.3,M,A#'))?.latitude).toBeCloseTo(-6.133344, 6);
  });

  it.each([
    ['*SCOR,OM,123456789123456,H0,0,412,28,80,0#',                          { isLocked: false, chargePercent: 80, speedKmh: null, odometerM: null }],
    ['*SCOR,OM,123456789123456,H0,1,380,20,55,1#',                          { isLocked: true,  chargePercent: 55, speedKmh: null, odometerM: null }],
    ['*SCOR,OM,123456789123456,S6,80,3,221,0,372,372,0,28,100,5000#',       { isLocked: false, chargePercent: 80, speedKmh: 22.1, odometerM: 50_000 }],
    ['*SCOR,OM,123456789123456,S6,101,3,x,0,372,372,9,28,460-00,0x27A6#',   { isLocked: null,  chargePercent: null, speedKmh: null, odometerM: null }],
    ['*SCOR,OM,123456789123456,Q0,412,80,28#',                              null],
  ])('%s', (line, state) => {
    expect(stateOf(read(line))).toEqual(state);
  });

  it.each([['2260.0000', 'N', null], ['2237.7514', 'X', null], ['', 'N', null], ['2237.7514', 'S', -22.62919], ['NaN', 'N', null]])(
    'takes %s %s for %s', (text, hemisphere, value) => {
      const read = degrees(text, hemisphere);
      if (value === null) expect(read).toBeNull();
      else expect(read).toBeCloseTo(value, 5);
    });

  it.each([['12', 12], ['-1', null], ['1e3', null], ['NaN', null], ['', null], [undefined, null], ['101', null]])('counts %s as %s', (text, value) => {
    expect(numberIn(text, 0, 100)).toBe(value);
  });
});

describe('an order through the gateway', () => {
  const KEY = '3c'.repeat(32);
  const order = (change: Partial<Command> = {}): Command =>
    signCommand(KEY, { commandId: crypto.randomUUID(), scooterId: '00000000-0000-4000-8000-000000000001', kind: 'unlock', nonce: 5, notAfter: 10_000, ...change });
  const bound = { scooterId: '00000000-0000-4000-8000-000000000001', commandKey: KEY, lastNonce: 4 };

  it.each([
    ['obeyed',            order(),                                              5_000, null],
    ['on its last instant', order(),                                            10_000, null],
    ['late',              order(),                                              10_001, 'expired'],
    ['too far ahead',     order({ notAfter: 25_000 }),                          5_000, 'too_far_ahead'],
    ['replayed',          order({ nonce: 4 }),                                  5_000, 'replayed'],
    ['for another',       order({ scooterId: '00000000-0000-4000-8000-000000000002' }), 5_000, 'wrong_scooter'],
    ['forged',            { ...order(), kind: 'lock' as const },                5_000, 'bad_signature'],
  ])('is %s', (_, command, now, reason) => {
    expect(whyNotBelieve(bound, command, now)).toBe(reason);
  });

  it.each([
    ['unlock', { inRide: false, isLocked: true,  speedKmh: null }, null],
    ['unlock', { inRide: true,  isLocked: true,  speedKmh: 0 },    'in_ride'],
    ['lock',   { inRide: true,  isLocked: false, speedKmh: 0 },    null],
    ['lock',   { inRide: true,  isLocked: false, speedKmh: 12 },   'moving'],
    ['lock',   { inRide: true,  isLocked: false, speedKmh: null }, 'moving'],
    ['look',   { inRide: true,  isLocked: false, speedKmh: 12 },   null],
    ['pause',  { inRide: false, isLocked: true,  speedKmh: 0 },    'not_in_ride'],
    ['resume', { inRide: true,  isLocked: true,  speedKmh: 0 },    null],
  ] as const)('to %s with %j meets %s', (kind, scooter, reason) => {
    expect(whyNotNow(kind, scooter)).toBe(reason);
  });
});
