// What survives a pulled battery or a killed process: one append-only journal for all scooters of a process,
// a line per change, written before the change is acted on. A torn last line costs that line and nothing else.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { ScooterEvent, Sensors } from '../../src/telematics/wire.js';
import { USUAL_WH_PER_KM } from '../body/battery.js';
import { type FleetCard } from '../fleet-file.js';
import { KEY_NOTES, keyInForce } from './key-ring.js';
import { DEFAULT_LOAD_KG, FRESH_KEYPAD, STANDING, type Happening, type Scooter } from './scooter.js';

/** An event not yet receipted; `atMs` is city time, from which its age is counted at each sending. */
export interface Kept {
  readonly boot: number;
  readonly seq: number;
  readonly atMs: number;
  readonly what: Happening;
}

const Remembered = z.strictObject({
  boot: z.int(),
  lastNonce: z.int(),
  answered: z.array(z.string()),
  inRide: z.boolean(),
  rideNonce: z.int().nullable(),
  keypad: z.strictObject({ wrongTries: z.int(), lockedUntilMs: z.number() }),
  sensors: Sensors,
  latitude: z.number(),
  longitude: z.number(),
  odometerM: z.number(),
  batterySerial: z.string(),
  chargePercent: z.number(),
  whPerKm: z.number(),
  jammed: z.boolean(),
  gaugeSilent: z.boolean(),
  /** What its skills wrote down, each under its name. */
  notes: z.record(z.string(), z.string()),
});
/** A scooter's own memory. Absent parts were never written: then the factory's value holds. */
export type Remembered = z.infer<typeof Remembered>;

const happened = z.custom<Happening>(
  (what) => typeof what === 'object' && ScooterEvent.safeParse({ boot: 1, seq: 1, ageMs: 0, ...what }).success,
);
const Change = z.strictObject({
  scooterId: z.string(),
  state: Remembered.partial().optional(),
  keep: z.strictObject({ boot: z.int(), seq: z.int(), atMs: z.number(), what: happened }).optional(),
  forget: z.strictObject({ boot: z.int(), seq: z.int() }).optional(),
});
type Change = z.infer<typeof Change>;

export interface Flash {
  /** What was there when the unit started; null in a scooter fresh from the factory. */
  load(): { state: Partial<Remembered>; events: Kept[] } | null;
  write(state: Partial<Remembered>): void;
  keep(event: Kept): void;
  forget(event: { boot: number; seq: number }): void;
}

interface Page {
  state: Partial<Remembered>;
  events: Map<string, Kept>;
}

const nameOf = ({ boot, seq }: { boot: number; seq: number }): string => `${boot}.${seq}`;

/** Applies one change to the page of its scooter. */
function turn(pages: Map<string, Page>, change: Change): void {
  const page = pages.get(change.scooterId) ?? { state: {}, events: new Map<string, Kept>() };
  pages.set(change.scooterId, page);
  if (change.state !== undefined) Object.assign(page.state, change.state);
  if (change.keep !== undefined) page.events.set(nameOf(change.keep), change.keep);
  if (change.forget !== undefined) page.events.delete(nameOf(change.forget));
}

/** A line carries its own checksum, so that half a line is never taken for a whole one. */
export function journalLine(change: Change): string {
  const text = JSON.stringify(change);
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;
}

/** Reads what can be read; damaged lines are skipped and counted. */
export function readJournal(text: string): { pages: Map<string, Page>; damaged: number } {
  const pages = new Map<string, Page>();
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const body = line.slice(9);
    const whole = line.charAt(8) === ' ' && line.slice(0, 8) === crc32(body).toString(16).padStart(8, '0');
    const change = whole ? Change.safeParse(JSON.parse(body)) : null;
    if (change?.success) turn(pages, change.data);
    else damaged += 1;
  }
  return { pages, damaged };
}

function wholeJournal(pages: ReadonlyMap<string, Page>): string {
  const lines: string[] = [];
  for (const [scooterId, page] of pages) {
    lines.push(journalLine({ scooterId, state: page.state }));
    for (const keep of page.events.values()) lines.push(journalLine({ scooterId, keep }));
  }
  return lines.join('');
}

