// Sends what was ordered, each command once, and notices when no answer came.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LoopService } from '../platform/loop.service.js';
import { LinkService } from '../telematics/link.service.js';
import { CommandsService } from './commands.service.js';
import { topics } from '../telematics/wire.js';

@Injectable()
export class DownlinkJob {
  constructor(
    private readonly db: DataSource,
    private readonly broker: LinkService,
    private readonly commands: CommandsService,
    loops: LoopService,
  ) {
    loops.add({ name: 'commands.send', everySeconds: 1, wokenBy: 'commands', step: () => this.send() });
    loops.add({ name: 'commands.expire', everySeconds: 1, step: () => this.db.transaction((tx) => this.commands.expireSilent(tx)) });
  }

  /**
   * The row says "sent" before the message leaves, so that a crash between the two loses a command, which
   * we find out, rather than sends one twice. It is never sent again: whoever wanted it asks anew.
   */
  private async send(): Promise<boolean> {
    const signed = await this.db.transaction((tx) => this.commands.claim(tx));
    const left = await Promise.all(signed.map((command) => this.broker.publish(topics.commandsTo(command.scooterId), command)));
    const stayed = signed.filter((_, index) => left[index] === false).map(({ commandId }) => commandId);
    if (stayed.length > 0) await this.db.transaction((tx) => this.commands.expireUnsent(tx, stayed));
    return signed.length > 0;
  }
}
