// Makes the offers that are due, gives up on the silent, and asks whether the rollout under way goes on.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LoopService } from '../platform/loop.service.js';
import { LinkService } from '../telematics/link.service.js';
import { topics } from '../telematics/wire.js';
import { OffersService } from './offers.service.js';
import { RolloutsService } from './rollouts.service.js';
import { UpdateMetricsService } from './update-metrics.service.js';

@Injectable()
export class UpdatesJob {
  constructor(
    private readonly db: DataSource,
    private readonly broker: LinkService,
    private readonly offers: OffersService,
    private readonly rollouts: RolloutsService,
    private readonly metrics: UpdateMetricsService,
  ) {}

  addTo(loops: LoopService): void {
    loops.add({ name: 'updates.offer', everySeconds: 5, step: () => this.offer() });
    loops.add({ name: 'updates.judge', everySeconds: 30, step: () => this.judge() });
  }

  /** The row says "offered" before the message leaves; one that is lost is made again when its pause is over. */
  private async offer(): Promise<boolean> {
    const claimed = await this.offers.claim();
    for (const offer of claimed ?? []) {
      const sent = await this.broker.publish(topics.updatesTo(offer.scooterId), offer.signed);
      this.metrics.offered(sent);
      if (!sent) await this.offers.notLeft(offer);
    }
    return claimed !== null;
  }

  private async judge(): Promise<boolean> {
    await this.db.transaction((tx) => this.offers.giveUp(tx));
    return this.rollouts.judge();
  }
}
