// Scooters of a test city: provisioned like real ones, switched on, and lived on by the world's turns.
import { randomBytes } from 'node:crypto';
import { chargeFor, parisCelsius, USUAL_WH_PER_KM } from '../../firmware-sim/body/battery.js';
import { FlashStore, type Flash, type Remembered } from '../../firmware-sim/unit/flash.js';
import { SimulatedScooter } from '../../firmware-sim/unit/simulated-scooter.js';
import type { Firmware } from '../../firmware-sim/unit/switch-on.js';
import { ProvisioningService } from '../../src/identity/provisioning.service.js';
import { SigningService } from '../../src/identity/signing.service.js';
import { newId, type ScooterId } from '../../src/platform/ids.js';
import { BASTILLE } from './places.js';
import type { TestClock } from './test-clock.js';
import { fleetPool, type World } from './world.js';

export interface ScooterOptions {
  readonly rangeKm?: number;
  readonly at?: { latitude: number; longitude: number };
  /** False leaves it as it comes from the factory, unknown to riders. */
  readonly trusted?: boolean;
  /** Its own sense of time, for units whose timer is broken. */
  readonly clock?: TestClock;
  /** For storms: the same seed and id have the same luck. */
  readonly seed?: number;
  readonly id?: string;
  /** Parts of another make, such as a modem that an attacker has in hand. */
  readonly firmware?: Partial<Firmware>;
  /** Told what the scooter writes into its flash, in the instant it happens. */
  readonly watch?: (written: Partial<Remembered>) => void;
  /** Told of every event it keeps until somebody has stored it. */
  readonly keeps?: (boot: number, seq: number) => void;
}

export interface TestScooter {
  readonly id: ScooterId;
  readonly plate: string;
  readonly commandKey: string;
  readonly password: string;
  readonly unit: SimulatedScooter;
}

let nextNumber = 1;
const newPack = { serial: 'new', chargePercent: 100, whPerKm: USUAL_WH_PER_KM };

export class Garage {
  private readonly units: SimulatedScooter[] = [];
  private readonly flash = FlashStore.inMemory();
  private readonly pool = [...fleetPool()];

  constructor(private readonly world: World) {}

  async scooter(options: ScooterOptions = {}): Promise<TestScooter> {
    const { rangeKm = 40, at = BASTILLE, trusted = true, clock = this.world.clock, seed = 1, id, firmware } = options;
    const made = this.make(id);
    const card = { ...made, ...at, batterySerial: `PACK-${made.plate}`, chargePercent: chargeFor(rangeKm, newPack, parisCelsius(this.world.clock.now())), odometerM: 1200,
      serviceKey: this.world.app.get(SigningService).publicKeyHex };
    await this.provision(made);
    const unit = await SimulatedScooter.switchOn({
      mqttUrl: this.world.brokerUrl, ...(this.world.config.mqttCa !== undefined && { mqttCa: this.world.config.mqttCa }), card, clock, flash: watched(this.flash.of(made.scooterId), options), seed, helloSpreadMs: 0,
      ...(firmware !== undefined && { firmware }),
    });
    this.units.push(unit);
    if (trusted) await this.world.until(() => this.isTrusted(made.scooterId), `scooter ${made.plate} in service`);
    return { id: made.scooterId, plate: made.plate, commandKey: made.commandKey, password: made.password, unit };
  }

  tick(): void {
    for (const unit of this.units) unit.tick();
  }

  async close(): Promise<void> {
    for (const unit of this.units) await unit.switchOff();
  }

  async stateOf(scooterId: ScooterId): Promise<Record<string, unknown>> {
    const [row] = await this.world.db.query<Record<string, unknown>[]>('select * from scooters where id = $1', [scooterId]);
    return row ?? {};
  }

  private make(id?: string) {
    const number = nextNumber++;
    const known = this.pool.shift();
    return {
      scooterId: (known?.scooterId ?? id ?? newId()) as ScooterId,
      password: known?.password ?? randomBytes(24).toString('base64url'),
      plate: `TEST-${String(number).padStart(4, '0')}`,
      vin: `VF9TEST${String(number).padStart(10, '0')}`,
      commandKey: randomBytes(32).toString('hex'),
    };
  }

  private provision({ scooterId, plate, vin, commandKey, password }: ReturnType<Garage['make']>): Promise<void> {
    const provisioning = this.world.app.get(ProvisioningService);
    return this.world.db.transaction((tx) => provisioning.provision(tx, [{ id: scooterId, plate, vin, commandKey, password }]));
  }

  private async isTrusted(scooterId: ScooterId): Promise<boolean> {
    const { state, connected, latitude } = await this.stateOf(scooterId);
    return state !== 'unsure' && connected === true && latitude !== null;
  }
}

function watched(flash: Flash, { watch, keeps }: ScooterOptions): Flash {
  if (!watch && !keeps) return flash;
  return {
    ...flash,
    write: (state) => {
      flash.write(state);
      watch?.(state);
    },
    keep: (event) => {
      flash.keep(event);
      keeps?.(event.boot, event.seq);
    },
  };
}
