// The releases we keep: taken in once, never changed, shown to the control room, handed out to scooters while offered.
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DataSource, LessThan, type EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { FleetService } from '../fleet/fleet.service.js';
import { actorName, type Actor } from '../platform/actor.js';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { progressOf, runningOn, updatesPage } from './progress.queries.js';
import { ReleaseEntity } from './release.entity.js';
import { ScooterUpdateEntity } from './scooter-update.entity.js';
import type { Progress } from './stage-verdict.js';
import type { UpdateState } from './update-state.js';

export interface NewRelease {
  readonly name: string;
  readonly image: Buffer;
  readonly sha256: string;
  readonly notes: string;
  readonly reason: string;
}
export interface ReleaseView { readonly release: ReleaseEntity; readonly progress: Progress }
export interface ScooterUpdates {
  readonly runs: { readonly release: string; readonly since: Date } | null;
  readonly updates: readonly ScooterUpdateEntity[];
}

@Injectable()
export class ReleasesService {
  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async upload(actor: Actor, { name, image, sha256, notes, reason }: NewRelease): Promise<ReleaseView> {
    refuseIf(createHash('sha256').update(image).digest('hex') === sha256 ? null : 'release_damaged', { release: name });
    const now = this.clock.now();
    await this.db.transaction(async (tx) => {
      refuseIf((await tx.existsBy(ReleaseEntity, { name })) ? 'release_known' : null, { release: name });
      await tx.insert(ReleaseEntity, {
        name, state: 'draft', sha256, sizeBytes: image.length, notes, uploadedBy: actorName(actor), uploadedAt: now, stateSince: now,
      });
      await tx.query('insert into release_images (release, sha256, bytes) values ($1, $2, $3)', [name, sha256, image]);
      const details = { sha256, sizeBytes: image.length };
      await this.audit.note(tx, actor, { action: 'release.upload', subjectKind: 'release', subjectId: name, reason, details });
    });
    return this.read(name);
  }

  async read(name: string): Promise<ReleaseView> {
    const release = orRefuse(await this.db.manager.findOneBy(ReleaseEntity, { name }), 'release_unknown', { release: name });
    return this.seen(this.db.manager, release);
  }

  /** The latest upload first; `cursor` is the name of the last one already seen. */
  async page(cursor: string | null, limit: number): Promise<ReleaseView[]> {
    const last = cursor === null ? null : await this.db.manager.findOneBy(ReleaseEntity, { name: cursor });
    const releases = await this.db.manager.find(ReleaseEntity, {
      ...(last && { where: { uploadedAt: LessThan(last.uploadedAt) } }), order: { uploadedAt: 'desc' }, take: limit,
    });
    return Promise.all(releases.map((release) => this.seen(this.db.manager, release)));
  }

  async scooters(name: string, asked: { state: UpdateState | null; cursor: string | null; limit: number }) {
    await this.read(name);
    const rows = await updatesPage(this.db.manager, name, asked);
    const runs = await runningOn(this.db.manager, rows.map(({ scooterId }) => scooterId));
    return rows.map((update) => ({ update, runs: runs.get(update.scooterId) ?? null }));
  }

  async ofScooter(scooterId: ScooterId): Promise<ScooterUpdates> {
    await this.fleet.read(scooterId);
    const [runs] = await this.db.query<{ release: string; since: Date }[]>('select release, since from scooter_releases where scooter_id = $1', [scooterId]);
    const updates = await this.db.manager.find(ScooterUpdateEntity, { where: { scooterId }, order: { chosenAt: 'desc' }, take: 100 });
    return { runs: runs ?? null, updates };
  }

  private async seen(tx: EntityManager, release: ReleaseEntity): Promise<ReleaseView> {
    return { release, progress: await progressOf(tx, release, this.clock.now()) };
  }
}
