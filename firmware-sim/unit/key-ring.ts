// The command key a unit obeys, and how it gets another one: sealed under the one it has, numbered higher, and in
// flash before anybody is told. From then on it obeys that one and no older.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { KeyOffer, MAX_MESSAGE_BYTES, openKey, readMessage, topics } from '../../src/telematics/wire.js';
import { type Heard, type Inside, type Skill } from './skill.js';

/** The name of its notes in flash. */
export const KEY_NOTES = 'keys';

const Kept = z.strictObject({
  keyId: z.int().min(2),
  commandKey: z.string().regex(/^[0-9a-f]{64}$/),
  /** Which burnt-in key it descends from: whoever burns another one in means that one. */
  heirTo: z.string(),
});
type Kept = z.infer<typeof Kept>;

/** The number of the key that is burnt in. */
const BURNT_IN = 1;
/** The same offer again is answered again, but not oftener than this, in the city's milliseconds. */
const AGAIN_MS = 10_000;

const digestOf = (keyHex: string): string => createHash('sha256').update(keyHex).digest('hex').slice(0, 16);

function read(note: string | null | undefined): Kept | null {
  if (note === null || note === undefined) return null;
  const kept = Kept.safeParse(JSON.parse(note));
  return kept.success ? kept.data : null;
}

/** The newest key in flash, or the one burnt in. */
export function keyInForce(burntIn: string, note: string | undefined): string {
  const kept = read(note);
  return kept?.heirTo === digestOf(burntIn) ? kept.commandKey : burntIn;
}

/** A short pattern over and over, or a count: nobody's secret, whoever offers it. */
function everybodyKnows(keyHex: string): boolean {
  const bytes = [...Buffer.from(keyHex, 'hex')];
  const steps = new Set(bytes.slice(1).map((byte, index) => (byte - (bytes[index] ?? 0) + 256) % 256));
  return steps.size === 1 || [2, 3, 4, 8].some((length) => bytes.every((byte, index) => byte === bytes[index % length]));
}

export class KeyRing implements Skill {
  readonly hears: readonly Heard[];
  private toldAtMs = -AGAIN_MS;

  constructor(private readonly inside: Inside) {
    this.hears = [{ topic: topics.keysTo(inside.scooterId), mostBytes: MAX_MESSAGE_BYTES, retained: false }];
  }

  hear(bytes: Uint8Array): void {
    const offer = readMessage(KeyOffer, bytes);
    if (offer === null) return;
    const kept = this.inForce();
    const keyId = kept?.keyId ?? BURNT_IN;
    if (kept !== null && offer.keyId === keyId) this.tellAgain(keyId);
    else if (offer.keyId > keyId) this.take(offer);
  }

  private take(offer: KeyOffer): void {
    const scooter = this.inside.scooter();
    // The pass in the rider's phone hangs on the key of the unlock.
    if (scooter.inRide) return;
    const commandKey = openKey(scooter.commandKey, scooter.scooterId, offer);
    if (commandKey === null || everybodyKnows(commandKey)) return;
    const kept: Kept = { keyId: offer.keyId, commandKey, heirTo: this.inForce()?.heirTo ?? digestOf(scooter.commandKey) };
    this.inside.writeNote(JSON.stringify(kept));
    this.inside.become({ ...this.inside.scooter(), commandKey });
    this.tell(offer.keyId);
  }

  /** Notes of a unit whose burnt-in key is another one by now speak of nothing. */
  private inForce(): Kept | null {
    const kept = read(this.inside.note());
    return kept?.commandKey === this.inside.scooter().commandKey ? kept : null;
  }

  /** Our word for it was lost, or the power went between flash and word. */
  private tellAgain(keyId: number): void {
    if (this.inside.nowMs() - this.toldAtMs >= AGAIN_MS) this.tell(keyId);
  }

  private tell(keyId: number): void {
    this.toldAtMs = this.inside.nowMs();
    this.inside.tell({ kind: 'key_kept', keyId });
  }
}
