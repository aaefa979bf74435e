// The skills a unit of this make has, each under the name of its notes in flash, and how the unit lets them live.
import { type Flash } from './flash.js';
import { KEY_NOTES, KeyRing } from './key-ring.js';
import { type Heard, type Inside, type Skill } from './skill.js';
import { releaseIn, Updates } from './updates.js';
import { ZonesOnBoard } from './zones-on-board.js';

const make: Readonly<Record<string, (inside: Inside) => Skill>> = {
  zones: (inside) => new ZonesOnBoard(inside),
  [KEY_NOTES]: (inside) => new KeyRing(inside),
  updates: (inside) => new Updates(inside),
};

export class SkillSet {
  private readonly all: readonly Skill[];
  private readonly notes: Readonly<Record<string, string>>;

  constructor(flash: Flash, unit: Omit<Inside, 'note' | 'writeNote'>) {
    const notes = flash.load()?.state.notes ?? {};
    this.notes = notes;
    this.all = Object.entries(make).map(([name, skill]) =>
      skill({
        ...unit,
        note: () => notes[name] ?? null,
        writeNote: (text) => {
          notes[name] = text;
          flash.write({ notes });
        },
      }),
    );
  }

  /** Of the firmware that runs. */
  get release(): string {
    return releaseIn(this.notes['updates']);
  }

  byTopic(): Map<string, { heard: Heard; hear(bytes: Uint8Array): void }> {
    return new Map(
      this.all.flatMap((skill) =>
        skill.hears.map((heard) => [heard.topic, { heard, hear: (bytes) => skill.hear(bytes, heard.topic) }]),
      ),
    );
  }

  started(boot: number): void {
    for (const skill of this.all) skill.started?.(boot);
  }

  tick(): void {
    for (const skill of this.all) skill.tick?.();
  }
}
