// Who is shut out, known by heart, so that each message can be asked without a question to the database. Every
// process of the service looks for itself, when something was changed and every few seconds.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { LoopService } from '../platform/loop.service.js';
import { LinkMetricsService } from '../telematics/link-metrics.service.js';
import { LinkService } from '../telematics/link.service.js';

const LOOK_EVERY_SECONDS = 5;
/** For so long it is put out at every look. Whoever was shut out longer ago is out; a start must not knock for all of them. */
const PUT_OUT_WITHIN_SECONDS = 600;

interface Row { readonly scooterId: ScooterId; readonly revokedAt: Date | null; readonly unit: number }
type Told = (scooterId: ScooterId) => void;

@Injectable()
export class ShutOutService implements OnModuleInit {
  private readonly shut = new Set<string>();
  private readonly units = new Map<ScooterId, number>();
  private readonly onShut: Told[] = [];
  private readonly onReplaced: Told[] = [];

  constructor(
    private readonly db: DataSource,
    link: LinkService,
    private readonly metrics: LinkMetricsService,
    private readonly clock: Clock,
    loops: LoopService,
  ) {
    loops.add({ name: 'identity.shut_out', everySeconds: LOOK_EVERY_SECONDS, wokenBy: 'credentials', step: () => this.look() });
    link.screen((topic) => this.isBelieved(topic));
    this.onShut.push((scooterId) => { link.putOut(scooterId); });
  }

  /** Before the first message can come. */
  async onModuleInit(): Promise<void> {
    await this.look();
  }

  /** For a broker of our own, which can close a connection at once. */
  whenShutOut(told: Told): void {
    this.onShut.push(told);
  }

  /** For whoever has counted along with a unit that is no longer there. */
  whenReplaced(told: Told): void {
    this.onReplaced.push(told);
  }

  private isBelieved(topic: string): boolean {
    if (this.shut.size === 0 || !this.shut.has(topic.split('/')[2] ?? '')) return true;
    this.metrics.message('none', 'shut_out');
    return false;
  }

  private async look(): Promise<boolean> {
    const rows = await this.db.query<Row[]>(
      `select scooter_id as "scooterId", revoked_at as "revokedAt", unit from scooter_credentials where revoked_at is not null or unit > 1`,
    );
    const recently = this.clock.inReal(-PUT_OUT_WITHIN_SECONDS);
    const shutNow = new Set(rows.filter(({ revokedAt }) => revokedAt !== null).map(({ scooterId }) => scooterId));
    for (const scooterId of this.shut) if (!shutNow.has(scooterId as ScooterId)) this.shut.delete(scooterId);
    for (const { scooterId, revokedAt, unit } of rows) {
      if (unit !== (this.units.get(scooterId) ?? 1)) for (const told of this.onReplaced) told(scooterId);
      this.units.set(scooterId, unit);
      if (revokedAt === null) continue;
      this.shut.add(scooterId);
      // Again and again: a broker may have let it in once more before it read its list of the revoked.
      if (revokedAt > recently) for (const told of this.onShut) told(scooterId);
    }
    return false;
  }
}
