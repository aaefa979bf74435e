// All scooters of one process: switched on a few dozen at a time, then kept alive by one loop that touches
// only those that move or have something to say.
import { realMs, type CityTime } from './unit/clock.js';
import { type Faults } from './body/faults.js';
import { type FleetCard } from './fleet-file.js';
import { type FlashStore } from './unit/flash.js';
import { SimulatedScooter } from './unit/simulated-scooter.js';

export interface FleetSetting {
  readonly mqttUrl: string;
  /** The authority behind an mqtts broker (PEM), when it is nobody's known one. */
  readonly mqttCa?: string;
  readonly clock: CityTime;
  readonly flash: FlashStore;
  readonly seed: number;
  readonly faults: Faults;
}

const TICK_MS = 200;
/** Connections under way at once: enough to keep a broker busy, not enough to drown it. */
const AT_ONCE = 64;
/** The answers to a `hello` are spread over this long. */
const HELLO_SPREAD_MS = 3_000;

export class Fleet {
  readonly scooters = new Map<string, SimulatedScooter>();
  private loop: NodeJS.Timeout | null = null;

  constructor(private readonly setting: FleetSetting) {}

  /** Comes back when every scooter has announced itself; until then it goes on trying. */
  async switchOn(cards: readonly FleetCard[], oneMore: () => void): Promise<void> {
    this.loop = setInterval(() => this.tick(), TICK_MS);
    const waiting = [...cards];
    const worker = async (): Promise<void> => {
      for (let card = waiting.shift(); card !== undefined; card = waiting.shift()) {
        const { flash, ...rest } = this.setting;
        const scooter = await SimulatedScooter.switchOn({
          ...rest,
          card,
          flash: flash.of(card.scooterId),
          helloSpreadMs: HELLO_SPREAD_MS,
        });
        this.scooters.set(card.scooterId, scooter);
        oneMore();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async switchOff(): Promise<void> {
    if (this.loop !== null) clearInterval(this.loop);
    await Promise.all([...this.scooters.values()].map((scooter) => scooter.switchOff()));
    this.setting.flash.close();
  }

  private tick(): void {
    const nowMs = this.setting.clock.now().getTime();
    const realNowMs = realMs();
    for (const scooter of this.scooters.values()) if (scooter.isDue(nowMs, realNowMs)) scooter.tick();
  }
}
