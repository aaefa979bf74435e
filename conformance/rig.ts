// The bench a unit lies on: eyes that see its bolt, and hands that pull its plug. A simulated unit has its
// street (street-rig.ts), a real one a person beside it (by-hand.ts).

export type Bolt = 'open' | 'closed';

/** The unit's own clock: right, off by so much, or at an instant of epoch milliseconds. */
export type OwnClock = 'right' | { readonly byMs: number } | { readonly atMs: number };

export interface Rig {
  /** Whether looking costs nobody anything, so that one may look after every order. */
  readonly tireless: boolean;
  /** What the bolt does, by the eye and not by its sensor. */
  bolt(): Promise<Bolt>;
  reboot(): Promise<void>;
  cutPower(): Promise<void>;
  restorePower(): Promise<void>;
  factoryReset(): Promise<void>;
  setClock(to: OwnClock): Promise<void>;
  loseNetwork(): Promise<void>;
  findNetwork(): Promise<void>;
  jamBolt(): Promise<void>;
  freeBolt(): Promise<void>;
  /** Comes back when the wheels turn; the lock is open. */
  setOff(): Promise<void>;
  /** Comes back when they stand. */
  stop(): Promise<void>;
}
