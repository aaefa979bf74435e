// What is heard of a life without a network, however late.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxService } from '../platform/outbox.service.js';
import { LocalActsService } from './local-acts.service.js';
import { PowerLossService } from './power-loss.service.js';

@Injectable()
export class OfflineListener implements OnModuleInit {
  constructor(
    private readonly outbox: OutboxService,
    private readonly acts: LocalActsService,
    private readonly power: PowerLossService,
  ) {}

  onModuleInit(): void {
    const { outbox, acts, power } = this;
    outbox.on('scooter.acted_locally', 'offline.acted', (tx, event) => acts.acted(tx, event));
    outbox.on('scooter.lost_power', 'offline.lost_power', (tx, event) => power.lost(tx, event));
  }
}
