// What the stand-in of Stripe knows: objects, remembered answers, events. Every change is a line in a
// file before the answer leaves, so a second start, or a kill at any moment, loses nothing.
import fs from 'node:fs';
import path from 'node:path';
import type { Stored, StripeEvent } from './stand-in-objects.js';

/** Codes and cards, even made up, are nobody else's to read on a shared machine. */
const OWNER_ONLY = 0o600;

export interface Remembered {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly at: number;
}

type Line =
  | readonly ['object', Stored]
  | readonly ['answer', string, Remembered]
  | readonly ['event', StripeEvent]
  | readonly ['delivered', string];

/** Stripe forgets idempotency keys after at least 24 hours. */
const KEY_LIVES_SECONDS = 24 * 3600;
/** Delivered events kept for reading back. */
const EVENTS_KEPT = 2000;

export class StandInMemory {
  private readonly objects = new Map<string, Stored>();
  private readonly answers = new Map<string, Remembered>();
  private readonly events = new Map<string, StripeEvent>();
  private readonly waiting = new Set<string>();
  private readonly file: number | null;

  constructor(dataFile: string | null) {
    if (dataFile === null) {
      this.file = null;
      return;
    }
    fs.mkdirSync(path.dirname(dataFile), { recursive: true });
    if (fs.existsSync(dataFile)) this.load(fs.readFileSync(dataFile, 'utf8'));
    this.rewrite(dataFile);
    this.file = fs.openSync(dataFile, 'a', OWNER_ONLY);
  }

  get(id: string): Stored | null {
    return this.objects.get(id) ?? null;
  }

  /** Newest first. */
  ofKind<T extends Stored>(kind: T['object']): T[] {
    return [...this.objects.values()].filter((object): object is T => object.object === kind).reverse();
  }

  put(object: Stored): void {
    this.keep(['object', object]);
  }

  answerTo(key: string, nowSeconds: number): Remembered | null {
    const answer = this.answers.get(key);
    return answer && answer.at > nowSeconds - KEY_LIVES_SECONDS ? answer : null;
  }

  remember(key: string, answer: Remembered): void {
    this.keep(['answer', key, answer]);
    // A map keeps the order of insertion: the oldest keys come first.
    for (const [old, { at }] of this.answers) {
      if (at > answer.at - KEY_LIVES_SECONDS) break;
      this.answers.delete(old);
    }
  }

  tell(event: StripeEvent): void {
    this.keep(['event', event]);
  }

  event(id: string): StripeEvent | null {
    return this.events.get(id) ?? null;
  }

  newestEvents(): StripeEvent[] {
    return [...this.events.values()].reverse();
  }

  delivered(eventId: string): void {
    this.keep(['delivered', eventId]);
  }

  undelivered(): string[] {
    return [...this.waiting];
  }

  close(): void {
    if (this.file !== null) fs.closeSync(this.file);
  }

  private keep(line: Line): void {
    if (this.file !== null) fs.writeSync(this.file, `${JSON.stringify(line)}\n`);
    this.take(line);
  }

  private take(line: Line): void {
    switch (line[0]) {
      case 'object': this.objects.set(line[1].id, line[1]); break;
      case 'answer':
        this.answers.delete(line[1]);
        this.answers.set(line[1], line[2]);
        break;
      case 'event':
        this.events.set(line[1].id, line[1]);
        this.waiting.add(line[1].id);
        break;
      case 'delivered':
        this.waiting.delete(line[1]);
        this.forgetOldEvents();
        break;
    }
  }

  private forgetOldEvents(): void {
    for (const id of this.events.keys()) {
      if (this.events.size <= EVENTS_KEPT || this.waiting.has(id)) return;
      this.events.delete(id);
    }
  }

  /** The last line may be half a line when the process was killed while writing it: nobody got that answer. */
  private load(text: string): void {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      try {
        this.take(JSON.parse(line) as Line);
      } catch {
        return;
      }
    }
  }

  /** One line per thing instead of one per change; written beside and moved, so a kill leaves either file whole. */
  private rewrite(dataFile: string): void {
    const lines: Line[] = [
      ...[...this.objects.values()].map((object) => ['object', object] as const),
      ...[...this.answers].map(([key, answer]) => ['answer', key, answer] as const),
      ...[...this.events.values()].map((event) => ['event', event] as const),
      ...[...this.events.keys()].filter((id) => !this.waiting.has(id)).map((id) => ['delivered', id] as const),
    ];
    const beside = `${dataFile}.new`;
    fs.writeFileSync(beside, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: OWNER_ONLY });
    fs.renameSync(beside, dataFile);
  }
}
