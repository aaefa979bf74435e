// Updates over the air: an offer is believed by its signature, its image by size and checksum. The image goes into
// the slot that does not run and is started when nobody rides; if it does not come up well, the old one is still there.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bodyHolds, isNewerRelease, MAX_MESSAGE_BYTES, readMessage, Release, Signed, topics, UpdateOffer } from '../../src/telematics/wire.js';
import { isMoving, type Happening, type Scooter } from './scooter.js';
import { type Inside, type Skill } from './skill.js';

/** What every unit leaves the factory with. */
export const FACTORY_RELEASE = '1.0.0';
/** A battery that dies between two slots is a crew's visit. */
const LEAST_CHARGE_PERCENT = 20;
/** Real time for a whole image, however slow the air. */
const FETCH_WITHIN_MS = 120_000;
/** City time in which one refusal is not told twice: who repeats an offer must not fill the flash. */
const TOLD_AGAIN_AFTER_MS = 10 * 60_000;
/** Refusals remembered as told; signed releases are few, and forged ones count as one. */
const REMEMBERED = 20;

const Image = z.strictObject({ release: Release, sha256: z.string(), boots: z.boolean() });
type Image = z.infer<typeof Image>;

/** `ready`: the spare slot waits for its chance. `trial`: it runs and is not yet trusted. `back`: it failed, the old one runs again. */
const Slots = z.strictObject({
  runs: Image,
  spare: Image.nullable(),
  phase: z.enum(['idle', 'ready', 'trial', 'back']),
  /** Fell back from these: never tried a second time. */
  bad: z.array(Release),
});
type Slots = z.infer<typeof Slots>;

const FACTORY: Slots = { runs: { release: FACTORY_RELEASE, sha256: '', boots: true }, spare: null, phase: 'idle', bad: [] };

/** Damaged notes are no notes: a unit that cannot read its flash runs what its factory gave it. */
function slotsIn(note: string | null | undefined): Slots {
  try {
    return Slots.parse(JSON.parse(note ?? ''));
  } catch {
    return FACTORY;
  }
}

/** What runs in the unit that wrote this note. */
export const releaseIn = (note: string | null | undefined): string => slotsIn(note).runs.release;

/** A simulated image tells in its own bytes whether it would come up; one that does not tell does. */
function bootsWell(bytes: Uint8Array): boolean {
  try {
    return z.object({ boots: z.boolean() }).safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data?.boots ?? true;
  } catch {
    return true;
  }
}

type Refusal = NonNullable<Extract<Happening, { kind: 'update' }>['reason']>;

export class Updates implements Skill {
  readonly hears;
  private slots: Slots;
  private fetching: { readonly sha256: string; readonly abort: AbortController } | null = null;
  private readonly told = new Map<string, number>();

  constructor(private readonly inside: Inside) {
    this.hears = [{ topic: topics.updatesTo(inside.scooterId), mostBytes: MAX_MESSAGE_BYTES, retained: false }];
    this.slots = slotsIn(inside.note());
  }

  /** What was not yet whole when the power went is gone with it; it will be offered again. */
  started(): void {
    this.fetching?.abort.abort();
    this.fetching = null;
    this.told.clear();
    const { runs, spare, phase } = this.slots;
    if (phase === 'trial' && runs.boots) {
      this.write({ ...this.slots, spare: null, phase: 'idle' });
      this.inside.tell({ kind: 'update', release: runs.release, step: 'installed', reason: null });
    } else if (phase === 'trial' && spare !== null) {
      this.write({ runs: spare, spare: runs, phase: 'back', bad: [...this.slots.bad, runs.release] });
      this.inside.reboot();
    } else if (phase === 'back') {
      this.write({ ...this.slots, spare: null, phase: 'idle' });
      if (spare !== null) this.inside.tell({ kind: 'update', release: spare.release, step: 'rolled_back', reason: 'bad_boot' });
    }
  }

