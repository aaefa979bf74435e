// Makes of a unit that are worse than ours, each in one thing that a hurried maker gets wrong. They are built here
// and nowhere else: no option of the fleet leads to them.
import { Modem, type Ears } from '../../firmware-sim/unit/modem.js';
import { CHECKS, obey, obeyBy, whyNotNow, type Check, type Obey } from '../../firmware-sim/unit/obedience.js';
import { Unreceipted } from '../../firmware-sim/unit/unreceipted.js';
import { type Flash } from '../../firmware-sim/unit/flash.js';
import { Command, signatureHolds, type Refused } from '../../src/telematics/wire.js';
import { type Make } from './kit-bench.js';

const without = (...reasons: Refused[]): Make => ({ firmware: { obey: obeyBy(CHECKS.filter(({ reason }) => !reasons.includes(reason)), whyNotNow) } });

const IN_2020_MS = Date.UTC(2020, 0, 1);
/** "The clock was never set, so the time cannot be checked": seen in the field, with a battery that had run flat. */
const unlessNeverSet = (check: Check): Check => ({
  ...check, holds: (scooter, command, moment) => moment.ownClockMs < IN_2020_MS || check.holds(scooter, command, moment),
});
const timeReasons: readonly Refused[] = ['expired', 'too_far_ahead'];
const believesClock: Make = { firmware: { obey: obeyBy(CHECKS.map((check) => (timeReasons.includes(check.reason) ? unlessNeverSet(check) : check)), whyNotNow) } };

/** The nonce stays in memory, where a power cut finds it. */
const forgetfulFlash = (flash: Flash): Flash => ({
  ...flash, write: (state) => { flash.write(Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'lastNonce'))); },
});

class RetainedToo extends Modem {
  protected override takes(topic: string, bytes: Uint8Array, retained: boolean): boolean {
    return super.takes(topic, bytes, retained && !topic.endsWith('/commands'));
  }
}

class SaysItOnce extends Unreceipted {
  override add(...[event, nowMs]: Parameters<Unreceipted['add']>): void {
    super.add(event, nowMs);
    this.receipted(event);
  }
}

/** The motor was told to turn, and that is called done. */
const queuedIsDone: Obey = (scooter, command, moment) => {
  const obeyed = obey(scooter, command, moment);
  return {
    scooter: obeyed.scooter,
    says: obeyed.says.map((said) => (said.kind !== 'command_refused' || said.reason !== 'jammed' ? said : {
      kind: 'command_done', commandId: said.commandId, command: command.kind, sensors: { ...said.sensors, lock: 'closed' }, fix: moment.fix,
    })),
  };
};

const locksWhileMoving: typeof whyNotNow = (scooter, kind) => (kind === 'lock' ? null : whyNotNow(scooter, kind));

/** The sensor is believed to follow the motor. */
const unlocksInWordsOnly: Obey = (scooter, command, moment) => {
  const obeyed = obey(scooter, command, moment);
  return command.kind === 'unlock' ? { ...obeyed, scooter: { ...obeyed.scooter, sensors: scooter.sensors } } : obeyed;
};

/** Every key it ever had still opens it. */
const keepsOldKeys = (): Obey => {
  const had = new Set<string>();
  const signed: Check = { reason: 'bad_signature', holds: (_, command) => [...had].some((key) => signatureHolds(key, command)) };
  const lax = obeyBy(CHECKS.map((check) => (check.reason === 'bad_signature' ? signed : check)), whyNotNow);
  return (scooter, command, moment) => {
    had.add(scooter.commandKey);
    return lax(scooter, command, moment);
  };
};

/** Takes an order wherever it finds one, and reads it as a kind person would: mends it, and overlooks the rest. */
class ReadsKindly extends Modem {
  private readonly ears: Ears;
  constructor(...parts: ConstructorParameters<typeof Modem>) {
    super(...parts);
    this.ears = parts[1].ears;
  }
  protected override takes(topic: string, bytes: Uint8Array, retained: boolean): boolean {
    const order = kindlyRead(Buffer.from(bytes).toString().replaceAll(/[^ -~]/g, ''));
    if (order === null || retained) return super.takes(topic, bytes, retained);
    this.ears.command(order);
    return false;
  }
}
function kindlyRead(text: string): Command | null {
  try {
    const { commandId, scooterId, kind, nonce, notAfter, signature } = JSON.parse(text.endsWith('}') ? text : `${text}}`) as Record<string, unknown>;
    const read = Command.safeParse({ commandId, scooterId, kind, nonce: Number(nonce), notAfter: Number(notAfter), signature });
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

class TellsPlaceAlways extends Modem {
  override say(topic: string, body: object): boolean {
    const fix = { latitude: 48.85, longitude: 2.35, accuracyM: 5, ageS: 0 };
    return super.say(topic, topic.endsWith('/telemetry') ? { ...body, fix } : body);
  }
}

class AnnouncesOnce extends Modem {
  private isKnown = false;
  override announce(): void {
    if (!this.isKnown) super.announce();
    this.isKnown = true;
  }
}

const unlocksInRide: typeof whyNotNow = (scooter, kind) => (kind === 'unlock' ? null : whyNotNow(scooter, kind));

/** Each with the vectors that must catch it, at the least; the first ten are those a fleet has suffered from. */
export const worseMakes: readonly (readonly [name: string, make: Make, caughtBy: readonly string[]])[] = [
  ['does not look at the time of an order',           without('expired', 'too_far_ahead'),                       ['V02', 'V03']],
  ['does not look at the nonce',                      without('replayed'),                                       ['V04', 'V05', 'V06', 'V08']],
  ['keeps the nonce in memory only',                  { flash: forgetfulFlash },                                 ['V24', 'V25', 'V26']],
  ['does not check signatures',                       without('bad_signature'),                                  ['V13', 'V15', 'V17']],
  ['does not look whom an order is for',              without('wrong_scooter'),                                  ['V11']],
  ['obeys all when its clock was never set',          believesClock,                                             ['V29']],
  ['acts on what the broker retained',                { firmware: { Modem: RetainedToo } },                      ['V10']],
  ['calls done what it has only queued',              { firmware: { obey: queuedIsDone } },                      ['V31']],
  ['locks while the wheels turn',                     { firmware: { obey: obeyBy(CHECKS, locksWhileMoving) } },  ['V30']],
  ['forgets an event once it was said',               { firmware: { Unreceipted: SaysItOnce } },                 ['V33', 'V34', 'V35', 'V36']],
  ['says open where the bolt is shut',                { firmware: { obey: unlocksInWordsOnly } },                ['V01']],
  ['is opened by every key it ever had',              { firmware: { obey: keepsOldKeys() } },                    ['V18']],
  ['reads what is no message',                        { firmware: { Modem: ReadsKindly } },                      ['V12', 'V19', 'V20', 'V21', 'V22', 'V23']],
  ['tells its place all the time',                    { firmware: { Modem: TellsPlaceAlways } },                 ['V39']],
  ['announces itself once and never again',           { firmware: { Modem: AnnouncesOnce } },                    ['V38', 'V40']],
  ['begins a ride within a ride',                     { firmware: { obey: obeyBy(CHECKS, unlocksInRide) } },     ['V32']],
];
