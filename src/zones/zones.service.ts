// The zones in force, held in memory and asked thousands of times a second; a new version replaces
// them whole, on every replica, within a second of its publication.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { actorName, type Actor } from '../platform/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock.js';
import type { Fix } from '../platform/geo.js';
import { newId, type ZoneId } from '../platform/ids.js';
import { LoopService } from '../platform/loop.service.js';
import { Refusal } from '../platform/refusal.js';
import { judgeZones } from './new-zones.js';
import { decide, ZoneMap, type ZoneDecision } from './zone-decision.js';
import type { NewZone, Zone } from './zone.js';
import { ZoneEntity } from './zone.entity.js';
import { ZoneVersionEntity } from './zone-version.entity.js';

/** Throws its refusal when somebody above could not live with these zones. */
export type AskedFirst = (zones: readonly Zone[]) => void;

export interface ZonesInForce {
  readonly version: number;
  /** In rank order: where two lie on each other, the earlier one speaks. */
  readonly zones: readonly Zone[];
  readonly map: ZoneMap;
}

@Injectable()
export class ZonesService implements OnModuleInit {
  private inForce: ZonesInForce = { version: 0, zones: [], map: new ZoneMap([]) };
  private readonly askedFirst: AskedFirst[] = [];

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    loops: LoopService,
  ) {
    loops.add({ name: 'zones.refresh', everySeconds: 1, wokenBy: 'zones', step: () => this.refresh() });
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
  }

  /** From now on nothing is published that this one refuses. */
  askFirst(ask: AskedFirst): void {
    this.askedFirst.push(ask);
  }

  get version(): number {
    return this.inForce.version;
  }

  current(): ZonesInForce {
    return this.inForce;
  }

  decide(place: Fix): ZoneDecision {
    return decide(this.inForce.map, place);
  }

  /** Takes over a version published here or by another replica; true when there was a newer one. */
  async refresh(): Promise<boolean> {
    const version = (await this.db.manager.maximum(ZoneVersionEntity, 'version')) ?? 0;
    if (version === this.inForce.version) return false;
    const zones = await this.db.manager.findBy(ZoneEntity, { version });
    const map = new ZoneMap(zones);
    this.inForce = { version, zones: map.index.zones, map };
    return true;
  }

  latestVersion(): Promise<ZoneVersionEntity | null> {
    return this.db.manager.findOneBy(ZoneVersionEntity, { version: this.inForce.version });
  }

  /** Every version there was, the oldest first. */
  versions(): Promise<Pick<ZoneVersionEntity, 'version' | 'publishedAt'>[]> {
    return this.db.manager.find(ZoneVersionEntity, { select: { version: true, publishedAt: true }, order: { version: 'asc' } });
  }

  /** For the control room: publishes, notes who and why, and is in force here when it returns. */
  async publishFor(actor: Actor, order: { zones: readonly NewZone[]; note: string; reason: string }): Promise<number> {
    const version = await this.db.transaction(async (tx) => {
      const published = await this.publish(tx, order.zones, order.note, actorName(actor));
      await this.audit.note(tx, actor, {
        action: 'zones.publish',
        subjectKind: 'zone',
        subjectId: `version ${String(published)}`,
        reason: order.reason,
        details: { version: published, zones: order.zones.length },
      });
      return published;
    });
    await this.refresh();
    return version;
  }

  /** A whole new version; refuses it with every flaw of every zone, because half a map is no map. */
  async publish(tx: EntityManager, zones: readonly NewZone[], note: string, by: string): Promise<number> {
    const judged = judgeZones(zones);
    if (judged.flaws.length > 0) throw new Refusal('zone_invalid', { zones: judged.flaws });
    const whole = judged.zones.map((zone) => ({ ...zone, id: newId<ZoneId>() }));
    for (const ask of this.askedFirst) ask(whole);

    // Two people who publish at once get two versions, one after the other.
    await tx.query('lock table zone_versions in share row exclusive mode');
    const version = ((await tx.maximum(ZoneVersionEntity, 'version')) ?? 0) + 1;
    await tx.insert(ZoneVersionEntity, { version, note, publishedAt: this.clock.now(), publishedBy: by });
    await tx.insert(ZoneEntity, whole.map((zone) => ({ ...zone, version })));
    await tx.query(`select pg_notify('zones', '')`);
    return version;
  }
}
