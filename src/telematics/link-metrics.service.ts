// What the link between city and scooters counts about itself. No label names a scooter, let alone a person.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { MetricsService } from '../upkeep/metrics.service.js';
import type { Heard, UplinkKind } from './sequence.js';
import { follow } from './sequence.js';
import { Tallies } from './tallies.js';

export type UplinkResult =
  | 'taken' | 'repeated' | 'overtaken' | 'shed' | 'unreadable' | 'unknown_scooter' | 'ignored_answer' | 'failed'
  | 'shut_out' | 'flooding';

@Injectable()
export class LinkMetricsService {
  private readonly messages;
  private readonly said;
  private readonly receipts;
  private readonly commands;
  private readonly roundTrip;
  private readonly missed;
  private readonly filled;
  private readonly keys;
  /** Of single scooters, for whoever watches over them. */
  readonly tallies = new Tallies();
  /** Only for counting, so it may begin anew with the process. */
  private readonly newest = new Map<string, Heard>();

  constructor(
    metrics: MetricsService,
    private readonly clock: Clock,
  ) {
    this.messages = metrics.counter('uplink_messages_total', 'Messages from scooters by kind and what became of them.', ['kind', 'result']);
    this.said = metrics.counter('scooter_events_total', 'Events scooters told, each counted once.', ['kind']);
    this.receipts = metrics.counter('uplink_receipts_total', 'Receipts to scooters, sent after the commit.', ['sent']);
    this.commands = metrics.counter('commands_total', 'Commands by kind and outcome.', ['kind', 'outcome']);
    this.roundTrip = metrics.histogram('command_round_trip_seconds', 'Real seconds from sending a command to its answer.', ['kind']);
    this.missed = metrics.counter('uplink_missed_total', 'Message numbers that were jumped over.');
    this.keys = metrics.counter('key_offers_total', 'New command keys offered to scooters.', ['sent']);
    this.filled = metrics.counter('uplink_filled_total', 'Older message numbers that came after all.');
  }

  message(kind: UplinkKind | 'none', result: UplinkResult, count = 1): void {
    this.messages.inc({ kind, result }, count);
  }

  event(kind: string): void {
    this.said.inc({ kind });
  }

  keyOffered(sent: boolean): void {
    this.keys.inc({ sent: String(sent) });
  }

  receipt(sent: boolean): void {
    this.receipts.inc({ sent: String(sent) });
  }

  command(kind: string, outcome: string): void {
    this.commands.inc({ kind, outcome });
  }

  answered(kind: string, sentAt: Date | null, receivedAt: Date): void {
    if (sentAt) this.roundTrip.observe({ kind }, Math.max(0, receivedAt.getTime() - sentAt.getTime()) / 1000 / this.clock.speed);
  }

  forget(scooterId: string): void {
    this.newest.delete(scooterId);
  }

  heard(scooterId: string, said: Heard): void {
    const { newest, kind, missed } = follow(this.newest.get(scooterId), said);
    this.newest.set(scooterId, newest);
    if (kind === 'gap') {
      this.missed.inc(missed);
      this.tallies.count(scooterId, 'missing', missed);
    }
    if (kind === 'filled') {
      this.filled.inc();
      this.tallies.count(scooterId, 'missing', -1);
    }
  }
}
