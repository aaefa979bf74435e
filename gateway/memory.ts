// What the gateway must remember of a scooter through a crash: the last nonce it obeyed, the ride it is in, and
// every event the service has not receipted. One small file per scooter, replaced in one step.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Remembered = z.strictObject({
  boot: z.int(),
  lastNonce: z.int(),
  answered: z.array(z.string()),
  inRide: z.boolean(),
  /** How often the battery bay was shut: the protocol names no pack, so this numbers them. */
  packs: z.int(),
  events: z.array(z.strictObject({ boot: z.int(), seq: z.int(), atMs: z.number(), what: z.record(z.string(), z.unknown()) })),
});
export type Remembered = z.infer<typeof Remembered>;

const FRESH: Remembered = { boot: 0, lastNonce: 0, answered: [], inRide: false, packs: 0, events: [] };

export class Memory {
  private kept: Remembered;
  private readonly file: string;

  /** @throws when the file is there and cannot be read: obeying with a forgotten nonce would obey a replay. */
  constructor(folder: string, scooterId: string) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, `${scooterId}.json`);
    this.kept = existsSync(this.file) ? Remembered.parse(JSON.parse(readFileSync(this.file, 'utf8'))) : FRESH;
  }

  get now(): Remembered {
    return this.kept;
  }

  /** On disk when this returns. */
  write(change: Partial<Remembered>): void {
    this.kept = { ...this.kept, ...change };
    const fresh = `${this.file}.new`;
    const descriptor = openSync(fresh, 'w', 0o600);
    try {
      writeSync(descriptor, JSON.stringify(this.kept));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, this.file);
    // The name is in the folder, and the folder has to be on disk too.
    const folder = openSync(dirname(this.file), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
