// One unit under judgement, as a vector sees it: orders to make and deliver, answers to wait for, sensors and
// bolt to look at. After every attack a plain look follows on the same line: its answer shows that the unit has
// read all that came before it, so that nobody has to guess how long silence must last.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { COMMAND_LIVES_SECONDS, signCommand, type Command, type CommandKind, type Refused, type ScooterEvent, type Sensors } from '../src/telematics/wire.js';
import { Broken, must, NotJudged } from './finding.js';
import { type Bolt, type OwnClock, type Rig } from './rig.js';
import { type Delivery, type Heard, type ServiceSide } from './service-side.js';

export interface Unit {
  readonly scooterId: string;
  readonly commandKey: string;
}

export interface Pace {
  /** How long an answer, a restart or a resend may take, in real milliseconds. */
  readonly patienceMs: number;
  /** How long one goes on listening for what must not come, once the unit has surely read everything. */
  readonly settleMs: number;
  /** How far the city's clock is ahead of this machine's. */
  readonly clockAheadMs: number;
}

type Answer = Extract<ScooterEvent, { kind: 'command_done' | 'command_refused' }>;
const isAnswerTo = (commandId: string) => ({ said }: Heard<ScooterEvent>): boolean =>
  (said.kind === 'command_done' || said.kind === 'command_refused') && said.commandId === commandId;

/** A message of an attack: an order, changed or not, or bytes that only look like one. */
export interface Shot extends Delivery {
  readonly bytes: object | string | Uint8Array;
}

const REST_AGAIN_MS = 500;
const COMES_TO_REST_WITHIN_MS = 30_000;
const GIVEN_UP_AFTER = 2;

export class Trial {
  /** Begins above whatever an earlier run has used. */
  private nonce = Date.now();
  /** Vectors in a row that could not begin, because nothing answered. */
  private silentTimes = 0;
  commandKey: string;

  constructor(
    readonly link: ServiceSide,
    private readonly hands: Rig | null,
    unit: Unit,
    readonly pace: Pace,
  ) {
    this.commandKey = unit.commandKey;
  }

  get scooterId(): string {
    return this.link.scooterId;
  }
  get hasRig(): boolean {
    return this.hands !== null;
  }
  get rig(): Rig {
    if (this.hands === null) throw new NotJudged('Nobody stands beside the unit (--street or --by-hand).');
    return this.hands;
  }

  nowMs(): number {
    return Date.now() + this.pace.clockAheadMs;
  }

  nextNonce(gap = 1): number {
    this.nonce += gap;
    return this.nonce;
  }

  /** An order as the service would make it now, but for the changes; signed after them. */
  order(kind: CommandKind, changes: Partial<Omit<Command, 'signature'>> = {}, key = this.commandKey): Command {
    return signCommand(key, {
      commandId: randomUUID(), scooterId: this.scooterId, kind, nonce: changes.nonce ?? this.nextNonce(),
      notAfter: Math.round(this.nowMs()) + COMMAND_LIVES_SECONDS * 1000, ...changes,
    });
  }

  /** All it said about this command: repetitions have the same boot and seq. */
  answersTo({ commandId }: Command): Heard<Answer>[] {
    return this.link.events.filter(isAnswerTo(commandId)) as Heard<Answer>[];
  }

  answerTo(command: Command): Promise<Heard<Answer>> {
    return this.link.until(() => this.answersTo(command)[0], `No answer to ${command.kind}`, this.pace.patienceMs);
  }

  async ask(kind: CommandKind, changes: Parameters<Trial['order']>[1] = {}): Promise<Answer> {
    const order = this.order(kind, changes);
    await this.link.say(order);
    return (await this.answerTo(order)).said;
  }

  async mustDo(kind: CommandKind): Promise<Sensors> {
    const answer = await this.ask(kind);
    if (answer.kind === 'command_refused') throw new Broken(`It refused a good ${kind}: ${answer.reason}`);
    must(answer.command === kind, `It says ${answer.command} was done; it was asked for ${kind}`);
    return answer.sensors;
  }

  /** The street allows it not: that must be answered, and the bolt stays. */
  async mustRefuse(kind: CommandKind, reason: Refused): Promise<Answer> {
    const answer = await this.ask(kind);
    if (answer.kind === 'command_done') throw new Broken(`It says ${kind} was done, and should have refused it: ${reason}`);
    must(answer.reason === reason, `It refused ${kind} as ${answer.reason}, not as ${reason}`);
    return answer;
  }

