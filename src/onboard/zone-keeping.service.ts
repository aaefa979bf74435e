// Which scooter holds which version of the zones, as each has told us itself.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Events } from '../events.js';
import { FleetService } from '../fleet/fleet.service.js';
import { Clock } from '../platform/clock.js';
import { MetricsService } from '../upkeep/metrics.service.js';
import { ZonesService } from '../zones/zones.service.js';
import { behindSince } from './behind.js';
import { ScooterZonesEntity } from './scooter-zones.entity.js';

export interface ZonesOnBoard {
  readonly version: number;
  readonly held: readonly { readonly version: number | null; readonly scooters: number }[];
  /** Those that have waited longest, not all. */
  readonly behind: readonly ScooterBehind[];
}

export interface ScooterBehind {
  readonly scooterId: string;
  readonly version: number | null;
  readonly behindSeconds: number;
  /** Why it did not take what it was given last. */
  readonly refused: string | null;
}

const BEHIND_SHOWN = 100;

@Injectable()
export class ZoneKeepingService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly zones: ZonesService,
    private readonly fleet: FleetService,
    metrics: MetricsService,
  ) {
    metrics.gauge('scooters_behind_on_zones', 'Scooters that hold other zones than those in force.', () => this.countBehind());
  }

  async started(tx: EntityManager, { scooterId, at }: Events['scooter.started']): Promise<void> {
    await tx.query('insert into scooter_zones (scooter_id, known_since) values ($1, $2) on conflict do nothing', [scooterId, at]);
  }

  /** What is told late was sent again; the later word stands. */
  async kept(tx: EntityManager, { scooterId, version, at }: Events['scooter.kept_zones']): Promise<void> {
    await tx.query(
      `insert into scooter_zones as z (scooter_id, known_since, version, kept_at) values ($1, $3, $2, $3)
       on conflict (scooter_id) do update set version = $2, kept_at = $3, refused = null, refused_at = null
        where z.kept_at is null or z.kept_at <= $3`,
      [scooterId, version, at],
    );
  }

  async refused(tx: EntityManager, { scooterId, reason, at }: Events['scooter.refused_zones']): Promise<void> {
    await tx.query(
      `insert into scooter_zones as z (scooter_id, known_since, refused, refused_at) values ($1, $3, $2, $3)
       on conflict (scooter_id) do update set refused = $2, refused_at = $3
        where greatest(z.kept_at, z.refused_at) is null or greatest(z.kept_at, z.refused_at) <= $3`,
      [scooterId, reason, at],
    );
  }

  async onBoard(): Promise<ZonesOnBoard> {
    const { version } = this.zones;
    const ours = await this.fleet.inServiceIds();
    const versions = (await this.zones.versions()).filter((published) => published.version <= version);
    const held = await this.db.query<{ version: number | null; scooters: number }[]>(
      `select version, count(*)::int as scooters from scooter_zones where scooter_id = any($1)
        group by version order by version desc nulls last`, [ours]);
    const late = await this.db.manager
      .createQueryBuilder(ScooterZonesEntity, 'z')
      .where('z.version is distinct from :version and z.scooter_id = any(:ours)', { version, ours })
      .orderBy('z.version', 'ASC', 'NULLS FIRST')
      .addOrderBy('z.knownSince')
      .limit(BEHIND_SHOWN)
      .getMany();
    const now = this.clock.now().getTime();
    const behind = late.flatMap((row) => {
      const since = behindSince(row, versions);
      if (!since) return [];
      const behindSeconds = Math.max(0, Math.round((now - since.getTime()) / 1000));
      return [{ scooterId: row.scooterId, version: row.version, behindSeconds, refused: row.refused }];
    });
    return { version, held, behind: behind.sort((a, b) => b.behindSeconds - a.behindSeconds) };
  }

  private async countBehind(): Promise<number> {
    const [row] = await this.db.query<{ count: number }[]>(
      'select count(*)::int as count from scooter_zones where version is distinct from $1 and scooter_id = any($2)',
      [this.zones.version, await this.fleet.inServiceIds()]);
    return row?.count ?? 0;
  }
}
