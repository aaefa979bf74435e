// One whole scooter: the thing in the street, its computer, its flash and its radio, kept going by `tick`.
// Tests and the fleet process use this class and nothing below it.
import { COMMAND_LIVES_SECONDS, topics, type Command, type Fix, type Telemetry } from '../../src/telematics/wire.js';
import { parisCelsius } from '../body/battery.js';
import { Chance } from '../body/chance.js';
import { realMs } from './clock.js';
import { Air, Trouble, type Faults } from '../body/faults.js';
import { assemble, remembered, restarted, type Flash } from './flash.js';
import { type Handled, type Stuck } from '../body/hands.js';
import { Modem } from './modem.js';
import { obey } from './obedience.js';
import { Power } from './power.js';
import { isNews, reportEverySeconds, toldBy, type Told } from './reporting.js';
import { live, namesPlace, pushedFar, readings, type Happening, type Scooter } from './scooter.js';
import { TangibleScooter } from '../body/tangible-scooter.js';
import { Senses } from './senses.js';
import { type Inside } from './skill.js';
import { SkillSet } from './skills.js';
import { type SwitchOn } from './switch-on.js';
import { Unreceipted } from './unreceipted.js';

/** Clocks of one city agree this well; in real seconds. */
const CLOCK_TOLERANCE_SECONDS = 2;

export class SimulatedScooter extends TangibleScooter {
  private boot: number;
  private seq = 0;
  private livedUntilMs: number;
  private reportAtMs = 0;
  private told: Told | null = null;
  private pushTold = false;
  private helloTimer: NodeJS.Timeout | null = null;
  private faults: Faults;
  private readonly flash: Flash;
  private readonly chance: Chance;
  protected readonly senses: Senses;
  private readonly unreceipted: Unreceipted;
  private readonly modem: Modem;
  private readonly trouble: Trouble;
  private readonly skills: SkillSet;
  private readonly power: Power;
  private readyOnce: (() => void) | null = null;

  /** Starts the unit and comes back when it is connected, subscribed and has announced itself. */
  static async switchOn(parts: SwitchOn): Promise<SimulatedScooter> {
    const scooter = new SimulatedScooter(parts);
    await new Promise<void>((resolve) => {
      scooter.readyOnce = resolve;
    });
    return scooter;
  }

  private constructor(private readonly parts: SwitchOn) {
    const { card, flash, clock, seed } = parts;
    const kept = flash.load()?.state ?? {};
    super(assemble(card, kept));
    this.flash = flash;
    this.faults = parts.faults ?? {};
    this.chance = Chance.of(seed, card.scooterId);
    this.senses = new Senses(this.chance, () => this.faults);
    this.livedUntilMs = clock.now().getTime();
    this.boot = kept.boot ?? 0;
    const reason = this.boot === 0 ? 'power_on' : 'reboot';

    this.unreceipted = new (parts.firmware?.Unreceipted ?? Unreceipted)(flash, (event) => this.modem.say(topics.eventsFrom(card.scooterId), event));
    const air = (): Air => new Air(this.chance, () => this.faults);
    this.trouble = new Trouble(this.chance);
    this.power = this.supply();
    this.skills = new SkillSet(flash, this.inside());
    this.boot += 1;
    flash.write(remembered(this.scooter, this.boot));
    this.modem = new (parts.firmware?.Modem ?? Modem)(
      { ...parts, scooterId: card.scooterId, password: card.password, keepaliveSeconds: parts.keepaliveSeconds ?? 45 },
      { up: air(), down: air(), chance: this.chance, ears: this.ears(), skills: this.skills.byTopic() },
      this.boot,
    );
    this.tell({ kind: 'started', reason, release: this.skills.release });
    this.skills.started(this.boot);
  }

  get connected(): boolean { return this.modem.connected; }

  get unreceiptedEvents(): number { return this.unreceipted.size; }

  // What goes wrong.

