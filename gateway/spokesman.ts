// Speaks version 1 of the wire for a unit that cannot: checks what the service orders, asks the unit, and tells
// what the unit says, with the numbers, ages and receipts the service relies on.
import { setTimeout as pause } from 'node:timers/promises';
import { ScooterEvent, topics, type Command, type Refused, type Sensors, type Telemetry } from '../src/telematics/wire.js';
import { refusalFor, whyNotBelieve, whyNotNow } from './doubt.js';
import { type ForeignUnit, type Mishap } from './foreign-unit.js';
import { Line } from './line.js';
import { type Memory } from './memory.js';

export interface Charge {
  readonly scooterId: string;
  readonly imei: string;
  readonly password: string;
  readonly commandKey: string;
  /** Kilometres with a full pack; the protocol knows only its charge. */
  readonly fullRangeKm: number;
}

export interface City {
  /** Without user and password: those are the scooter's. */
  readonly mqttUrl: string;
  /** Of an authority of one's own, PEM; for mqtts. */
  readonly ca?: string;
  /** The clock by which orders die; the gateway is a server, and keeps it right. */
  nowMs(): number;
}

type Unsaid<Said> = Said extends unknown ? Omit<Said, 'boot' | 'seq' | 'ageMs'> : never;
type Happening = Unsaid<ScooterEvent>;

const REPORT_EVERY_MS = 60_000;
const RESEND_EVERY_MS = 2000;
const SAID_AT_ONCE = 20;
const ANSWERED_KEPT = 16;
/** A place is asked for within this, beside the order itself. */
const PLACE_WITHIN_MS = 3000;
const SHUTS: ReadonlySet<string> = new Set(['lock', 'pause']);
const TOLD_PLACES: ReadonlySet<string> = new Set(['unlock', 'lock', 'look']);

export class Spokesman {
  private line: Line | null = null;
  private seq = 0;
  private orders: Promise<void> = Promise.resolve();
  private comings: Promise<void> = Promise.resolve();
  private readonly timers: NodeJS.Timeout[];

  constructor(
    private readonly charge: Charge,
    private readonly unit: ForeignUnit,
    private readonly memory: Memory,
    private readonly city: City,
  ) {
    unit.listen({
      present: (here) => {
        // One coming or going at a time: two lines under one name would throw each other out for ever.
        this.comings = this.comings.then(() => this.present(here)).catch(() => undefined);
      },
      read: () => this.report(),
      mishap: (what) => void this.mishap(what).catch(() => undefined),
    });
    this.timers = [setInterval(() => this.report(), REPORT_EVERY_MS), setInterval(() => this.resend(), RESEND_EVERY_MS)];
  }

  /** The unit is to the broker what it is to us: there when it is there. Each coming of it is a boot. */
  private async present(here: boolean): Promise<void> {
    const { scooterId, password } = this.charge;
    await this.hush();
    if (!here) return;
    const boot = this.memory.now.boot + 1;
    this.seq = 0;
    this.memory.write({ boot });
    this.tell({ kind: 'started', reason: boot === 1 ? 'power_on' : 'reboot' });
    this.line = new Line({ mqttUrl: this.city.mqttUrl, ...(this.city.ca !== undefined && { ca: this.city.ca }), scooterId, password, boot }, {
      command: (command) => this.queue(command),
      receipt: (receipt) => this.forget(receipt),
      hello: () => {
        this.line?.say(topics.presenceFrom(scooterId), { connected: true, boot }, 1);
        this.resend();
        this.report();
      },
    });
  }

  async end(): Promise<void> {
    this.timers.forEach(clearInterval);
    await this.hush();
  }

  private async hush(): Promise<void> {
    const { line } = this;
    this.line = null;
    await line?.end();
  }

  /** One order at a time; the next is judged by what the first has left. */
  private queue(command: Command): void {
    this.orders = this.orders.then(() => this.obey(command)).catch(() => undefined);
  }

