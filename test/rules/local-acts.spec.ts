// What can be done at a scooter that nobody can hear: by its button, with the pass of the ride, with its four digits.
import { describe, expect, it } from '@jest/globals';
import { keypadCode, ridePass, ScooterEvent, signCommand, type CommandKind } from '../../src/telematics/wire.js';
import { ride, type Handled, type Stuck } from '../../firmware-sim/body/hands.js';
import { FlashStore } from '../../firmware-sim/unit/flash.js';
import { actLocally, KEYPAD_LOCKED_MS, WRONG_TRIES, type Doing, type LocalAct } from '../../firmware-sim/unit/local-acts.js';
import { obey } from '../../firmware-sim/unit/obedience.js';
import { FRESH_KEYPAD, live, STANDING, type Scooter } from '../../firmware-sim/unit/scooter.js';
import { Unreceipted } from '../../firmware-sim/unit/unreceipted.js';

const KEY = '7c'.repeat(32);
const ID = '0195d1a0-0000-7000-8000-000000000001';
const NOW = 1_800_000_000_000;
const FIX = { latitude: 48.86, longitude: 2.34, accuracyM: 5, ageS: 1 };

const open: Scooter = {
  scooterId: ID, plate: 'GA-123-AA', commandKey: KEY, lastNonce: 41, answered: [], inRide: true, rideNonce: 41, keypad: FRESH_KEYPAD,
  sensors: { ...STANDING, lock: 'open' }, position: { latitude: 48.86, longitude: 2.34 }, odometerM: 0,
  pack: { serial: 'B1', chargePercent: 80, whPerKm: 38 }, motion: null, pushedFrom: null, loadKg: 75, jammed: false, gaugeSilent: false,
};
const paused: Scooter = { ...open, sensors: STANDING };
const over: Scooter = { ...open, inRide: false, rideNonce: null, sensors: STANDING };
const jammed: Scooter = { ...open, jammed: true };
const withSensors = (sensors: Partial<Scooter['sensors']>): Scooter => ({ ...open, sensors: { ...open.sensors, ...sensors } });
const moving: Scooter = (() => {
  const handled = ride(open, { waypoints: [{ latitude: 48.88, longitude: 2.34 }] });
  if ('stuck' in handled) throw new Error(handled.stuck);
  return live(handled.scooter, 10, 15);
})();

const button: LocalAct = { by: 'button' };
const bluetooth = (doing: Doing, nonce = 41, key = KEY, id = ID): LocalAct => ({ by: 'bluetooth', pass: ridePass(key, id, nonce), doing });
const keypad = (doing: Doing, nonce = 41): LocalAct => ({ by: 'keypad', code: keypadCode(KEY, ID, nonce), doing });
const wrong = (Number(keypadCode(KEY, ID, 41)) + 1) % 10_000;
const mistyped: LocalAct = { by: 'keypad', code: String(wrong).padStart(4, '0'), doing: 'end' };
const stuckOf = (handled: Handled): Stuck | null => ('stuck' in handled ? handled.stuck : null);