  setFaults(faults: Faults): void { this.faults = faults; }
  loseNetwork(): void { this.power.loseNetwork(); }
  findNetwork(): void { this.power.findNetwork(); }
  /** Its current is gone until it comes `back`; a cut too sudden leaves no last word. */
  cutPower(lastGasp = true): void {
    this.now();
    this.power.cut(lastGasp);
  }
  powerBack(): void { this.power.back(); }
  /** The unit's power is cut and comes back; the thing in the street goes on as it was, riding or standing. */
  reboot(): void {
    this.seq = 0;
    this.told = null;
    this.boot += 1;
    this.unreceipted.reload();
    this.scooter = restarted(this.scooter, this.flash.load()?.state ?? {});
    this.flash.write({ boot: this.boot });
    this.modem.restart(this.boot);
    this.tell({ kind: 'started', reason: 'reboot', release: this.skills.release });
    this.skills.started(this.boot);
  }
  /** The power is cut for good; everything in flash stays. */
  async switchOff(): Promise<void> {
    if (this.helloTimer !== null) clearTimeout(this.helloTimer);
    this.power.release();
    this.now();
    this.remember();
    await this.modem.switchOff();
  }

  // Life.

  /** Whether `tick` would find anything to do; cheap, for fleets. */
  isDue(nowMs: number, realNowMs: number): boolean {
    const speaks = nowMs >= this.reportAtMs || this.unreceipted.isDue(realNowMs);
    return this.scooter.motion !== null || speaks || this.trouble.isDue(this.faults, realNowMs);
  }

  /** Lets the time that passed since the last tick happen, and says what is due. */
  tick(): void {
    const nowMs = this.parts.clock.now().getTime();
    this.meetTrouble();
    this.now();
    if (this.power.isOff) return;
    this.skills.tick();
    if (nowMs >= this.reportAtMs) this.report();
    this.unreceipted.resend(nowMs, realMs());
  }

  private meetTrouble(): void {
    const met = this.trouble.meet(this.faults, realMs());
    if (met === 'network_lost') this.loseNetwork();
    if (met === 'network_found') this.findNetwork();
    if (met === 'brown_out' && !this.power.isOff) this.reboot();
  }

  private ears(): ConstructorParameters<typeof Modem>[1]['ears'] {
    return {
      command: (command) => this.obey(command),
      receipt: (receipt) => this.unreceipted.receipted(receipt),
      hello: () => this.answerHello(),
      ready: () => {
        this.sayEverything();
        this.readyOnce?.();
        this.readyOnce = null;
      },
    };
  }

  private inside(): Omit<Inside, 'note' | 'writeNote'> {
    return {
      scooterId: this.scooterId,
      serviceKey: this.parts.card.serviceKey ?? null,
      hasPower: () => !this.power.isOff,
      nowMs: () => this.livedUntilMs,
      scooter: () => this.now(),
      become: (scooter) => {
        this.scooter = scooter;
        this.remember();
        this.become(scooter);
      },
      tell: (what) => this.tell(what),
      fix: () => this.fix(),
      reboot: () => this.reboot(),
    };
  }

  private supply(): Power {
    return new Power({
      lastGasp: () => this.tell({ kind: 'power_lost', sensors: this.scooter.sensors, fix: this.fix() }),
      start: () => this.reboot(),
      loseNetwork: () => this.modem.loseNetwork(),
      findNetwork: () => this.modem.findNetwork(),
    });
  }

  private feed(): void {
    this.power.follow(this.scooter.pack.chargePercent, !this.chance.happens(this.faults.no_last_gasp ?? 0));
  }

