// Every scooter's row as it was last seen, in memory: telemetry is judged by it, and people who look for a scooter
// are answered from it. It is never the truth: whoever writes does so only while the row is still the version seen
// here, and an unlock decides by the locked row. What this process commits is seen at once, what others commit when
// the database calls it out, and whatever was missed when the walk over all rows comes by.
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntitySubscriberInterface } from 'typeorm';
import type { Position } from '../platform/geo.js';
import { LoopService } from '../platform/loop.service.js';
import { NearbyGrid, type NearbyScooter } from './nearby-grid.js';
import type { SeenRow } from './plain-telemetry.js';
import type { Scooter } from './scooter.js';
import { rowsAfter, rowsOf, versionsAfter, writtenIn } from './scooter-rows.queries.js';

export const MOST_NEARBY = 50;
const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';
/** A second's share of the walk: a city of 1,000 is looked over every second, one of 100,000 in less than a minute. */
const WALK_ROWS = 2000;

interface Remembered extends SeenRow {
  /** Which of our own readings this was: an answer that was asked for earlier may be older than it. */
  readonly learned: number;
}

@Injectable()
export class FleetMirrorService implements OnModuleInit, OnApplicationBootstrap {
  private readonly rows = new Map<string, Remembered>();
  private readonly grid = new NearbyGrid();
  private readonly calledOut = new Set<string>();
  private walkedTo = BEFORE_ALL_IDS;
  private readings = 0;

  constructor(
    private readonly db: DataSource,
    loops: LoopService,
  ) {
    loops.add({ name: 'fleet.look_again', everySeconds: 1, step: () => this.walk() });
    loops.hearOf('scooters', { heard: (payload) => { this.hear(payload); }, again: () => { this.lookAtAll(); } });
  }

  onModuleInit(): void {
    const committed: EntitySubscriberInterface = {
      // Awaited by the writer: who is told that it is done finds it here.
      afterTransactionCommit: async ({ queryRunner, manager }) => {
        if (!queryRunner.isTransactionActive) for (const seen of await writtenIn(manager)) this.learn(seen);
      },
    };
    this.db.subscribers.push(committed);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.readAll();
  }

  /** Free scooters around a point, nearest first, at most fifty. */
  around(center: Position, radiusM: number): NearbyScooter[] {
    return this.grid.around(center, radiusM, MOST_NEARBY);
  }

  seen(scooterId: string): SeenRow | undefined {
    return this.rows.get(scooterId);
  }

  /** What has just been committed, by us. */
  learn({ row, version }: SeenRow): void {
    this.rows.set(row.id, { row, version, learned: ++this.readings });
    const free = freeScooter(row);
    if (free) this.grid.put(free);
    else this.grid.remove(row.id);
  }

  /** Reads these anew. Who is not known to the database stays unknown. */
  async lookAt(scooterIds: readonly string[]): Promise<void> {
    if (scooterIds.length === 0) return;
    const asked = ++this.readings;
    for (const seen of await rowsOf(this.db.manager, scooterIds)) this.learnUnless(asked, seen);
  }

  private learnUnless(asked: number, seen: SeenRow): void {
    const known = this.rows.get(seen.row.id);
    // Learned since we asked: ours may be the newer one. If it is not, the walk finds out.
    if (known && (known.learned > asked || known.version === seen.version)) return;
    this.learn(seen);
  }

  private async readAll(): Promise<void> {
    for (let after = BEFORE_ALL_IDS; ;) {
      const asked = ++this.readings;
      const rows = await rowsAfter(this.db.manager, after, WALK_ROWS);
      for (const seen of rows) this.learnUnless(asked, seen);
      const last = rows.at(-1);
      if (!last || rows.length < WALK_ROWS) return;
      after = last.row.id;
    }
  }

  private async walk(): Promise<boolean> {
    const part = await versionsAfter(this.db.manager, this.walkedTo, WALK_ROWS);
    this.walkedTo = (part.length < WALK_ROWS ? undefined : part.at(-1)?.id) ?? BEFORE_ALL_IDS;
    await this.lookAt(part.filter(({ id, version }) => this.rows.get(id)?.version !== version).map(({ id }) => id));
    return false;
  }

  /** The word of the database is the scooter and the transaction that changed it; nearly always our own. */
  private hear(payload: string): void {
    const [id = '', version] = payload.split(' ');
    if (this.rows.get(id)?.version === Number(version)) return;
    if (this.calledOut.size === 0) setImmediate(() => { this.lookAtCalledOut(); });
    this.calledOut.add(id);
  }

  private lookAtCalledOut(): void {
    const ids = [...this.calledOut];
    this.calledOut.clear();
    // Without the database nothing can be looked at; the walk finds what this has missed.
    this.lookAt(ids).catch(() => undefined);
  }

  private lookAtAll(): void {
    this.readAll().catch(() => undefined);
  }
}

/** Only who could be taken now: nobody else's place is in the answers, nor in what they are found by. */
function freeScooter({ id, plate, state, connected, latitude, longitude, rangeKm }: Scooter) {
  if (state !== 'available' || !connected || latitude === null || longitude === null || rangeKm === null) return null;
  return { id, plate, position: { latitude, longitude }, rangeKm };
}