  private async obey(command: Command): Promise<void> {
    const { lastNonce, answered } = this.memory.now;
    const doubt = whyNotBelieve({ ...this.charge, lastNonce }, command, this.city.nowMs());
    if (doubt === 'replayed' && answered.includes(command.commandId)) return;
    // A bolt is never shut by an old speed: the unit is asked how fast it is right before.
    if (SHUTS.has(command.kind) && doubt === null) await this.unit.act('look', PLACE_WITHIN_MS);
    const sensors = this.unit.reading?.sensors;
    // Before its first word nothing can be said of the bolt; silence makes the service ask again.
    if (sensors === undefined) return;
    if (doubt !== null) {
      this.refuse(command, doubt, sensors);
      return;
    }
    this.memory.write({ lastNonce: command.nonce, answered: [...answered, command.commandId].slice(-ANSWERED_KEPT) });
    const isLocked = sensors.lock === 'closed';
    const hindrance = whyNotNow(command.kind, { inRide: this.memory.now.inRide, isLocked, speedKmh: this.unit.reading?.speedKmh ?? null });
    if (hindrance === null) await this.order(command);
    else this.refuse(command, hindrance, sensors);
  }

  private async order(command: Command): Promise<void> {
    const { kind } = command;
    const outcome = await this.unit.act(kind, command.notAfter - this.city.nowMs());
    const sensors = this.unit.reading?.sensors;
    if (outcome === 'silent' || sensors === undefined) return;
    if (outcome !== 'done') {
      this.refuse(command, refusalFor(outcome), sensors);
      return;
    }
    const fix = TOLD_PLACES.has(kind) ? await Promise.race([this.unit.locate(PLACE_WITHIN_MS), pause(PLACE_WITHIN_MS, null)]) : null;
    if (kind === 'unlock' || kind === 'lock') this.memory.write({ inRide: kind === 'unlock' });
    this.tell({ kind: 'command_done', commandId: command.commandId, command: kind, sensors, fix });
    if (kind === 'open_bay') this.tell({ kind: 'bay_opened' });
    this.report();
  }

  private refuse({ commandId }: Command, reason: Refused, sensors: Sensors): void {
    this.tell({ kind: 'command_refused', commandId, reason, sensors });
  }

  private async mishap(what: Mishap): Promise<void> {
    if (what === 'bay_closed') {
      this.memory.write({ packs: this.memory.now.packs + 1 });
      await this.unit.act('look', PLACE_WITHIN_MS);
      const chargePercent = this.unit.reading?.chargePercent ?? 0;
      this.tell({ kind: 'bay_closed', batterySerial: this.packName(), chargePercent });
    } else if (what === 'fell') {
      this.tell({ kind: 'fell', fix: await this.unit.locate(PLACE_WITHIN_MS) });
    } else if (!this.memory.now.inRide) {
      this.tell({ kind: 'moved_without_ride', fix: await this.unit.locate(PLACE_WITHIN_MS) });
    }
    this.report();
  }

  private report(): void {
    const { reading } = this.unit;
    const { boot, inRide } = this.memory.now;
    if (reading === null || this.line === null) return;
    this.seq += 1;
    const { chargePercent, odometerM, speedKmh, sensors } = reading;
    const state: Telemetry = {
      boot, seq: this.seq, ageMs: 0, chargePercent,
      rangeKm: chargePercent === null ? null : Math.round(chargePercent * this.charge.fullRangeKm) / 100,
      batterySerial: this.packName(), odometerM: odometerM ?? 0, sensors, inRide, fix: null,
      moving: speedKmh === null ? null : speedKmh > 0, clockMs: this.city.nowMs(),
    };
    this.line.say(topics.telemetryFrom(this.charge.scooterId), state);
  }

  /** On disk first, then on the air, and again until receipted. */
  private tell(what: Happening): void {
    this.seq += 1;
    const { boot, events } = this.memory.now;
    this.memory.write({ events: [...events, { boot, seq: this.seq, atMs: this.city.nowMs(), what }] });
    this.resend();
  }

  private resend(): void {
    for (const { boot, seq, atMs, what } of this.memory.now.events.slice(0, SAID_AT_ONCE)) {
      const event = { ...what, boot, seq, ageMs: Math.max(0, this.city.nowMs() - atMs) };
      if (this.line?.say(topics.eventsFrom(this.charge.scooterId), event) !== true) return;
    }
  }

  private forget(receipt: { boot: number; seq: number }): void {
    const { events } = this.memory.now;
    const left = events.filter(({ boot, seq }) => boot !== receipt.boot || seq !== receipt.seq);
    if (left.length < events.length) this.memory.write({ events: left });
  }

  private packName(): string {
    return `${this.charge.imei}/${String(this.memory.now.packs)}`;
  }
}