  private obey(command: Command): void {
    if (this.power.isOff || this.chance.happens(this.faults.mute ?? 0)) return;
    const before = this.now();
    const jams =
      (command.kind === 'lock' || command.kind === 'pause') && this.chance.happens(this.faults.jammed_lock ?? 0);
    const { scooter, says } = (this.parts.firmware?.obey ?? obey)(jams ? { ...before, jammed: true } : before, command, {
      ownClockMs: this.senses.ownClockMs(this.livedUntilMs),
      longestLifeMs: (COMMAND_LIVES_SECONDS + CLOCK_TOLERANCE_SECONDS) * 1000 * this.parts.clock.speed,
      fix: this.fix(),
      remember: (nonce) => this.flash.write({ lastNonce: nonce }),
    });
    this.scooter = jams ? { ...scooter, jammed: before.jammed } : scooter;
    if (scooter.lastNonce !== before.lastNonce) this.remember();
    for (const happening of says) this.tell(happening);
    this.become(this.scooter);
  }

  protected handle(result: Handled): Stuck | null {
    if ('stuck' in result) {
      if (result.scooter !== undefined) this.scooter = result.scooter;
      this.remember();
      return result.stuck;
    }
    this.pushTold &&= result.scooter.pushedFrom === this.scooter.pushedFrom;
    this.scooter = result.scooter;
    this.remember();
    this.feed();
    for (const what of result.says) this.tell(namesPlace(what) ? { ...what, fix: this.fix() } : what);
    this.become(this.scooter);
    return null;
  }

  protected now(): Scooter {
    const nowMs = this.parts.clock.now().getTime();
    const seconds = (nowMs - this.livedUntilMs) / 1000;
    this.livedUntilMs = Math.max(this.livedUntilMs, nowMs);
    this.become(live(this.scooter, seconds, this.celsius()));
    return this.scooter;
  }

  private become(scooter: Scooter): void {
    const stopped = this.scooter.motion !== null && scooter.motion === null;
    this.scooter = scooter;
    this.feed();
    if (stopped) this.remember();
    if (!this.pushTold && pushedFar(scooter)) {
      this.pushTold = true;
      this.tell({ kind: 'moved_without_ride', fix: this.fix() });
    }
    if (isNews(this.told, toldBy(scooter, this.celsius(), this.told))) this.report();
  }

  private tell(what: Happening): void {
    if (this.power.isOff) return;
    this.seq += 1;
    this.unreceipted.add({ boot: this.boot, seq: this.seq, atMs: this.livedUntilMs, what }, realMs());
  }

  /** The state now. Without a link nothing is said and nothing saved up: the newest wins, later. */
  private report(): void {
    this.reportAtMs = this.livedUntilMs + reportEverySeconds(this.scooter) * 1000;
    if (!this.modem.connected || this.power.isOff) return;
    this.seq += 1;
    const state: Telemetry = {
      boot: this.boot, seq: this.seq, ageMs: 0,
      ...readings(this.scooter, this.celsius(), this.fix(), this.senses.ownClockMs(this.livedUntilMs)),
    };
    this.modem.say(topics.telemetryFrom(this.scooterId), state);
    this.told = toldBy(this.scooter, this.celsius(), this.told);
    this.remember();
  }

  private sayEverything(): void {
    this.unreceipted.hurry();
    this.unreceipted.resend(this.parts.clock.now().getTime(), realMs());
    // Forgetting what was told makes everything news.
    this.told = null;
    this.now();
    // A fleet that came at once does not speak at once for ever after.
    this.reportAtMs = this.livedUntilMs + this.chance.next() * reportEverySeconds(this.scooter) * 1000;
  }

  private answerHello(): void {
    if (this.helloTimer !== null) clearTimeout(this.helloTimer);
    const speak = (): void => {
      this.modem.announce();
      this.sayEverything();
    };
    this.helloTimer = setTimeout(speak, this.chance.between(0, this.parts.helloSpreadMs ?? 0));
  }

  private remember(): void { this.flash.write(remembered(this.scooter, this.boot)); }

  protected nowMs(): number { return this.livedUntilMs; }
  protected hasPower(): boolean { return !this.power.isOff; }

  private fix(): Fix {
    return this.senses.fix(this.scooter.position);
  }

  protected celsius(): number {
    return parisCelsius(this.parts.clock.now());
  }
}