  /** Asks the sensors, and the eye where looking is free. */
  async mustBe(bolt: Bolt): Promise<void> {
    const { lock } = await this.mustDo('look');
    must(lock === bolt, `Its lock sensor says ${lock}`);
    if (this.hands?.tireless === true) await this.mustSee(bolt);
  }

  async mustSee(bolt: Bolt): Promise<void> {
    const seen = await this.rig.bolt();
    must(seen === bolt, `The bolt is ${seen}`);
  }

  /** None of it may move anything, nor be called done; a refusal, where one comes, names one of these reasons. */
  async mustIgnore(shots: readonly Shot[], reasons: readonly Refused[]): Promise<void> {
    const first = this.link.events.length;
    for (const { bytes, ...delivery } of shots) await this.link.say(bytes, delivery);
    const look = this.order('look');
    await this.link.say(look);
    await this.answerTo(look);
    await pause(this.pace.settleMs);
    for (const { said } of this.link.events.slice(first)) {
      if (said.kind === 'command_done') must(said.commandId === look.commandId, `It did what it should not have: ${said.command}`);
      if (said.kind === 'bay_opened') throw new Broken('Its battery bay opened');
      if (said.kind !== 'command_refused' || said.commandId === look.commandId) continue;
      must(reasons.includes(said.reason), `It refused for ${said.reason}, not for ${reasons.join(' or ')}`);
    }
    await this.mustBe('closed');
  }

  /** @throws Broken when nobody is there. */
  async greet(): Promise<void> {
    await this.link.hello(this.nowMs());
    await this.link.until(() => (this.boot() > 0 ? true : undefined), `Scooter ${this.scooterId} said nothing to a hello`, this.pace.patienceMs);
  }

  /** Every vector begins with a unit that stands locked, outside any ride. */
  async rest(): Promise<void> {
    this.link.givesReceipt = () => true;
    if (this.silentTimes >= GIVEN_UP_AFTER) throw new Broken('It has fallen silent');
    const deadlineMs = performance.now() + COMES_TO_REST_WITHIN_MS;
    for (;;) {
      this.silentTimes += 1;
      const answer = await this.ask('lock');
      this.silentTimes = 0;
      if (answer.kind === 'command_done') break;
      if (answer.reason !== 'moving' || performance.now() > deadlineMs) throw new Broken(`It cannot be locked to begin with: ${answer.reason}`);
      await pause(REST_AGAIN_MS);
    }
    await this.mustBe('closed');
  }

  /** The highest boot it has spoken under. */
  boot(): number {
    return Math.max(0, ...[...this.link.events, ...this.link.presence, ...this.link.telemetry].map(({ said }) => said.boot));
  }

  /** Does it, and waits until the unit is back on the line under a new boot. */
  async andComesBack(restart: () => Promise<void>): Promise<void> {
    const before = this.boot();
    await restart();
    await this.link.until(
      () => this.link.presence.find(({ said }) => said.connected && said.boot > before), 'It did not come back with a higher boot', this.pace.patienceMs,
    );
  }

  /** Takes the network away for as long as `meanwhile` lasts, and waits until the unit is back. */
  async withoutNetwork(meanwhile: (comeBack: () => Promise<void>) => Promise<void>): Promise<void> {
    const { rig, link } = this;
    const isHere = (here: boolean) => (): true | undefined => (link.presence.at(-1)?.said.connected === here ? true : undefined);
    let isLost = true;
    const comeBack = async (): Promise<void> => {
      if (isLost) await rig.findNetwork();
      isLost = false;
      await link.until(isHere(true), 'It did not come back', this.pace.patienceMs);
    };
    await rig.loseNetwork();
    try {
      await link.until(isHere(false), 'No last will', this.pace.patienceMs);
      await meanwhile(comeBack);
    } finally {
      await comeBack();
    }
  }

  async withClock(to: OwnClock, meanwhile: () => Promise<void>): Promise<void> {
    const { rig } = this;
    await rig.setClock(to);
    try {
      await meanwhile();
    } finally {
      await rig.setClock('right');
    }
  }

  /** A look whose answer gets no receipt: heard once, and owed again. */
  async leaveWithoutReceipt(): Promise<{ look: Command; first: Heard<Answer> }> {
    const look = this.order('look');
    this.link.givesReceipt = (event) => !('commandId' in event && event.commandId === look.commandId);
    await this.link.say(look);
    const first = await this.answerTo(look);
    await pause(this.pace.settleMs);
    this.link.mustBeTheOnlyService();
    return { look, first };
  }
}
