// The seam: what the gateway needs of a unit that speaks another language. Whoever brings a new protocol
// writes this interface for it and nothing else; signatures, nonces, deadlines and receipts are the spokesman's.
import { type CommandKind, type Fix, type Sensors } from '../src/telematics/wire.js';

/** What came of an order; `silent` is neither yes nor no, and the service will treat it so. */
export type Outcome = 'done' | 'jammed' | 'moving' | 'silent';

/** What the unit last said of itself; null is unknown, and never taken for fine. */
export interface Reading {
  readonly sensors: Sensors;
  readonly chargePercent: number | null;
  readonly odometerM: number | null;
  readonly speedKmh: number | null;
}

export type Mishap = 'moved_without_ride' | 'fell' | 'bay_closed';

/** What the unit reports without being asked. */
export interface UnitEars {
  /** It has come, or gone. */
  present(here: boolean): void;
  read(): void;
  mishap(what: Mishap): void;
}

export interface ForeignUnit {
  readonly here: boolean;
  readonly reading: Reading | null;
  listen(ears: UnitEars): void;
  /** Does it, and answers by the unit's own word about its bolt. Never later than `withinMs`: after that the unit must not act. */
  act(kind: CommandKind, withinMs: number): Promise<Outcome>;
  /** One fix, asked for now; null when its receiver has none. Only called where a place may be told. */
  locate(withinMs: number): Promise<Fix | null>;
}
