// Four collectors at once: while one waits for a slow answer of Stripe, the others go on.
import { Injectable } from '@nestjs/common';
import { LoopService } from '../platform/loop.service.js';
import { CollectorService } from './collector.service.js';

const LANES = 4;

@Injectable()
export class CollectJob {
  constructor(loops: LoopService, collector: CollectorService) {
    loops.add({ name: 'billing.collect', everySeconds: 1, wokenBy: 'payments', lanes: LANES, step: () => collector.collectNext() });
  }
}
