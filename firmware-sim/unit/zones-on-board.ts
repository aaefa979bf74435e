// The zones a unit carries: it takes a set only under the service's signature and never an older one, judges where
// it is while it is ridden, holds the speed there, and tells of each new zone without saying the place.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bodyHolds, MAX_ZONES_BYTES, readMessage, Signed, topics, ZoneSet, ZoneState } from '../../src/telematics/wire.js';
import { isMoving, type Scooter } from './scooter.js';
import { type Heard, type Inside, type Skill } from './skill.js';
import { NO_VERDICT, ZoneJudge } from './zone-judge.js';
import { beginWatch, isSame, isTimeToLook, limitOf, look, type Watch } from './zone-watch.js';

type Refused = 'bad_signature' | 'unreadable' | 'older';

interface Shelved {
  readonly version: number;
  readonly digest: string;
  readonly judge: ZoneJudge;
}

/** Ten thousand units of one process hold one copy; a real unit has it in its own flash. */
const shelf = new Map<string, Shelved>();
const SETS_SHELVED = 4;

/** Who forges a thousand messages a second must not fill the flash with a thousand complaints. */
const COMPLAIN_EVERY_MS = 10 * 60_000;

const Note = z.strictObject({
  version: z.int(),
  digest: z.string(),
  zone: ZoneState,
  limitKmh: z.number().nullable(),
});

export class ZonesOnBoard implements Skill {
  readonly hears: readonly Heard[];
  private held: { readonly version: number; readonly digest: string } | null = null;
  /** Null until the set that was kept has been heard again: then it is known to be the same. */
  private judge: ZoneJudge | null = null;
  private watch: Watch;
  private readonly complainedAtMs = new Map<Refused, number>();

  constructor(private readonly inside: Inside) {
    this.hears = inside.serviceKey === null ? [] : [{ topic: topics.zonesToAll, mostBytes: MAX_ZONES_BYTES, retained: true }];
    const note = noteFrom(inside.note());
    if (note !== null) this.held = { version: note.version, digest: note.digest };
    this.watch = beginWatch(note ?? NO_VERDICT, inside.nowMs());
  }

  hear(bytes: Uint8Array): void {
    const found = read(this.inside.serviceKey ?? '', bytes);
    if (typeof found === 'string') {
      this.refuse(found);
      return;
    }
    const { version, digest, judge } = found;
    if (this.held !== null && version < this.held.version) {
      this.refuse('older');
      return;
    }
    if (this.judge !== judge) this.watch = beginWatch(this.watch.state, this.inside.nowMs());
    this.judge = judge;
    if (this.held?.version === version && this.held.digest === digest) return;
    this.held = { version, digest };
    this.writeDown();
    this.inside.tell({ kind: 'zones_kept', version });
  }

  tick(): void {
    const scooter = this.inside.scooter();
    const nowMs = this.inside.nowMs();
    if (!scooter.inRide) {
      if (this.watch.settled || this.watch.doubt !== null) this.watch = beginWatch(this.watch.state, nowMs);
      this.limit(scooter, null);
      return;
    }
    // What stands does not change its zone, and its receiver trembles all the same.
    const hasReason = isMoving(scooter) || !this.watch.settled;
    if (this.judge !== null && hasReason && isTimeToLook(this.watch, nowMs)) this.lookAround(this.judge, nowMs);
    this.limit(scooter, limitOf(this.watch.state));
  }

  private lookAround(judge: ZoneJudge, nowMs: number): void {
    const before = this.watch.state;
    this.watch = look(this.watch, judge, this.inside.fix(), nowMs);
    if (isSame(before, this.watch.state)) return;
    this.writeDown();
    this.inside.tell({ kind: 'zone_entered', zone: this.watch.state.zone, limitKmh: limitOf(this.watch.state) });
  }

  /** Only the motor hears of it: no lock, no brake, and nothing at all while somebody pushes. */
  private limit(scooter: Scooter, limitKmh: number | null): void {
    const limitMps = limitKmh === null ? null : limitKmh / 3.6;
    if (scooter.motion === null || scooter.motion.limitMps === limitMps) return;
    this.inside.become({ ...scooter, motion: { ...scooter.motion, limitMps } });
  }

  private refuse(reason: Refused): void {
    const nowMs = this.inside.nowMs();
    if (nowMs - (this.complainedAtMs.get(reason) ?? -Infinity) < COMPLAIN_EVERY_MS) return;
    this.complainedAtMs.set(reason, nowMs);
    this.inside.tell({ kind: 'zones_refused', reason });
  }

  private writeDown(): void {
    if (this.held !== null) this.inside.writeNote(JSON.stringify({ ...this.held, ...this.watch.state }));
  }
}

function noteFrom(text: string | null): z.infer<typeof Note> | null {
  if (text === null) return null;
  try {
    return Note.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function read(serviceKey: string, bytes: Uint8Array): Shelved | Refused {
  const name = `${serviceKey} ${createHash('sha256').update(bytes).digest('hex')}`;
  const known = shelf.get(name);
  if (known !== undefined) return known;
  const signed = readMessage(Signed, bytes, MAX_ZONES_BYTES);
  if (signed === null) return 'unreadable';
  if (!bodyHolds(serviceKey, 'zones', signed)) return 'bad_signature';
  const set = readMessage(ZoneSet, Buffer.from(signed.body), MAX_ZONES_BYTES);
  const judge = set === null ? null : ZoneJudge.of(set);
  if (set === null || judge === null) return 'unreadable';
  const shelved = { version: set.version, digest: createHash('sha256').update(signed.body).digest('hex').slice(0, 32), judge };
  shelf.set(name, shelved);
  for (const oldest of shelf.keys()) if (shelf.size > SETS_SHELVED) shelf.delete(oldest);
  return shelved;
}
