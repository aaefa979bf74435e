// One unit that speaks OMNI's protocol, as the gateway sees it: what it last said, and orders that wait for
// its own answer. An order needs a key of the unit's making that dies within seconds, so none can act late.
import { type CommandKind, type Fix } from '../src/telematics/wire.js';
import { type ForeignUnit, type Outcome, type Reading, type UnitEars } from './foreign-unit.js';
import { fixOf, frameBytes, stateOf, type OmniFrame } from './omni-words.js';

/** Sends bytes now; false when the connection is gone. */
export type Say = (bytes: Buffer) => boolean;

/** `L5`: the other locks of a unit. */
const OPEN_BATTERY = 1;
const OPEN_CABLE = 3;
const ASK_BATTERY = 33;
const IS_SHUT = '16';
const FIND_ME = 2;
const ASK_BAY_EVERY_MS = 2000;
const TRACKING_OFF = 0;
/** The key of an order lives this long in the unit; never longer than the order itself. */
const LONGEST_KEY_S = 5;
/** A unit with a network answers within two seconds; the next order must not wait for one that has none. */
const ANSWERS_WITHIN_MS = 5000;

interface Waiting {
  readonly word: string;
  readonly meant: (frame: OmniFrame) => boolean;
  readonly resolve: (frame: OmniFrame | null) => void;
}

export class OmniUnit implements ForeignUnit {
  reading: Reading | null = null;
  private say: Say | null = null;
  private ears: UnitEars | null = null;
  private readonly waiting = new Set<Waiting>();
  private bayTimer: NodeJS.Timeout | null = null;
  /** Named in every order, so that the answer to one is not taken for the answer to the next. */
  private lastUser = 0;

  constructor(
    private readonly imei: string,
    /** Seconds since 1970, as the protocol wants them beside each order. */
    private readonly unixSeconds: () => number,
  ) {}

  get here(): boolean {
    return this.say !== null;
  }

  listen(ears: UnitEars): void {
    this.ears = ears;
  }

  arrived(say: Say): void {
    this.say = say;
    // A unit that tells its place by itself would tell it in a ride too.
    say(frameBytes(this.imei, 'D1', TRACKING_OFF));
    say(frameBytes(this.imei, 'S6'));
    this.ears?.present(true);
  }

  left(): void {
    this.say = null;
    if (this.bayTimer !== null) clearInterval(this.bayTimer);
    this.bayTimer = null;
    for (const one of this.waiting) one.resolve(null);
    this.ears?.present(false);
  }

  hear(frame: OmniFrame): void {
    // The unit repeats what was not acknowledged.
    if (['L0', 'L1', 'W0', 'E0'].includes(frame.word)) this.say?.(frameBytes(this.imei, frame.word));
    const answered = [...this.waiting].find(({ word, meant }) => word === frame.word && meant(frame));
    answered?.resolve(frame);
    const state = stateOf(frame);
    if (state !== null) this.note(state);
    if (frame.word === 'W0' && frame.fields[0] === '1') this.ears?.mishap('moved_without_ride');
    if (frame.word === 'W0' && frame.fields[0] === '2') this.ears?.mishap('fell');
  }

  async act(kind: CommandKind, withinMs: number): Promise<Outcome> {
    const deadline = performance.now() + Math.min(ANSWERS_WITHIN_MS, withinMs);
    switch (kind) {
      case 'unlock':
      case 'resume':
        return this.turnLock('L0', deadline);
      case 'lock':
      case 'pause':
        return this.turnLock('L1', deadline);
      case 'look':
        return (await this.ask('S6', [], deadline)) === null ? 'silent' : 'done';
      case 'locate':
        return (await this.ask('V0', [FIND_ME], deadline)) === null ? 'silent' : 'done';
      case 'open_bay':
        return this.openOther(OPEN_BATTERY, deadline);
      case 'open_case':
        return this.openOther(OPEN_CABLE, deadline);
    }
  }

  async locate(withinMs: number): Promise<Fix | null> {
    const frame = await this.ask('D0', [], performance.now() + withinMs, ({ fields }) => fields[0] === '0');
    return frame === null ? null : fixOf(frame);
  }

