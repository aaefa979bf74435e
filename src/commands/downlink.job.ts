// Sends what was ordered, each command once, and notices when no answer came.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LoopService } from '../platform/loop.service.js';
import { LinkService } from '../telematics/link.service.js';
import { CommandsService } from './commands.service.js';
import { topics, type Command } from '../telematics/wire.js';

const SEND = 'commands.send';

@Injectable()
export class DownlinkJob {
  constructor(
    private readonly db: DataSource,
    private readonly broker: LinkService,
    private readonly commands: CommandsService,
    loops: LoopService,
  ) {
    loops.add({ name: SEND, everySeconds: 1, step: () => this.send() });
    commands.sentBy((tx, command) => {
      loops.handOverAfter(tx, SEND, { claim: commands.claimOf(command), work: () => this.publish([command]) });
    });
    loops.add({ name: 'commands.expire', everySeconds: 1, step: () => this.db.transaction((tx) => this.commands.expireSilent(tx)) });
  }

  /**
   * The row says "sent" before the message leaves, so that a crash between the two loses a command, which
   * we find out, rather than sends one twice. It is never sent again: whoever wanted it asks anew. What is found
   * here was ordered where nobody could send it, or by a process that is no more.
   */
  private async send(): Promise<boolean> {
    const signed = await this.db.transaction((tx) => this.commands.claim(tx));
    await this.publish(signed);
    return signed.length > 0;
  }

  private async publish(signed: readonly Command[]): Promise<void> {
    const left = await Promise.all(signed.map((command) => this.broker.publish(topics.commandsTo(command.scooterId), command)));
    const stayed = signed.filter((_, index) => left[index] === false).map(({ commandId }) => commandId);
    if (stayed.length > 0) await this.db.transaction((tx) => this.commands.expireUnsent(tx, stayed));
  }
}