describe('at the scooter itself', () => {
  it.each<[string, Scooter, LocalAct, Doing]>([
    ['the button ends a ride that was got off',           open,   button, 'end'],
    ['the pass ends it',                                   open,   bluetooth('end'), 'end'],
    ['the pass ends it with the key still turned',         withSensors({ ignition: 'on' }), bluetooth('end'), 'end'],
    ['the pass ends a pause as it stands',                 paused, bluetooth('end'), 'end'],
    ['the pass pauses it',                                 open,   bluetooth('pause'), 'pause'],
    ['the pass opens it again',                            paused, bluetooth('resume'), 'resume'],
    ['the code ends it',                                   open,   keypad('end'), 'end'],
    ['the code ends a pause',                              paused, keypad('end'), 'end'],
    ['the code pauses it',                                 open,   keypad('pause'), 'pause'],
    ['the code opens it again',                            paused, keypad('resume'), 'resume'],
    ['nobody is kept in a ride by a helmet left out',      withSensors({ helmet: 'out' }), keypad('end'), 'end'],
  ])('%s', (_what, scooter, act, doing) => {
    const handled = actLocally(scooter, act, NOW);
    if ('stuck' in handled) throw new Error(handled.stuck);
    const { lock, ignition } = handled.scooter.sensors;
    expect([lock, ignition]).toEqual([doing === 'resume' ? 'open' : 'closed', 'off']);
    expect([handled.scooter.inRide, handled.scooter.rideNonce]).toEqual(doing === 'end' ? [false, null] : [true, 41]);
    expect(handled.says).toEqual([{ kind: 'local', doing, by: act.by, sensors: handled.scooter.sensors, fix: null }]);
    expect(ScooterEvent.safeParse({ boot: 1, seq: 1, ageMs: 0, ...handled.says[0] }).success).toBe(true);
  });

  it.each<[string, Scooter, LocalAct, Stuck]>([
    ['a passer-by presses the button of a paused ride',    paused,                           button,               'locked'],
    ['somebody reaches for the button on the way',         moving,                           button,               'moving'],
    ['the button is pressed with the key still turned',    withSensors({ ignition: 'on' }),  button,               'ignition_on'],
    ['the button is pressed with the stand still up',      withSensors({ stand: 'up' }),     button,               'stand_up'],
    ['the button is pressed and the bolt is jammed',       jammed,                           button,               'jammed'],
    ['the button is pressed where no ride is',             over,                             button,               'no_ride'],
    ['the pass comes on the way',                          moving,                           bluetooth('end'),     'moving'],
    ['the pass would pause on the way',                    moving,                           bluetooth('pause'),   'moving'],
    ['the pass ends it on its wheels',                     withSensors({ stand: 'up' }),     bluetooth('end'),     'stand_up'],
    ['the pass comes and the bolt is jammed',              jammed,                           bluetooth('end'),     'jammed'],
    ['the pass pauses what is paused',                     paused,                           bluetooth('pause'),   'already_so'],
    ['the pass opens what is open',                        open,                             bluetooth('resume'),  'already_so'],
    ['the pass is of the ride before',                     open,                             bluetooth('end', 40), 'wrong_pass'],
    ['the pass is of another scooter',                     open,                             bluetooth('end', 41, 'ee'.repeat(32)), 'wrong_pass'],
    ['the pass is of this key for another scooter',        open,                             bluetooth('end', 41, KEY, `${ID.slice(0, -1)}2`), 'wrong_pass'],
    ['the pass is nonsense',                               open,                             { by: 'bluetooth', pass: '', doing: 'end' }, 'wrong_pass'],
    ['the pass outlives its ride',                         over,                             bluetooth('resume'),  'no_ride'],
    ['the code outlives its ride',                         over,                             keypad('resume'),     'no_ride'],
    ['the code is typed on the way',                       moving,                           keypad('end'),        'moving'],
    ['the code is mistyped',                               open,                             mistyped,             'wrong_code'],
  ])('nothing moves when %s', (_what, scooter, act, why) => {
    const handled = actLocally(scooter, act, NOW);
    expect(stuckOf(handled)).toBe(why);
    const after = handled.scooter ?? scooter;
    expect([after.sensors.lock, after.inRide, after.rideNonce]).toEqual([scooter.sensors.lock, scooter.inRide, scooter.rideNonce]);
    expect(handled).not.toHaveProperty('says');
  });

  it('five wrong codes lock the keypad for ten minutes, even to the right one', () => {
    let scooter = open;
    for (let tries = 0; tries < WRONG_TRIES; tries += 1) {
      const handled = actLocally(scooter, mistyped, NOW);
      expect(stuckOf(handled)).toBe('wrong_code');
      scooter = handled.scooter ?? scooter;
    }
    expect(stuckOf(actLocally(scooter, keypad('end'), NOW + 1))).toBe('keypad_locked');
    expect(stuckOf(actLocally(scooter, keypad('end'), NOW + KEYPAD_LOCKED_MS - 1))).toBe('keypad_locked');
    expect(stuckOf(actLocally(scooter, bluetooth('end'), NOW + 1))).toBeNull();
    expect(stuckOf(actLocally(scooter, keypad('end'), NOW + KEYPAD_LOCKED_MS))).toBeNull();
  });

  it('four wrong codes are forgotten with the right one', () => {
    let scooter = open;
    for (let tries = 1; tries < WRONG_TRIES; tries += 1) scooter = actLocally(scooter, mistyped, NOW).scooter ?? scooter;
    scooter = actLocally(scooter, keypad('pause'), NOW).scooter ?? scooter;
    expect(scooter.keypad).toEqual(FRESH_KEYPAD);
  });

  it.each<[CommandKind, Scooter, boolean]>([['lock', open, false], ['unlock', over, false], ['pause', open, true], ['resume', paused, true]])(
    'a pass after a remote %s with a higher nonce', (kind, scooter, holds) => {
      const command = signCommand(KEY, { commandId: '0195d1a0-0000-7000-8000-0000000000aa', scooterId: ID, kind, nonce: 42, notAfter: NOW + 1 });
      const after = obey(scooter, command, { ownClockMs: NOW, longestLifeMs: 17_000, fix: FIX, remember: () => undefined }).scooter;
      expect(stuckOf(actLocally(after, bluetooth('end'), NOW)) === null).toBe(holds);
      if (kind === 'unlock') expect(stuckOf(actLocally(after, bluetooth('end', 42), NOW))).toBeNull();
    });
});

describe('what was done at a scooter', () => {
  it('is told in order, each word after the receipt of the one before, however often the air loses one', () => {
    const heard: string[] = [];
    const waiting = new Unreceipted(FlashStore.inMemory().of(ID), (event) => {
      heard.push(event.kind === 'local' ? event.doing : event.kind);
      return true;
    });
    const done = { kind: 'command_done', commandId: '0195d1a0-0000-7000-8000-0000000000aa', command: 'unlock', sensors: open.sensors, fix: null } as const;
    const local = (doing: Doing) => ({ kind: 'local', doing, by: 'keypad', sensors: paused.sensors, fix: null }) as const;
    [done, local('pause'), { kind: 'started', reason: 'reboot' } as const, local('end')].forEach((what, at) => {
      waiting.add({ boot: 1, seq: at + 1, atMs: NOW, what }, 0);
    });
    expect(heard.splice(0)).toEqual(['command_done', 'started']);
    waiting.receipted({ boot: 1, seq: 1 });
    waiting.resend(NOW, 1);
    expect(heard.splice(0)).toEqual(['pause', 'started']);
    waiting.resend(NOW, 60_000);
    expect(heard.splice(0)).toEqual(['pause', 'started']);
    waiting.receipted({ boot: 1, seq: 2 });
    waiting.receipted({ boot: 1, seq: 3 });
    waiting.resend(NOW, 60_001);
    expect(heard).toEqual(['end']);
  });
});
