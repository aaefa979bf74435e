// What updates count about themselves. No label names a scooter.
import { Injectable } from '@nestjs/common';
import { MetricsService } from '../upkeep/metrics.service.js';
import type { UpdateState } from './update-state.js';

@Injectable()
export class UpdateMetricsService {
  private readonly offers;
  private readonly outcomes;

  constructor(metrics: MetricsService) {
    this.offers = metrics.counter('update_offers_total', 'Offers of a release to scooters, and whether they left.', ['sent']);
    this.outcomes = metrics.counter('updates_total', 'What became of offers, as the scooters told.', ['state']);
  }

  offered(sent: boolean): void {
    this.offers.inc({ sent: String(sent) });
  }

  became(state: UpdateState): void {
    this.outcomes.inc({ state });
  }
}
