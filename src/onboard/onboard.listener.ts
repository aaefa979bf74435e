// What scooters tell of the zones they carry.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxService } from '../platform/outbox.service.js';
import { ZoneKeepingService } from './zone-keeping.service.js';

@Injectable()
export class OnboardListener implements OnModuleInit {
  constructor(
    private readonly outbox: OutboxService,
    private readonly keeping: ZoneKeepingService,
  ) {}

  onModuleInit(): void {
    const { outbox, keeping } = this;
    outbox.on('scooter.started', 'onboard.know', (tx, event) => keeping.started(tx, event));
    outbox.on('scooter.kept_zones', 'onboard.note_kept', (tx, event) => keeping.kept(tx, event));
    outbox.on('scooter.refused_zones', 'onboard.note_refused', (tx, event) => keeping.refused(tx, event));
  }
}
