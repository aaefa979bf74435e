// What a unit needs to be switched on: who it is, whom it calls, what it remembers and how lucky it is.
import { type Faults } from '../body/faults.js';
import { type FleetCard } from '../fleet-file.js';
import { type CityTime } from './clock.js';
import { type Flash } from './flash.js';

export interface SwitchOn {
  /** Without user or password: those are the card's. */
  readonly mqttUrl: string;
  readonly card: FleetCard;
  readonly clock: CityTime;
  /** The same flash again is the same scooter again, after its power came back. */
  readonly flash: Flash;
  readonly seed: number;
  readonly faults?: Faults;
  /** Real milliseconds within which the answer to a `hello` is spread; a fleet of thousands needs some. */
  readonly helloSpreadMs?: number;
  readonly keepaliveSeconds?: number;
}
