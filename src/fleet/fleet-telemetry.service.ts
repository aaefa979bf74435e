// Telemetry of many scooters at once: judged by the rows as last seen, the plain ones written in one statement.
import { Injectable } from '@nestjs/common';
import type { ScooterId } from '../platform/ids.js';
import { FleetMirrorService } from './fleet-mirror.service.js';
import type { PlainChange, SeenRow } from './plain-telemetry.js';
import { TelemetryBatchQueries } from './telemetry-batch.queries.js';

@Injectable()
export class FleetTelemetryService {
  constructor(
    private readonly mirror: FleetMirrorService,
    private readonly batch: TelemetryBatchQueries,
  ) {}

  /** Looks up who has never been seen. */
  async find(scooters: readonly { readonly scooterId: ScooterId }[]): Promise<void> {
    await this.mirror.lookAt(scooters.flatMap(({ scooterId }) => (this.mirror.seen(scooterId) ? [] : scooterId)));
  }

  /** The row as last seen, of who exists. */
  seen(scooterId: ScooterId): SeenRow | undefined {
    return this.mirror.seen(scooterId);
  }

  /** @returns whose rows were no longer what they were judged by; they have been looked at anew. */
  async write(changes: readonly PlainChange[]): Promise<Set<ScooterId>> {
    if (changes.length === 0) return new Set();
    const versions = await this.batch.write(changes);
    const left = new Set<ScooterId>();
    for (const { after } of changes) {
      const version = versions.get(after.id);
      if (version === undefined) left.add(after.id);
      else this.mirror.learn({ row: after, version });
    }
    await this.mirror.lookAt([...left]);
    return left;
  }
}
