// What a unit needs to be switched on: who it is, whom it calls, what it remembers and how lucky it is.
import { type Faults } from '../body/faults.js';
import { type FleetCard } from '../fleet-file.js';
import { type CityTime } from './clock.js';
import { type Flash } from './flash.js';
import { type Modem } from './modem.js';
import { type Obey } from './obedience.js';
import { type Unreceipted } from './unreceipted.js';

/** The parts in which another make could be worse than ours; the conformance kit is tried on such makes. */
export interface Firmware {
  readonly obey: Obey;
  readonly Modem: typeof Modem;
  readonly Unreceipted: typeof Unreceipted;
}

export interface SwitchOn {
  /** Without user or password: those are the card's. */
  readonly mqttUrl: string;
  /** The authority behind an mqtts broker (PEM), when it is nobody's known one. */
  readonly mqttCa?: string;
  readonly card: FleetCard;
  readonly clock: CityTime;
  /** The same flash again is the same scooter again, after its power came back. */
  readonly flash: Flash;
  readonly seed: number;
  readonly faults?: Faults;
  /** Real milliseconds within which the answer to a `hello` is spread; a fleet of thousands needs some. */
  readonly helloSpreadMs?: number;
  readonly keepaliveSeconds?: number;
  /** No fleet sets this: it has no option on any command line. */
  readonly firmware?: Partial<Firmware>;
}
