// What a unit's computer can do beside obeying and reporting (zones on board, updates, new keys, …): each skill
// hears topics of its own, lives with every tick, keeps notes in flash and says events like the rest of the unit.
import { type Fix } from '../../src/telematics/wire.js';
import { type Happening, type Scooter } from './scooter.js';

/** What a skill finds around it in the unit. */
export interface Inside {
  readonly scooterId: string;
  /** The raw public key of the service, hex; a unit without it takes neither zones nor updates. */
  readonly serviceKey: string | null;
  /** For what ends later than it began: a unit without current thinks and writes nothing. */
  hasPower(): boolean;
  /** Milliseconds of the city's time, by the timer nobody can set. */
  nowMs(): number;
  scooter(): Scooter;
  /** The thing has changed; it is remembered in flash before anybody is told. */
  become(scooter: Scooter): void;
  /** Kept in flash and sent until receipted. */
  tell(what: Happening): void;
  fix(): Fix;
  /** What this skill wrote down; it survives a power cut. Null when it never wrote. */
  note(): string | null;
  writeNote(text: string): void;
  /** Cuts the unit's own power for a moment: a new boot. */
  reboot(): void;
}

export interface Heard {
  readonly topic: string;
  readonly mostBytes: number;
  /** Whether a retained message is taken; everywhere else one is thrown away unread. */
  readonly retained: boolean;
}

export interface Skill {
  readonly hears: readonly Heard[];
  hear(bytes: Uint8Array, topic: string): void;
  /** The unit has just started; `boot` counts from 1. */
  started?(boot: number): void;
  /** Whenever the scooter lives: while it moves five times a second, else when it reports. */
  tick?(): void;
}
