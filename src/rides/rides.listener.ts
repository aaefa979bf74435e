// What rides hear: of the bank, and of the scooters.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxService } from '../platform/outbox.service.js';
import { RideCourseService } from './ride-course.service.js';

@Injectable()
export class RidesListener implements OnModuleInit {
  constructor(
    private readonly outbox: OutboxService,
    private readonly course: RideCourseService,
  ) {}

  onModuleInit(): void {
    const { outbox, course } = this;
    outbox.on('payment.authorised', 'rides.unlock', (tx, event) => course.authorised(tx, event), (tx, about) => course.readyToUnlock(tx, about));
    outbox.on('payment.refused', 'rides.refuse', (tx, event) => course.refusedByBank(tx, event));
    outbox.on('command.done', 'rides.answered', (tx, event) => course.answered(tx, event), (tx, about) => course.readyForAnswer(tx, about));
    outbox.on('command.refused', 'rides.refused', (tx, event) => course.refused(tx, event));
    outbox.on('command.expired', 'rides.unanswered', (tx, event) => course.unanswered(tx, event));
    outbox.on('scooter.connected', 'rides.heard_again', (tx, event) => course.heardAgain(tx, event));
  }
}
