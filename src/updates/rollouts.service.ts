// Lets a release out stage by stage, stops it when it fails, and does what a person orders; each move is written
// with its reason.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { Actor } from '../platform/actor.js';
import { Clock } from '../platform/clock.js';
import { OutboxService } from '../platform/outbox.service.js';
import { orRefuse, Refusal } from '../platform/refusal.js';
import { isNewerRelease } from '../telematics/wire.js';
import { progressOf, runningOn, settledIds } from './progress.queries.js';
import { ReleaseEntity } from './release.entity.js';
import { isStage, resumeStep, rolloutState, type RolloutState, type RolloutStep, type Stage } from './rollout-state.js';
import { stageMembers } from './stage-members.js';
import { askedOf, mustHalt, stageVerdict, type Progress } from './stage-verdict.js';

/** What a person may order; `advance` does not wait for the numbers. */
export const ORDERS = ['start', 'advance', 'resume', 'cancel'] as const;
export type RolloutOrder = (typeof ORDERS)[number] | 'hold';

@Injectable()
export class RolloutsService {
  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly outbox: OutboxService,
  ) {}

  async order(actor: Actor, name: string, { order, reason }: { order: RolloutOrder; reason: string }): Promise<void> {
    await this.db.transaction(async (tx) => {
      const release = orRefuse(await this.lock(tx, name), 'release_unknown', { release: name });
      const step = stepFor(order, release);
      await this.go(tx, release, step, step === 'halt' ? 'a person held it' : null);
      await this.audit.note(tx, actor, {
        action: `release.${order}`, subjectKind: 'release', subjectId: name, reason, details: { from: release.state, step },
      });
    });
  }

  /** Looks at the one rollout under way; true when that moved it. */
  judge(): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const live = await tx.createQueryBuilder(ReleaseEntity, 'r').where(`r.state in ('one_percent', 'ten_percent', 'everybody')`)
        .setLock('pessimistic_write').setOnLocked('skip_locked').getOne();
      if (!live) return false;
      const progress = await this.withGone(tx, live, await progressOf(tx, live, this.clock.now()));
      const verdict = stageVerdict(progress, this.clock.now());
      if (verdict === 'wait') return false;
      await this.go(tx, live, verdict, verdict === 'halt' ? whyHalted(progress) : null);
      return true;
    });
  }

  /** Asked with every failure, in its own transaction: nobody is offered the release after the one too many. */
  async haltIfMust(tx: EntityManager, name: string): Promise<void> {
    const release = await this.lock(tx, name);
    if (!release || !isStage(release.state)) return;
    const progress = await progressOf(tx, release, this.clock.now());
    if (mustHalt(progress)) await this.go(tx, release, 'halt', whyHalted(progress));
  }

  /** Held while what happened to one scooter is written, so that two failures at once are counted as two. */
  lock(tx: EntityManager, name: string): Promise<ReleaseEntity | null> {
    return tx.findOne(ReleaseEntity, { where: { name }, lock: { mode: 'pessimistic_write' } });
  }

  private async go(tx: EntityManager, release: ReleaseEntity, step: RolloutStep, why: string | null): Promise<void> {
    const now = this.clock.now();
    const state = rolloutState.mustStep(release.state, step);
    const enters = isStage(state);
    const resumed = release.state === 'halted' && enters;
    await tx.update(ReleaseEntity, { name: release.name }, {
      state, stateSince: now, whyHalted: why, ...(enters && { stage: state }), ...((step === 'start' || resumed) && { countFrom: now }),
    });
    if (resumed) await this.askAgain(tx, release.name, now);
    if (enters) await this.choose(tx, release.name, state, now);
    if (state === 'halted') await this.outbox.publish(tx, 'update.halted', release.name, { release: release.name, why: why ?? '' });
    else await this.outbox.publish(tx, 'update.advanced', release.name, { release: release.name, state });
  }

  /** Everybody in the stage gets a row; who is further already counts as such. */
  private async choose(tx: EntityManager, release: string, stage: Stage, now: Date): Promise<void> {
    const members = stageMembers(release, await this.fleet.inServiceIds(), stage);
    const runs = await runningOn(tx, members);
    const wanted = members.filter((id) => runs.get(id) !== release && !isNewerRelease(runs.get(id) ?? '', release));
    const has = members.filter((id) => runs.get(id) === release);
    await tx.query(
      `insert into scooter_updates (release, scooter_id, state, chosen_at, next_offer_at)
       select $1, id, 'chosen', $3, $3 from unnest($2::uuid[]) as id on conflict do nothing`, [release, wanted, now]);
    await tx.query(
      `insert into scooter_updates (release, scooter_id, state, chosen_at, next_offer_at, settled_at)
       select $1, id, 'installed', $3, $3, $3 from unnest($2::uuid[]) as id on conflict do nothing`, [release, has, now]);
  }

  /** A person let it go on: those who failed for a passing reason get another try, and all the time again. */
  private async askAgain(tx: EntityManager, release: string, now: Date): Promise<void> {
    await tx.query(
      `update scooter_updates set state = 'chosen', reason = null, attempts = 0, chosen_at = $2, offered_at = null, next_offer_at = $2, settled_at = null
        where release = $1 and state in ('refused', 'timed_out') and reason is distinct from 'not_newer'`, [release, now]);
    await tx.query(
      `update scooter_updates set offered_at = $2, next_offer_at = $2 where release = $1 and state in ('offered', 'downloaded')`, [release, now]);
  }

  /** Whether the settled can be reached is only asked when all depends on it, and no longer of a whole fleet. */
  private async withGone(tx: EntityManager, { name, state }: ReleaseEntity, progress: Progress): Promise<Progress> {
    if (state === 'everybody' || stageVerdict(progress, this.clock.now()) !== 'widen') return progress;
    return { ...progress, gone: await this.fleet.absentAmong(await settledIds(tx, name, this.clock.now())) };
  }
}

const whyHalted = (progress: Progress): string => `${String(progress.failed)} of ${String(askedOf(progress))} failed`;

function stepFor(order: RolloutOrder, { state, stage }: { state: RolloutState; stage: Stage | null }): RolloutStep {
  switch (order) {
    case 'start': case 'cancel': return order;
    case 'advance': return 'widen';
    case 'hold': return 'halt';
    case 'resume':
      if (stage === null) throw new Refusal('step_not_allowed', { state, step: order });
      return resumeStep(stage);
  }
}
