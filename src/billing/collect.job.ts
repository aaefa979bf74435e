// Four collectors at once: while one waits for a slow answer of Stripe, the others go on.
import { Injectable } from '@nestjs/common';
import { LoopService } from '../platform/loop.service.js';
import { CollectorService } from './collector.service.js';
import { PaymentsService } from './payments.service.js';
import { COLLECT } from './payment.js';

const LANES = 4;

@Injectable()
export class CollectJob {
  constructor(loops: LoopService, collector: CollectorService, payments: PaymentsService) {
    loops.add({ name: COLLECT, everySeconds: 1, lanes: LANES, step: () => collector.collectNext() });
    payments.collectedBy((tx, id) => { loops.handOverAfter(tx, COLLECT, collector.pieceOf(id)); });
  }
}
