// Which words of a scooter tell something about its firmware.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxService } from '../platform/outbox.service.js';
import { UpdateEvidenceService } from './update-evidence.service.js';

@Injectable()
export class UpdatesListener implements OnModuleInit {
  constructor(
    private readonly outbox: OutboxService,
    private readonly evidence: UpdateEvidenceService,
  ) {}

  onModuleInit(): void {
    this.outbox.on('scooter.updated', 'updates.take_evidence', (tx, event) => this.evidence.updated(tx, event));
    this.outbox.on('scooter.started', 'updates.note_release', (tx, event) => this.evidence.started(tx, event));
    this.outbox.on('scooter.connected', 'updates.offer_again', (tx, { scooterId }) => this.evidence.isBack(tx, scooterId));
  }
}
