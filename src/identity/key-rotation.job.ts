// Brings new keys to the scooters, one after the other, and gives every scooter a new one now and then.
import { Inject, Injectable } from '@nestjs/common';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import { LoopService } from '../platform/loop.service.js';
import { LinkMetricsService } from '../telematics/link-metrics.service.js';
import { LinkService } from '../telematics/link.service.js';
import { topics } from '../telematics/wire.js';
import { KeyRotationService } from './key-rotation.service.js';

/** Slowly: were something wrong with new keys, few would have one before somebody saw it. */
const ONE_EVERY_SECONDS = 10;

@Injectable()
export class KeyRotationJob {
  constructor(
    private readonly rotation: KeyRotationService,
    private readonly link: LinkService,
    private readonly metrics: LinkMetricsService,
    loops: LoopService,
    @Inject(CITY_CONFIG) { keyDays = 0 }: CityConfig,
  ) {
    loops.add({ name: 'identity.offer_keys', everySeconds: 5, wokenBy: 'credentials', step: () => this.offer() });
    if (keyDays > 0) loops.add({ name: 'identity.change_keys', everySeconds: ONE_EVERY_SECONDS, step: () => this.change(keyDays) });
  }

  /** QoS 0 and never retained, like every word to one scooter; what is not heard is offered again. */
  private async offer(): Promise<boolean> {
    const due = await this.rotation.takeDue();
    if (due?.offered) this.metrics.keyOffered(await this.link.publish(topics.keysTo(due.offered.scooterId), due.offered.offer));
    return due !== null;
  }

  /** One per tick, whatever is waiting. */
  private async change(keyDays: number): Promise<boolean> {
    await this.rotation.orderOldest(keyDays);
    return false;
  }
}