  private async turnLock(word: 'L0' | 'L1', deadline: number): Promise<Outcome> {
    const user = (this.lastUser = (this.lastUser % 9_999) + 1);
    const keyLives = Math.min(LONGEST_KEY_S, Math.floor((deadline - performance.now()) / 1000));
    if (keyLives < 1) return 'silent';
    const of = ({ fields }: OmniFrame): boolean => fields[2] === String(user);
    const key = await this.ask('R0', [word === 'L0' ? 0 : 1, keyLives, user, this.unixSeconds()], deadline, of);
    if (key?.fields[1] === undefined) return 'silent';
    const order = word === 'L0' ? [key.fields[1], user, this.unixSeconds()] : [key.fields[1]];
    const answer = await this.ask(word, order, deadline, ({ fields }) => fields[1] === String(user));
    switch (answer?.fields[0]) {
      case '0':
        this.note({ isLocked: word === 'L1', chargePercent: null, speedKmh: word === 'L1' ? 0 : null, odometerM: null });
        return 'done';
      case '3':
        return 'moving';
      case '1':
      case '2':
        return 'jammed';
      default:
        return 'silent';
    }
  }

  private async openOther(which: number, deadline: number): Promise<Outcome> {
    const answer = await this.ask('L5', [which], deadline, ({ fields }) => fields[0] === String(which));
    if (answer === null) return 'silent';
    if (answer.fields[1] !== '0') return 'jammed';
    if (this.reading !== null) {
      const change = which === OPEN_BATTERY ? ({ bay: 'open' } as const) : ({ case: 'open' } as const);
      this.reading = { ...this.reading, sensors: { ...this.reading.sensors, ...change } };
    }
    if (which === OPEN_BATTERY) this.watchBay();
    return 'done';
  }

  /** The unit does not tell when somebody shuts the bay, so it is asked. */
  private watchBay(): void {
    if (this.bayTimer !== null) return;
    this.bayTimer = setInterval(() => {
      this.ask('L5', [ASK_BATTERY], performance.now() + ASK_BAY_EVERY_MS, ({ fields }) => fields[0] === String(ASK_BATTERY)).then(
        (answer) => {
          if (answer?.fields[1] === IS_SHUT) this.bayShut();
        },
        () => undefined,
      );
    }, ASK_BAY_EVERY_MS);
  }

  private bayShut(): void {
    if (this.bayTimer === null || this.reading === null) return;
    clearInterval(this.bayTimer);
    this.bayTimer = null;
    this.reading = { ...this.reading, sensors: { ...this.reading.sensors, bay: 'closed' } };
    this.ears?.mishap('bay_closed');
  }

  /** Says it and waits for the answer of that word; null when none came in time or the unit left. */
  private ask(word: string, fields: readonly (string | number)[], deadline: number, meant: Waiting['meant'] = () => true): Promise<OmniFrame | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => over(null), Math.max(0, deadline - performance.now()));
      const one: Waiting = { word, meant, resolve: (frame) => over(frame) };
      const over = (frame: OmniFrame | null): void => {
        clearTimeout(timer);
        this.waiting.delete(one);
        resolve(frame);
      };
      this.waiting.add(one);
      if (this.say?.(frameBytes(this.imei, word, ...fields)) !== true) over(null);
    });
  }

  private note(state: NonNullable<ReturnType<typeof stateOf>>): void {
    const before = this.reading;
    const lock = state.isLocked === null ? before?.sensors.lock : state.isLocked ? 'closed' : 'open';
    // Without a word about its lock nothing is known of a scooter.
    if (lock === undefined) return;
    this.reading = {
      // The protocol has no sensor for stand, helmet and case: they are told as in order, and README.md says so.
      sensors: {
        lock,
        ignition: (state.speedKmh ?? 0) > 0 && lock === 'open' ? 'on' : 'off',
        stand: 'down',
        helmet: 'in_case',
        case: before?.sensors.case === 'open' && lock === 'open' ? 'open' : 'closed',
        bay: before?.sensors.bay ?? 'closed',
      },
      chargePercent: state.chargePercent ?? before?.chargePercent ?? null,
      odometerM: state.odometerM ?? before?.odometerM ?? null,
      // Of a frame that tells no speed nothing is concluded: the last one may be from before the ride.
      speedKmh: lock === 'closed' ? 0 : state.speedKmh,
    };
    this.ears?.read();
  }
}
