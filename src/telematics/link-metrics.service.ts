// What the link between city and scooters counts about itself. No label names a scooter, let alone a person.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { MetricsService } from '../upkeep/metrics.service.js';
import { follow, without, type Heard, type Hole, type UplinkKind } from './sequence.js';
import { Tallies } from './tallies.js';

export type UplinkResult =
  | 'taken' | 'repeated' | 'overtaken' | 'shed' | 'unreadable' | 'unknown_scooter' | 'ignored_answer' | 'failed'
  | 'shut_out' | 'flooding';

/** Of each scooter; what came later than so many others is missing for good. */
const MOST_HOLES = 20;
/** What one scooter has said so far. `isOurs`: counted for all replicas by this one, so it is also taken off by it. */
interface Line { readonly newest: Heard; readonly holes: readonly (Hole & { readonly isOurs: boolean })[] }

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
  private readonly lines = new Map<string, Line>();

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
    this.lines.delete(scooterId);
  }

  /**
   * Every message that can be read, whatever became of it. With several replicas one of them takes it (`isOurs`), and
   * counts for all of them what it jumped over.
   */
  heard(scooterId: string, said: Heard, isOurs: boolean): void {
    const line = this.lines.get(scooterId);
    const holes = line?.holes ?? [];
    const { newest, kind, missed } = follow(line?.newest, said);
    if (kind === 'older') {
      this.cameAfterAll(scooterId, newest, holes, said);
      return;
    }
    const hole = { boot: said.boot, from: said.seq - missed, to: said.seq - 1, isOurs };
    this.lines.set(scooterId, { newest, holes: kind === 'gap' ? [...holes, hole].slice(-MOST_HOLES) : holes });
    if (kind === 'gap') this.count(scooterId, missed, isOurs);
  }

  private cameAfterAll(scooterId: string, newest: Heard, holes: Line['holes'], said: Heard): void {
    const left = holes.map((hole) => without(hole, said));
    const at = left.findIndex(([first], index) => first !== holes[index]);
    const filled = holes[at];
    if (!filled) return;
    this.lines.set(scooterId, { newest, holes: left.flat() });
    this.count(scooterId, -1, filled.isOurs);
  }

  private count(scooterId: string, by: number, isOurs: boolean): void {
    this.tallies.count(scooterId, 'missing', by);
    if (!isOurs) return;
    this.tallies.count(scooterId, 'toWrite', by);
    if (by > 0) this.missed.inc(by);
    else this.filled.inc();
  }
}
