// What a scooter says becomes fact here: one message, one transaction, and only after its commit the
// receipt that lets the scooter forget. A repeated message changes nothing and gets its receipt again.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import type { ScooterId } from '../platform/ids.js';
import { OutboxService } from '../platform/outbox.service.js';
import { together } from '../platform/together.js';
import { LinkService } from '../telematics/link.service.js';
import { isAnswer } from '../commands/command-state.js';
import { CommandsService } from '../commands/commands.service.js';
import type { Waiting } from './inbox.js';
import { toldOn } from './told-on.js';
import { LinkMetricsService, type UplinkResult } from '../telematics/link-metrics.service.js';
import { isNewer, provesConnection, type Heard } from '../telematics/sequence.js';
import { mayTrust, withoutPlaceInRide } from '../commands/trust.js';
import { readTelemetry } from '../telematics/telemetry-reader.js';
import { Presence, readMessage, ScooterEvent, topics, type Telemetry } from '../telematics/wire.js';
import { Memory, type Seen } from './watchers.js';

@Injectable()
export class UplinkService {
  /** The two connections can swap the order of an event and the telemetry before it; this undoes the swap. */
  private readonly newestSensors = new Map<ScooterId, Heard>();
  private readonly memory = new Memory();

  constructor(
    private readonly outbox: OutboxService,
    private readonly fleet: FleetService,
    private readonly commands: CommandsService,
    private readonly broker: LinkService,
    private readonly metrics: LinkMetricsService,
  ) {}

  /** @throws when the database did not take it; the scooter will say it again. */
  receive(message: Waiting): Promise<UplinkResult> {
    switch (message.kind) {
      case 'telemetry': return this.receiveTelemetry(message);
      case 'events': return this.receiveEvent(message);
      case 'presence': return this.receivePresence(message);
    }
  }

  /** Another unit speaks for it from now on, and counts from 1. */
  forget(scooterId: ScooterId): void {
    this.newestSensors.delete(scooterId);
    this.metrics.forget(scooterId);
  }

  private async receiveTelemetry({ scooterId, payload, receivedAt }: Waiting): Promise<UplinkResult> {
    const read = readTelemetry(payload);
    if (!read) return 'unreadable';
    let result: UplinkResult = 'failed';
    try {
      result = this.isOvertaken(scooterId, read) ? 'overtaken' : await this.takeIn(scooterId, withoutPlaceInRide(read), receivedAt);
      return result;
    } finally {
      this.metrics.heard(scooterId, read, result === 'taken');
    }
  }

  private async takeIn(scooterId: ScooterId, telemetry: Telemetry, receivedAt: Date): Promise<UplinkResult> {
    const said = await this.outbox.transaction(async (tx) => {
      const before = await this.fleet.hold(tx, scooterId);
      if (!(await this.fleet.recordTelemetry(tx, scooterId, telemetry, receivedAt))) return null;
      await this.believe(tx, scooterId, telemetry, receivedAt);
      const said = this.memory.facts({ before, said: telemetry, receivedAt });
      for (const fact of said.told) await this.fleet.tell(tx, scooterId, fact);
      return said;
    });
    said?.keep();
    return said ? 'taken' : 'repeated';
  }

  /** Whether an event has already told of a later state than this telemetry. */
  isOvertaken(scooterId: ScooterId, said: Heard): boolean {
    const newest = this.newestSensors.get(scooterId);
    return newest !== undefined && isNewer(newest, said);
  }

  /** Whether a watcher sees something new in it, so that it must be taken in by itself. */
  saysMore(seen: Seen): boolean {
    return this.memory.isNews(seen);
  }