  hear(bytes: Uint8Array): void {
    const { serviceKey } = this.inside;
    const signed = readMessage(Signed, bytes);
    if (serviceKey === null || signed === null) return;
    const offer = readMessage(UpdateOffer, Buffer.from(signed.body));
    if (offer === null) return;
    if (!bodyHolds(serviceKey, 'updates', signed)) {
      this.refuse(offer.release, 'bad_signature');
      return;
    }
    // Ours, but said to somebody else or long ago: whoever plays it again is not even answered, or could make a release look refused.
    if (offer.scooterId !== this.inside.scooterId || offer.notAfter < this.inside.nowMs()) return;
    if (this.fetching?.sha256 === offer.sha256 || this.hasOneWaiting(offer)) return;
    const why = this.whyNot(offer);
    if (why !== null) this.refuse(offer.release, why);
    else this.fetch(offer);
  }

  /** The moment nobody waits for the scooter. It is asked again at every tick: a ride may have begun since. */
  tick(): void {
    const { runs, spare, phase, bad } = this.slots;
    if (phase !== 'ready' || spare === null || !mayRestart(this.inside.scooter())) return;
    this.write({ runs: spare, spare: runs, phase: 'trial', bad });
    this.inside.reboot();
  }

  /** This one, or one that is as new. */
  private hasOneWaiting({ release }: UpdateOffer): boolean {
    const { spare, phase } = this.slots;
    return phase !== 'idle' && spare !== null && !isNewerRelease(release, spare.release);
  }

  private whyNot({ release }: UpdateOffer): Refusal | null {
    const { runs, bad } = this.slots;
    if (bad.includes(release)) return 'bad_boot';
    if (!isNewerRelease(release, runs.release)) return 'not_newer';
    const scooter = this.inside.scooter();
    if (scooter.inRide) return 'in_ride';
    return scooter.pack.chargePercent < LEAST_CHARGE_PERCENT ? 'low_battery' : null;
  }

  private fetch(offer: UpdateOffer): void {
    this.fetching?.abort.abort();
    const fetching = { sha256: offer.sha256, abort: new AbortController() };
    this.fetching = fetching;
    const after = (then: () => void): void => {
      // Another offer, or a new boot, has taken its place; or there is no current to write with.
      if (this.fetching !== fetching || !this.inside.hasPower()) return;
      this.fetching = null;
      then();
    };
    fetchImage(offer, fetching.abort.signal).then(
      (image) => { after(() => { this.keep(offer, image); }); },
      () => { after(() => { this.refuse(offer.release, 'not_reached'); }); },
    );
  }

  private keep({ release, sha256, sizeBytes }: UpdateOffer, image: Buffer): void {
    const isWhole = image.length === sizeBytes && createHash('sha256').update(image).digest('hex') === sha256;
    if (!isWhole) {
      this.refuse(release, 'bad_image');
      return;
    }
    this.write({ ...this.slots, spare: { release, sha256, boots: bootsWell(image) }, phase: 'ready' });
    this.inside.tell({ kind: 'update', release, step: 'downloaded', reason: null });
  }

  private refuse(release: string, reason: Refusal): void {
    const what = reason === 'bad_signature' ? reason : `${reason} ${release}`;
    const nowMs = this.inside.nowMs();
    if (nowMs - (this.told.get(what) ?? -Infinity) < TOLD_AGAIN_AFTER_MS || this.told.size >= REMEMBERED) return;
    this.told.set(what, nowMs);
    this.inside.tell({ kind: 'update', release, step: 'refused', reason });
  }

  private write(slots: Slots): void {
    this.slots = slots;
    this.inside.writeNote(JSON.stringify(slots));
  }
}

/** Parked, shut and with enough in the battery; never under a rider, never while it rolls. */
export function mayRestart(scooter: Scooter): boolean {
  const { inRide, motion, sensors, pack } = scooter;
  return !inRide && motion === null && !isMoving(scooter) && sensors.lock === 'closed' && sensors.ignition === 'off' &&
    sensors.bay === 'closed' && pack.chargePercent >= LEAST_CHARGE_PERCENT;
}

/** Not a byte more than was promised is taken in. */
async function fetchImage({ url, sizeBytes }: UpdateOffer, signal: AbortSignal): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_WITHIN_MS)]) });
  if (!response.ok || response.body === null) throw new Error(`the image was answered with ${String(response.status)}`);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    parts.push(part);
    length += part.length;
    if (length > sizeBytes) break;
  }
  return Buffer.concat(parts);
}
