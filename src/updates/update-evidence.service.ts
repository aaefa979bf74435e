// What scooters tell of their firmware, taken as evidence: which release they run, and what became of an offer.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Events } from '../events.js';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { isNewerRelease } from '../telematics/wire.js';
import { RolloutsService } from './rollouts.service.js';
import { ScooterUpdateEntity } from './scooter-update.entity.js';
import { UpdateMetricsService } from './update-metrics.service.js';
import { DOWNLOADED_PAUSE_SECONDS, isTrouble, OPEN, pauseSeconds, stepOf, updateState, type UpdateReason, type UpdateStep } from './update-state.js';

/** Real seconds: a scooter whose line flaps is not offered the same thing at every flap. */
const JUST_OFFERED_SECONDS = 5;

interface Which { readonly release: string; readonly scooterId: ScooterId }

@Injectable()
export class UpdateEvidenceService {
  constructor(
    private readonly rollouts: RolloutsService,
    private readonly clock: Clock,
    private readonly metrics: UpdateMetricsService,
  ) {}

  async updated(tx: EntityManager, { scooterId, release, step: said, reason }: Events['scooter.updated']): Promise<void> {
    const step = stepOf({ step: said, reason });
    if (step === null) await this.notNow(tx, { release, scooterId }, reason);
    else await this.settle(tx, { release, scooterId }, step, reason);
  }

  /** A boot tells the release that runs, whatever was said before: the new one, or an old one it fell back to. */
  async started(tx: EntityManager, { scooterId, release: runs, boot }: Events['scooter.started']): Promise<void> {
    if (runs !== null && !(await this.ranFrom(tx, { release: runs, scooterId }, boot))) return;
    await this.isBack(tx, scooterId);
  }

  /** False when this was the word of a boot that is over. */
  private async ranFrom(tx: EntityManager, { release: runs, scooterId }: Which, boot: number): Promise<boolean> {
    if (!(await this.noteRelease(tx, { release: runs, scooterId }, boot))) return false;
    for (const { release, state } of await tx.findBy(ScooterUpdateEntity, { scooterId })) {
      if (release === runs && state !== 'installed') await this.settle(tx, { release, scooterId }, 'install', null);
      if (isNewerRelease(release, runs) && state === 'installed') await this.settle(tx, { release, scooterId }, 'roll_back', 'bad_boot');
    }
    await this.joinLate(tx, scooterId, runs);
    return true;
  }

  /** It may have slept through its offer. */
  async isBack(tx: EntityManager, scooterId: ScooterId): Promise<void> {
    await tx.query(
      `update scooter_updates set next_offer_at = $2 where scooter_id = $1 and state in ('chosen', 'offered')
          and next_offer_at > $2 and (last_offer_at is null or last_offer_at <= $3)`,
      [scooterId, this.clock.now(), this.clock.inReal(-JUST_OFFERED_SECONDS)]);
  }

  /** False for the word of a boot that is over. */
  private async noteRelease(tx: EntityManager, { release, scooterId }: Which, boot: number): Promise<boolean> {
    const noted = await tx.query<unknown[]>(
      `insert into scooter_releases as kept (scooter_id, release, boot, since) values ($1, $2, $3, $4)
       on conflict (scooter_id) do update set release = excluded.release, boot = excluded.boot,
              since = case when kept.release = excluded.release then kept.since else excluded.since end
        where kept.boot < excluded.boot returning 1`, [scooterId, release, boot, this.clock.now()]);
    return noted.length > 0;
  }

  private async settle(tx: EntityManager, which: Which, step: UpdateStep, reason: UpdateReason | null): Promise<void> {
    // Before the row, so that of two failures at once one waits and is then counted as the second.
    if (isTrouble(step)) await this.rollouts.lock(tx, which.release);
    const row = await tx.findOne(ScooterUpdateEntity, { where: which, lock: { mode: 'pessimistic_write' } });
    const state = row && updateState.after(row.state, step);
    if (!row || !state) return;
    const settledAt = OPEN.includes(state) ? null : this.clock.now();
    const nextOfferAt = state === 'downloaded' ? this.clock.inReal(DOWNLOADED_PAUSE_SECONDS) : row.nextOfferAt;
    await tx.update(ScooterUpdateEntity, which, { state, reason, settledAt, nextOfferAt });
    this.metrics.became(state);
    if (isTrouble(step)) await this.rollouts.haltIfMust(tx, which.release);
  }

  private async notNow(tx: EntityManager, which: Which, reason: UpdateReason | null): Promise<void> {
    const row = await tx.findOne(ScooterUpdateEntity, { where: which, lock: { mode: 'pessimistic_write' } });
    if (!row || row.state !== 'offered') return;
    await tx.update(ScooterUpdateEntity, which, { reason, nextOfferAt: this.clock.inReal(pauseSeconds(row.attempts)) });
  }

  /** A scooter that came to the city after the release had reached everybody. */
  private async joinLate(tx: EntityManager, scooterId: ScooterId, runs: string): Promise<void> {
    const open = await tx.query<{ name: string }[]>(`select name from releases where state in ('everybody', 'finished')`);
    const newest = open.reduce<string | null>((best, { name }) => (best === null || isNewerRelease(name, best) ? name : best), null);
    if (newest === null || !isNewerRelease(newest, runs)) return;
    await tx.query(
      `insert into scooter_updates (release, scooter_id, state, chosen_at, next_offer_at) values ($1, $2, 'chosen', $3, $3) on conflict do nothing`,
      [newest, scooterId, this.clock.now()]);
  }
}
