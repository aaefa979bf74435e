// What became of each message: counted, and whoever spoke has answered the roll call.
import { Injectable, Logger } from '@nestjs/common';
import type { ScooterId } from '../platform/ids.js';
import { Refusal } from '../platform/refusal.js';
import { LinkMetricsService, type UplinkResult } from '../telematics/link-metrics.service.js';
import { readTelemetry } from '../telematics/telemetry-reader.js';
import type { Waiting } from './inbox.js';
import { RollCallService } from './roll-call.service.js';
import type { Sorted } from './telemetry-batch.service.js';

@Injectable()
export class OutcomeService {
  private readonly log = new Logger(OutcomeService.name);

  constructor(
    private readonly rollCall: RollCallService,
    private readonly metrics: LinkMetricsService,
  ) {}

  /** What nobody can even tell the sender of. */
  nonsense(): void {
    this.metrics.message('none', 'unreadable');
  }

  /** More than one scooter may say. */
  floods(scooterId: ScooterId): void {
    this.metrics.message('none', 'flooding');
    this.metrics.tallies.count(scooterId, 'flood');
  }

  /** Newer telemetry of the same scooter came before anybody had time for it. */
  shed({ scooterId, payload }: Waiting): void {
    this.metrics.message('telemetry', 'shed');
    const said = readTelemetry(payload);
    if (said) this.metrics.heard(scooterId, said, false);
  }

  is({ kind, scooterId }: Waiting, result: UplinkResult): void {
    this.metrics.message(kind, result);
    if (result !== 'unreadable') this.rollCall.answer(scooterId);
  }

  areAll({ settled, results }: Pick<Sorted, 'settled' | 'results'>): void {
    const counts = new Map<UplinkResult, number>();
    for (const [at, { scooterId }] of settled.entries()) {
      const result = results[at] ?? 'failed';
      counts.set(result, (counts.get(result) ?? 0) + 1);
      if (result !== 'unreadable') this.rollCall.answer(scooterId);
    }
    for (const [result, count] of counts) this.metrics.message('telemetry', result, count);
  }

  /** True when the database did not take it. An event comes again by itself, newer telemetry too; a presence does not. */
  async isFailure({ kind }: Waiting, error: unknown): Promise<boolean> {
    const isUnknown = error instanceof Refusal && error.code === 'scooter_unknown';
    this.metrics.message(kind, isUnknown ? 'unknown_scooter' : 'failed');
    if (isUnknown) return false;
    this.log.warn(`${kind} not stored: ${error instanceof Error ? error.name : 'unknown'}`);
    if (kind === 'presence') await this.rollCall.beginAgain();
    return true;
  }

  batchFailed(error: unknown): void {
    this.log.warn(`telemetry taken one by one: ${error instanceof Error ? error.name : 'unknown'}`);
  }

  /** We listen again. */
  async weAreBack(): Promise<void> {
    await this.rollCall.begin();
  }
}
