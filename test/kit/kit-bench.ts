// Simulated units on a bench of the conformance kit: a broker, a street, and one trial for each of them.
import { randomBytes } from 'node:crypto';
import { type Rig } from '../../conformance/rig.js';
import { ServiceSide } from '../../conformance/service-side.js';
import { StreetRig } from '../../conformance/street-rig.js';
import { Trial, type Pace } from '../../conformance/trial.js';
import { type FleetCard } from '../../firmware-sim/fleet-file.js';
import { FlashStore, type Flash } from '../../firmware-sim/unit/flash.js';
import { SimulatedScooter } from '../../firmware-sim/unit/simulated-scooter.js';
import { type Firmware } from '../../firmware-sim/unit/switch-on.js';
import { openStreet } from '../../firmware-sim/street.js';
import { startBroker } from '../../src/embedded/broker.provider.js';
import { newId } from '../../src/platform/ids.js';
import { mayRead, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { BASTILLE } from './places.js';

/** What a make does otherwise than ours. */
export interface Make {
  readonly firmware?: Partial<Firmware>;
  readonly flash?: (flash: Flash) => Flash;
}

const TICK_MS = 50;
const REAL_TIME = { speed: 1, now: () => new Date() };
const PACE: Pace = { patienceMs: 30_000, settleMs: 50, clockAheadMs: 0 };
/** For makes that are known to stay silent. */
export const SHORT_PACE: Pace = { ...PACE, patienceMs: 6_000 };

export class KitBench {
  private made = 0;
  private readonly trials: Trial[] = [];
  private readonly flash = FlashStore.inMemory();
  private readonly ticking = setInterval(() => { for (const unit of this.units.values()) unit.tick(); }, TICK_MS);

  private constructor(
    private readonly broker: Awaited<ReturnType<typeof startBroker>>,
    private readonly street: Awaited<ReturnType<typeof openStreet>>,
    private readonly units: Map<string, SimulatedScooter>,
  ) {}

  /** The broker inside, but for the retained orders it would refuse: here the unit must be safe by itself. */
  static async open(): Promise<KitBench> {
    const broker = await startBroker({ host: '127.0.0.1', port: 0, doors: { serviceAccount: SERVICE_ACCOUNT, mayRead, mayWrite, mayRetain: () => true } });
    broker.openTo(() => Promise.resolve(true));
    const units = new Map<string, SimulatedScooter>();
    return new KitBench(broker, await openStreet(units, { host: '127.0.0.1', port: 0 }), units);
  }

  get mqttUrl(): string {
    return this.broker.serviceUrl;
  }
  get streetUrl(): string {
    return `http://127.0.0.1:${String(this.street.port)}`;
  }

  get scootersUrl(): string {
    return this.broker.url;
  }

  /** The secrets of a unit that somebody else will switch on. */
  card(): FleetCard {
    this.made += 1;
    return cardOf(this.made);
  }

  /** One unit of this make, switched on. */
  async unit(make: Make = {}): Promise<FleetCard> {
    const card = this.card();
    const flash = this.flash.of(card.scooterId);
    const unit = await SimulatedScooter.switchOn({
      mqttUrl: this.broker.url, card, clock: REAL_TIME, flash: make.flash?.(flash) ?? flash, seed: 1, ...(make.firmware && { firmware: make.firmware }),
    });
    this.units.set(card.scooterId, unit);
    return card;
  }

  rig(card: FleetCard): Rig {
    return new StreetRig(this.streetUrl, card.scooterId);
  }

  async trial(card: FleetCard, { rig = this.rig(card), pace = PACE }: { rig?: Rig | null; pace?: Pace } = {}): Promise<Trial> {
    const link = await ServiceSide.open(this.mqttUrl, card.scooterId);
    const trial = new Trial(link, rig, card, pace);
    this.trials.push(trial);
    await trial.greet();
    return trial;
  }

  async close(): Promise<void> {
    clearInterval(this.ticking);
    for (const { link } of this.trials) await link.close();
    for (const unit of this.units.values()) await unit.switchOff();
    this.street.server.closeAllConnections();
    this.street.server.close();
    await this.broker.stop();
  }
}

const cardOf = (number: number): FleetCard => ({
  scooterId: newId(), plate: `KIT-${String(number)}`, vin: `VF9KIT${String(number).padStart(11, '0')}`, password: randomBytes(24).toString('base64url'),
  commandKey: randomBytes(32).toString('hex'), ...BASTILLE, batterySerial: `KIT-${String(number)}`, chargePercent: 80, odometerM: 0,
});
