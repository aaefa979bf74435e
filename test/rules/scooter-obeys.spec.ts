// Which commands a scooter obeys and which it refuses: the vectors every real unit would have to pass too.
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { CommandKind, ScooterEvent, signCommand, type Command, type Refused } from '../../src/telematics/wire.js';
import { ride } from '../../firmware-sim/body/hands.js';
import { obey, type Obeyed } from '../../firmware-sim/unit/obedience.js';
import { FRESH_KEYPAD, live, STANDING, type Scooter } from '../../firmware-sim/unit/scooter.js';

const KEY = '7c'.repeat(32);
const NOW = Date.UTC(2026, 5, 1, 8);
const HOUR = 3_600_000;
const LIFE = 17_000;
const FIX = { latitude: 48.86, longitude: 2.34, accuracyM: 5, ageS: 1 };

const standing: Scooter = {
  scooterId: '0195d1a0-0000-7000-8000-000000000001',
  plate: 'GA-123-AA',
  commandKey: KEY,
  lastNonce: 100,
  answered: [],
  inRide: false,
  rideNonce: null,
  keypad: FRESH_KEYPAD,
  sensors: STANDING,
  position: { latitude: 48.86, longitude: 2.34 },
  odometerM: 0,
  pack: { serial: 'B1', chargePercent: 80, whPerKm: 38 },
  motion: null,
  pushedFrom: null,
  loadKg: 75,
  jammed: false,
  gaugeSilent: false,
};
const inRide: Scooter = { ...standing, inRide: true, sensors: { ...STANDING, lock: 'open' } };
const paused: Scooter = { ...standing, inRide: true };
const jammed: Scooter = { ...inRide, jammed: true };
const moving: Scooter = (() => {
  const handled = ride(inRide, { waypoints: [{ latitude: 48.88, longitude: 2.34 }] });
  if ('stuck' in handled) throw new Error(handled.stuck);
  return live(handled.scooter, 10, 15);
})();

const command = (changes: Partial<Command> = {}, key = KEY): Command => {
  const unsigned = {
    commandId: randomUUID(),
    scooterId: standing.scooterId,
    kind: 'unlock' as const,
    nonce: 101,
    notAfter: NOW + 15_000,
  };
  return signCommand(key, { ...unsigned, ...changes });
};

function ask(scooter: Scooter, told: Command, clockMs = NOW): Obeyed & { nonces: number[] } {
  const nonces: number[] = [];
  const obeyed = obey(scooter, told, {
    ownClockMs: clockMs,
    longestLifeMs: LIFE,
    fix: FIX,
    remember: (nonce) => nonces.push(nonce),
  });
  return { ...obeyed, nonces };
}

const answerOf = ({ says }: Obeyed): string => {
  const [first] = says;
  if (first === undefined) return 'silence';
  return first.kind === 'command_refused' ? first.reason : first.kind;
};

const flipped = (whole: Command): Command => ({
  ...whole,
  signature: (whole.signature.startsWith('0') ? '1' : '0') + whole.signature.slice(1),
});

describe('a command that is not to be believed', () => {
  it.each<[string, Command, number, Refused]>([
    ['one millisecond too late', command({ notAfter: NOW - 1 }), NOW, 'expired'],
    ['an hour late', command(), NOW + HOUR, 'expired'],
    ['valid for longer than any command lives', command({ notAfter: NOW + LIFE + 1 }), NOW, 'too_far_ahead'],
    ['valid for ever', command({ notAfter: Number.MAX_SAFE_INTEGER }), NOW, 'too_far_ahead'],
    ['to a unit whose clock is an hour slow', command(), NOW - HOUR, 'too_far_ahead'],
    ['to a unit whose clock is a year fast', command(), NOW + 365 * 24 * HOUR, 'expired'],
    ['to a unit that woke up in 1970', command(), 0, 'too_far_ahead'],
    ['with the last nonce again', command({ nonce: 100 }), NOW, 'replayed'],
    ['with an older nonce, overtaken on the way', command({ nonce: 99 }), NOW, 'replayed'],
    ['for another scooter', command({ scooterId: '0195d1a0-0000-7000-8000-000000000002' }), NOW, 'wrong_scooter'],
    [
      'for another scooter, under its key',
      command({ scooterId: '0195d1a0-0000-7000-8000-000000000002' }, 'ee'.repeat(32)),
      NOW,
      'wrong_scooter',
    ],
    ['with a bit flipped in the signature', flipped(command()), NOW, 'bad_signature'],
    ['with another kind than was signed', { ...command({ kind: 'locate' }), kind: 'unlock' }, NOW, 'bad_signature'],
    ['with a later expiry than was signed', { ...command(), notAfter: NOW + 14_000 }, NOW, 'bad_signature'],
    ['with a higher nonce than was signed', { ...command({ nonce: 100 }), nonce: 102 }, NOW, 'bad_signature'],
    ['with another id than was signed', { ...command(), commandId: randomUUID() }, NOW, 'bad_signature'],
    ['under an old key', command({}, '11'.repeat(32)), NOW, 'bad_signature'],
    ['under a key of zeroes', command({}, '00'.repeat(32)), NOW, 'bad_signature'],
  ])('is refused: %s', (_what, told, clockMs, reason) => {
    const asked = ask(standing, told, clockMs);
    expect(answerOf(asked)).toBe(reason);
    expect(asked.scooter).toEqual(standing);
    expect(asked.nonces).toEqual([]);
  });

  it.each([
    ['now', NOW],
    ['as far ahead as allowed', NOW + LIFE],
  ])('is not one that expires %s', (_when, notAfter) => {
    expect(answerOf(ask(standing, command({ notAfter })))).toBe('command_done');
  });

  it('obeys a command once, and stays silent when the same one comes again', () => {
    const unlock = command();
    const once = ask(standing, unlock);
    const twice = ask({ ...once.scooter, inRide: false, sensors: STANDING }, unlock);
    expect(answerOf(once)).toBe('command_done');
    expect(twice.says).toEqual([]);
    expect(twice.scooter.sensors.lock).toBe('closed');
  });

  it('moves nothing for a whole tape of yesterday', () => {
    const tape = Array.from({ length: 100 }, (_, index) => command({ nonce: index + 101 }));
    let scooter: Scooter = { ...standing, lastNonce: 200 };
    for (const told of tape) scooter = ask(scooter, told).scooter;
    for (const told of tape) scooter = ask(scooter, told, NOW + 24 * HOUR).scooter;
    expect(scooter.sensors).toEqual(STANDING);
  });
});

