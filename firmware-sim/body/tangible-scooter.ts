// A scooter as people meet it: what one sees standing beside it, and what hands can do to it. How it thinks
// and speaks is in simulated-scooter.ts.
import { chargeFor, rangeKm, USUAL_WH_PER_KM } from './battery.js';
import { type Position } from './geo.js';
import { hotWire, park, push, put, ride, swap, type Handled, type Put, type Stuck, type Way } from './hands.js';
import { actLocally, type LocalAct } from '../unit/local-acts.js';
import { FRESH_KEYPAD, speedMps, type Scooter } from '../unit/scooter.js';
import { type ClockSet, type Senses } from '../unit/senses.js';

export abstract class TangibleScooter {
  protected constructor(protected scooter: Scooter) {}

  /** The scooter at this instant, after living through the time since it was last looked at. */
  protected abstract now(): Scooter;
  protected abstract handle(result: Handled): Stuck | null;
  protected abstract celsius(): number;
  protected abstract nowMs(): number;
  protected abstract hasPower(): boolean;
  protected abstract readonly senses: Senses;
  abstract reboot(): void;

  // What somebody standing beside it sees.

  get scooterId(): string {
    return this.scooter.scooterId;
  }
  get plate(): string {
    return this.scooter.plate;
  }
  get position(): Position {
    return this.scooter.position;
  }
  get sensors(): Scooter['sensors'] {
    return this.scooter.sensors;
  }
  get speedKmh(): number {
    return speedMps(this.scooter) * 3.6;
  }
  get chargePercent(): number {
    return this.scooter.pack.chargePercent;
  }
  get batterySerial(): string {
    return this.scooter.pack.serial;
  }
  get rangeKm(): number {
    return rangeKm(this.scooter.pack, this.celsius());
  }
  get odometerM(): number {
    return this.scooter.odometerM;
  }
  get inRide(): boolean {
    return this.scooter.inRide;
  }
  /** On its way, ridden or pushed; false once it has come to a stand at the end. */
  get underway(): boolean {
    return this.scooter.motion !== null;
  }
  get lastNonce(): number {
    return this.scooter.lastNonce;
  }

  // What hands can do. Each answers null when it was done, or what stood in the way.

  ride(way: Way): Stuck | null {
    return this.handle(ride(this.now(), way));
  }
  park(): Stuck | null {
    return this.handle(park(this.now()));
  }
  hotWire(way: Way): Stuck | null {
    return this.handle(hotWire(this.now(), way));
  }
  push(waypoints: readonly Position[]): Stuck | null {
    return this.handle(push(this.now(), waypoints));
  }
  swap(serial: string, chargePercent: number): Stuck | null {
    return this.handle(swap(this.now(), { serial, chargePercent }));
  }
  put(change: Put): Stuck | null {
    return this.handle(put(this.now(), change));
  }
  /** Its button, a phone close by, its keypad: what works without any network. */
  act(act: LocalAct): Stuck | null {
    return this.handle(this.hasPower() ? actLocally(this.now(), act, this.nowMs()) : { stuck: 'no_power' });
  }
  standDown(): Stuck | null {
    return this.put({ thing: 'stand', state: 'down' });
  }
  /** Puts its own clock wrong, or right again. */
  setClock(to: ClockSet): void {
    this.senses.setClock(to, this.nowMs());
  }
  /** What it has learnt is gone. Its secrets, the last nonce and what nobody has stored yet lie where no reset reaches. */
  factoryReset(): void {
    const scooter = this.now();
    const pack = { ...scooter.pack, whPerKm: USUAL_WH_PER_KM };
    this.handle({ scooter: { ...scooter, answered: [], keypad: FRESH_KEYPAD, pack }, says: [] });
    this.reboot();
  }
  /** For tests that cannot wait until a charge is used up. */
  setCharge(chargePercent: number): void {
    const scooter = this.now();
    this.handle({ scooter: { ...scooter, pack: { ...scooter.pack, chargePercent } }, says: [] });
  }
  setRange(km: number): void {
    this.setCharge(chargeFor(km, this.scooter.pack, this.celsius()));
  }
}
