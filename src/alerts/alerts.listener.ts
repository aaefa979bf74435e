// What is watched for in what happens elsewhere.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxService } from '../platform/outbox.service.js';
import { SightingsService } from './sightings.service.js';

@Injectable()
export class AlertsListener implements OnModuleInit {
  constructor(
    private readonly outbox: OutboxService,
    private readonly seen: SightingsService,
  ) {}

  onModuleInit(): void {
    const { outbox, seen } = this;
    outbox.on('scooter.moved_alone', 'alerts.moved_alone', (tx, event) => seen.movedAlone(tx, event));
    outbox.on('scooter.fell', 'alerts.fell', (tx, event) => seen.fell(tx, event));
    outbox.on('scooter.bay_opened', 'alerts.bay_opened', (tx, event) => seen.bayOpened(tx, event));
    outbox.on('scooter.went_astray', 'alerts.went_astray', (tx, event) => seen.wentAstray(tx, event));
    outbox.on('scooter.place_doubted', 'alerts.place_doubted', (tx, event) => seen.placeDoubted(tx, event));
    outbox.on('scooter.clock_judged', 'alerts.clock_judged', (tx, event) => seen.clockJudged(tx, event));
    outbox.on('command.expired', 'alerts.command_expired', (tx, event) => seen.expired(tx, event));
    outbox.on('command.refused', 'alerts.command_refused', (tx, event) => seen.refused(tx, event));
  }
}