describe('a command that is believed', () => {
  it('has its nonce written down before anything moves: without that it does not move', () => {
    const cut = (): Obeyed =>
      obey(standing, command(), {
        ownClockMs: NOW,
        longestLifeMs: LIFE,
        fix: FIX,
        remember: () => {
          throw new Error('The power is cut here.');
        },
      });
    expect(cut).toThrow('The power is cut here.');
  });

  it.each<[CommandKind, string, Scooter, string]>([
    ['unlock', 'standing', standing, 'command_done'],
    ['unlock', 'in a ride', inRide, 'in_ride'],
    ['unlock', 'paused', paused, 'in_ride'],
    ['unlock', 'moving', moving, 'moving'],
    ['lock', 'standing', standing, 'command_done'],
    ['lock', 'in a ride', inRide, 'command_done'],
    ['lock', 'paused', paused, 'command_done'],
    ['lock', 'moving', moving, 'moving'],
    ['lock', 'jammed', jammed, 'jammed'],
    ['pause', 'standing', standing, 'not_in_ride'],
    ['pause', 'in a ride', inRide, 'command_done'],
    ['pause', 'paused', paused, 'command_done'],
    ['pause', 'moving', moving, 'moving'],
    ['pause', 'jammed', jammed, 'jammed'],
    ['resume', 'standing', standing, 'not_in_ride'],
    ['resume', 'in a ride', inRide, 'command_done'],
    ['resume', 'paused', paused, 'command_done'],
    ['resume', 'moving', moving, 'moving'],
    ['look', 'standing', standing, 'command_done'],
    ['look', 'in a ride', inRide, 'command_done'],
    ['look', 'moving', moving, 'moving'],
    ['open_case', 'standing', standing, 'command_done'],
    ['open_case', 'in a ride', inRide, 'command_done'],
    ['open_case', 'moving', moving, 'moving'],
    ['open_bay', 'standing', standing, 'command_done'],
    ['open_bay', 'in a ride', inRide, 'in_ride'],
    ['open_bay', 'paused', paused, 'in_ride'],
    ['open_bay', 'moving', moving, 'moving'],
    ['locate', 'standing', standing, 'command_done'],
    ['locate', 'in a ride', inRide, 'command_done'],
    ['locate', 'moving', moving, 'moving'],
  ])('%s while the scooter is %s gets its one answer', (kind, _how, scooter, answer) => {
    const asked = ask(scooter, command({ kind }));
    expect(answerOf(asked)).toBe(answer);
    expect(asked.nonces).toEqual([101]);
    expect(asked.scooter.lastNonce).toBe(101);
    if (answer !== 'command_done') {
      expect(asked.scooter.sensors.lock).toBe(scooter.sensors.lock);
      expect(asked.scooter.sensors.bay).toBe(scooter.sensors.bay);
      expect(asked.scooter.inRide).toBe(scooter.inRide);
    }
  });

  it.each<[CommandKind, Scooter, boolean]>([
    ['unlock', standing, true],
    ['lock', inRide, true],
    ['look', inRide, true],
    ['pause', inRide, false],
    ['resume', paused, false],
    ['open_case', inRide, false],
    ['open_bay', standing, false],
    ['locate', standing, false],
  ])('answers %s with a place only where privacy allows one', (kind, scooter, withFix) => {
    const [answer] = ask(scooter, command({ kind })).says;
    expect(answer?.kind === 'command_done' ? answer.fix : undefined).toEqual(withFix ? FIX : null);
  });

  it.each<[CommandKind, Scooter, Partial<Scooter['sensors']>, boolean]>([
    ['unlock', standing, { lock: 'open' }, true],
    ['lock', inRide, { lock: 'closed', ignition: 'off' }, false],
    ['pause', inRide, { lock: 'closed', ignition: 'off' }, true],
    ['resume', paused, { lock: 'open' }, true],
    ['open_bay', standing, { bay: 'open', lock: 'closed' }, false],
    ['open_case', inRide, { case: 'open' }, true],
  ])('%s changes what its sensors say', (kind, scooter, sensors, ride) => {
    const after = ask(scooter, command({ kind })).scooter;
    expect(after.sensors).toMatchObject(sensors);
    expect(after.inRide).toBe(ride);
  });

  it('keeps a jammed scooter in its ride and says that its lock is open', () => {
    const asked = ask(jammed, command({ kind: 'lock' }));
    expect(asked.scooter.inRide).toBe(true);
    expect(asked.says[0]).toMatchObject({ kind: 'command_refused', reason: 'jammed', sensors: { lock: 'open' } });
  });

  it('says only what the wire knows', () => {
    for (const kind of CommandKind.options) {
      for (const scooter of [standing, inRide, paused, moving, jammed]) {
        for (const said of ask(scooter, command({ kind })).says) {
          expect(ScooterEvent.safeParse({ boot: 1, seq: 1, ageMs: 0, ...said }).success).toBe(true);
        }
      }
    }
  });
});