/** The journal starts over when this much has been appended. */
const COMPACT_AT_BYTES = 32 * 1024 * 1024;

/** Where the pages of all scooters live: on disk, or in memory for tests. Kill -9 loses nothing that was written. */
export class FlashStore {
  private file: number | null = null;
  private appendedBytes = 0;

  private constructor(
    private readonly pages: Map<string, Page>,
    private readonly path: string | null,
    readonly damaged: number,
  ) {
    this.compact();
  }

  static inMemory(): FlashStore {
    return new FlashStore(new Map(), null, 0);
  }

  static openIn(directory: string): FlashStore {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, 'scooters.journal');
    const { pages, damaged } = readJournal(existsSync(path) ? readFileSync(path, 'utf8') : '');
    return new FlashStore(pages, path, damaged);
  }

  of(scooterId: string): Flash {
    return {
      load: () => {
        const page = this.pages.get(scooterId);
        return page === undefined ? null : { state: { ...page.state }, events: [...page.events.values()] };
      },
      write: (state) => this.append({ scooterId, state }),
      keep: (keep) => this.append({ scooterId, keep }),
      forget: ({ boot, seq }) => this.append({ scooterId, forget: { boot, seq } }),
    };
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  private append(change: Change): void {
    turn(this.pages, change);
    if (this.file === null) return;
    this.appendedBytes += writeSync(this.file, journalLine(change));
    if (this.appendedBytes > COMPACT_AT_BYTES) this.compact();
  }

  /** The new journal stands beside the old one until it is whole; at no instant is there none. */
  private compact(): void {
    if (this.path === null) return;
    this.close();
    const fresh = `${this.path}.new`;
    writeFileSync(fresh, wholeJournal(this.pages));
    renameSync(fresh, this.path);
    this.file = openSync(this.path, 'a');
    fsyncSync(this.file);
    this.appendedBytes = 0;
  }
}

/** The thing as it stands: as the factory made it, changed by all its flash remembers. */
export function assemble(card: FleetCard, kept: Partial<Remembered>): Scooter {
  return {
    scooterId: card.scooterId,
    plate: card.plate,
    commandKey: keyInForce(card.commandKey, kept.notes?.[KEY_NOTES]),
    lastNonce: kept.lastNonce ?? 0,
    answered: kept.answered ?? [],
    inRide: kept.inRide ?? false,
    rideNonce: kept.rideNonce ?? null,
    keypad: kept.keypad ?? FRESH_KEYPAD,
    sensors: kept.sensors ?? STANDING,
    position: { latitude: kept.latitude ?? card.latitude, longitude: kept.longitude ?? card.longitude },
    odometerM: kept.odometerM ?? card.odometerM,
    pack: {
      serial: kept.batterySerial ?? card.batterySerial,
      chargePercent: kept.chargePercent ?? card.chargePercent,
      whPerKm: kept.whPerKm ?? USUAL_WH_PER_KM,
    },
    motion: null,
    pushedFrom: null,
    loadKg: DEFAULT_LOAD_KG,
    jammed: kept.jammed ?? false,
    gaugeSilent: kept.gaugeSilent ?? false,
  };
}

/** What its computer knows after a power cut: what was written. The thing around it stands as it stood. */
export const restarted = (scooter: Scooter, kept: Partial<Remembered>): Scooter => ({
  ...scooter,
  lastNonce: kept.lastNonce ?? 0,
  answered: kept.answered ?? [],
  inRide: kept.inRide ?? scooter.inRide,
  rideNonce: kept.rideNonce ?? null,
  keypad: kept.keypad ?? FRESH_KEYPAD,
});

/** All of it that must be there after a power cut. */
export function remembered(scooter: Scooter, boot: number): Omit<Remembered, 'notes'> {
  const { lastNonce, answered, inRide, rideNonce, keypad, sensors, odometerM, jammed, gaugeSilent, position, pack } = scooter;
  return {
    boot,
    lastNonce,
    answered: [...answered],
    inRide,
    rideNonce,
    keypad,
    sensors,
    latitude: position.latitude,
    longitude: position.longitude,
    odometerM,
    batterySerial: pack.serial,
    chargePercent: pack.chargePercent,
    whPerKm: pack.whPerKm,
    jammed,
    gaugeSilent,
  };
}
