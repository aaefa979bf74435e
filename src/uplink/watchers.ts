// Who looks at each message of telemetry beside the fleet's own rule, for whoever watches over scooters (moved
// without a ride, clocks that err). A watcher is a pure file of its own and one line in `watchers` below: it answers
// with one word for what the message shows, and only when that word is another one than before is a fact told, in
// the transaction that takes the message in, with the row locked. All other messages go the short way, a thousand
// in one statement, so `sees` must be quick and its word must rest while nothing changes.
import type { Fact } from '../events.js';
import type { Scooter } from '../fleet/scooter.js';
import type { Telemetry } from '../telematics/wire.js';
import { watchClock } from './watch-clock.js';
import { watchMotion } from './watch-motion.js';
import { watchPlace } from './watch-place.js';

export interface Seen {
  /** The row as it was before this message. */
  readonly before: Scooter;
  readonly said: Telemetry;
  readonly receivedAt: Date;
}

export interface Watcher {
  readonly name: string;
  /** One word for what this message shows, knowing the `last` one; '' for nothing worth a word. */
  sees(seen: Seen, last: string): string;
  /** What to tell now that the word has become `word`; null for nothing. */
  tells(word: string, seen: Seen): Fact | null;
}

export const watchers: readonly Watcher[] = [watchMotion, watchPlace, watchClock];

/** The last words about each scooter. They begin anew with the process: then a word is told once more, but '' is not. */
export class Memory {
  private readonly words: ReadonlyMap<Watcher, Map<string, string>>;

  constructor(private readonly all: readonly Watcher[] = watchers) {
    this.words = new Map(all.map((watcher) => [watcher, new Map<string, string>()]));
  }

  /** Whether any watcher has a word it did not say before. */
  isNews(seen: Seen): boolean {
    return this.all.some((watcher) => this.changed(watcher, seen) !== null);
  }

  /** What is new, to be told; `keep` remembers it and is called when it is committed. */
  facts(seen: Seen): { readonly told: readonly Fact[]; keep(): void } {
    const changes = this.all.flatMap((watcher) => {
      const word = this.changed(watcher, seen);
      return word === null ? [] : [{ watcher, word, fact: watcher.tells(word, seen) }];
    });
    return {
      told: changes.flatMap(({ fact }) => fact ?? []),
      keep: () => { for (const { watcher, word } of changes) this.words.get(watcher)?.set(seen.before.id, word); },
    };
  }

  private changed(watcher: Watcher, seen: Seen): string | null {
    const last = this.words.get(watcher)?.get(seen.before.id) ?? '';
    const word = watcher.sees(seen, last);
    return word === last ? null : word;
  }
}
