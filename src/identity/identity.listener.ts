// What changes about a scooter's key when the scooter speaks.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxService } from '../platform/outbox.service.js';
import { KeyRotationService } from './key-rotation.service.js';

@Injectable()
export class IdentityListener implements OnModuleInit {
  constructor(
    private readonly outbox: OutboxService,
    private readonly rotation: KeyRotationService,
  ) {}

  onModuleInit(): void {
    const { outbox, rotation } = this;
    outbox.on('scooter.kept_key', 'identity.sign_with_new_key', (tx, event) => rotation.kept(tx, event));
    outbox.on('scooter.started', 'identity.offer_key_to_started', (tx, { scooterId }) => rotation.dueNow(tx, scooterId));
    outbox.on('scooter.connected', 'identity.offer_key_to_connected', (tx, { scooterId }) => rotation.dueNow(tx, scooterId));
  }
}