  /** What a fresh word of the scooter proves beside its content: that it is there, and whether it is safe. */
  private async believe(tx: EntityManager, scooterId: ScooterId, { sensors, inRide }: Telemetry, receivedAt: Date): Promise<void> {
    const scooter = await this.fleet.hold(tx, scooterId);
    const provesIt = provesConnection(scooter, receivedAt);
    // It may have been shut out while this was on its way, and we have not heard of it yet.
    if ((!provesIt && scooter.state !== 'unsure') || (await this.commands.isRevoked(tx, scooterId))) return;
    if (provesIt) await this.fleet.recordPresence(tx, scooterId, true);
    if (scooter.state !== 'unsure') return;
    const commands = await this.commands.past(tx, scooterId);
    if (mayTrust({ state: scooter.state, lock: sensors.lock, inRide, commands })) await this.fleet.become(tx, scooterId, 'trust');
  }

  private async receiveEvent({ scooterId, payload, receivedAt }: Waiting): Promise<UplinkResult> {
    const event = readMessage(ScooterEvent, payload);
    if (!event) return 'unreadable';
    const result = await this.outbox.transaction(async (tx) => {
      const [scooter, { isNew, overtaken }] = await together(
        this.fleet.hold(tx, scooterId),
        this.note(tx, scooterId, event, receivedAt),
        isAnswer(event) ? this.commands.expect(tx, scooterId, event) : Promise.resolve(),
      );
      if (!isNew) return 'repeated';
      const isBack = provesConnection(scooter, receivedAt) && !(await this.commands.isRevoked(tx, scooterId));
      if (isBack) await this.fleet.recordPresence(tx, scooterId, true);
      if ('sensors' in event && isNewer(event, scooter) && !overtaken) await this.fleet.recordSensors(tx, scooterId, event.sensors);
      const fact = toldOn(scooterId, event, receivedAt);
      if (fact) await this.fleet.tell(tx, scooterId, fact);
      if (!isAnswer(event)) return 'taken';
      return (await this.commands.answer(tx, scooterId, event, receivedAt)) ? 'taken' : 'ignored_answer';
    });
    if (result === 'ignored_answer') this.metrics.tallies.count(scooterId, 'strange');
    this.metrics.heard(scooterId, event, result !== 'repeated');
    if (result !== 'repeated') this.metrics.event(event.kind);
    if ('sensors' in event) this.remember(scooterId, event);
    this.metrics.receipt(await this.broker.publish(topics.receiptsTo(scooterId), { boot: event.boot, seq: event.seq }));
    return result;
  }

  private async receivePresence({ scooterId, payload }: Waiting): Promise<UplinkResult> {
    const presence = readMessage(Presence, payload);
    if (!presence) return 'unreadable';
    return this.outbox.transaction(async (tx) => {
      const scooter = await this.fleet.hold(tx, scooterId);
      // The last will of a boot that is over: the unit has restarted and spoken since.
      if (!presence.connected && presence.boot < scooter.boot) return 'overtaken';
      if (presence.connected && !scooter.connected && (await this.commands.isRevoked(tx, scooterId))) return 'shut_out';
      await this.fleet.recordPresence(tx, scooterId, presence.connected);
      return 'taken';
    });
  }

  /** An answer that was sent again and again may be older than what another answer has already told of the sensors. */
  private async note(
    tx: EntityManager, scooterId: ScooterId, event: ScooterEvent, receivedAt: Date,
  ): Promise<{ isNew: boolean; overtaken: boolean }> {
    const [noted] = await tx.query<{ isNew: boolean; overtaken: boolean }[]>(
      `with noted as (insert into scooter_events (scooter_id, boot, seq, kind, age_ms, received_at)
                      values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1)
       select exists (select 1 from noted) as "isNew",
              exists (select 1 from scooter_events where scooter_id = $1 and (boot, seq) > ($2, $3)
                         and kind in ('command_done', 'command_refused', 'local', 'power_lost')) as overtaken`,
      [scooterId, event.boot, event.seq, event.kind, event.ageMs, receivedAt],
    );
    return noted ?? { isNew: false, overtaken: true };
  }

  private remember(scooterId: ScooterId, { boot, seq }: Heard): void {
    const newest = this.newestSensors.get(scooterId);
    if (!newest || isNewer({ boot, seq }, newest)) this.newestSensors.set(scooterId, { boot, seq });
  }
}
