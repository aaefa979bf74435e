// Orders to scooters. One is refused at once when the scooter or our own line to the broker is down: an
// order that would have to wait must not be given. There is no way to order something of the whole fleet.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { actorName, type Actor } from '../platform/actor.js';
import { AuditService } from '../audit/audit.service.js';
import type { CommandId, ScooterId } from '../platform/ids.js';
import { refuseIf } from '../platform/refusal.js';
import { together, unawaited } from '../platform/together.js';
import { LinkService } from '../telematics/link.service.js';
import type { CommandEntity } from './command.entity.js';
import { CommandsService, type Order } from './commands.service.js';
import { whyNotCommand, type OperatorKind } from './why-not-command.js';

@Injectable()
export class DownlinkService {
  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly broker: LinkService,
    private readonly commands: CommandsService,
    private readonly audit: AuditService,
  ) {}

  /** An order is likely to follow in this transaction; its scooter is held. */
  ready(tx: EntityManager, scooterId: ScooterId): Promise<void> {
    return this.commands.ready(tx, scooterId);
  }

  /** A row, sent right after the commit by the job, or never. */
  async command(tx: EntityManager, order: Order): Promise<CommandId> {
    const scooter = await this.fleet.hold(tx, order.scooterId);

    refuseIf(this.broker.isConnected ? null : 'broker_down');
    refuseIf(scooter.connected ? null : 'scooter_offline', { scooterId: scooter.id });

    return this.commands.queue(tx, order);
  }

  /** Whether something was ordered of it that is neither answered nor run out. */
  awaitsAnswer(tx: EntityManager, scooterId: ScooterId): Promise<boolean> {
    return this.commands.isUnderWay(tx, scooterId);
  }

  /** By nonces, the order in which the scooter itself obeys: whether it comes after the unlock among those given. */
  followsUnlock(tx: EntityManager, commandId: CommandId, given: readonly CommandId[]): Promise<boolean> {
    return this.commands.followsUnlock(tx, commandId, given);
  }

  /** From the control room: one scooter, one reason, one line in the audit log. */
  orderByHand(actor: Actor, scooterId: ScooterId, wanted: { kind: OperatorKind; reason: string }): Promise<CommandId> {
    const { kind, reason } = wanted;
    return this.db.transaction(async (tx) => {
      const [scooter] = await together(this.fleet.hold(tx, scooterId), this.commands.ready(tx, scooterId));

      refuseIf(whyNotCommand(kind, scooter.state), { scooterId, state: scooter.state });

      const commandId = await this.command(tx, { scooterId, kind, requestedBy: actorName(actor), reason });
      unawaited(this.audit.note(tx, actor, {
        action: `command.${kind}`, subjectKind: 'scooter', subjectId: scooterId, reason, details: { commandId },
      }));
      return commandId;
    });
  }

  async page(scooterId: ScooterId, before: number, limit: number): Promise<CommandEntity[]> {
    await this.fleet.read(scooterId);
    return this.commands.page(this.db.manager, scooterId, before, limit);
  }
}
