// Telemetry of many scooters taken in at once. Each message is judged by the row as it was last seen; what is plain
// is written together with all other plain ones, in one statement that leaves alone every row that is no longer the
// one judged by. Whatever says more than that goes one by one, with its row locked.
import { Injectable } from '@nestjs/common';
import { withoutPlaceInRide } from '../commands/trust.js';
import { FleetTelemetryService } from '../fleet/fleet-telemetry.service.js';
import { plainTelemetry, type PlainChange, type SeenRow } from '../fleet/plain-telemetry.js';
import type { ScooterId } from '../platform/ids.js';
import { LinkMetricsService, type UplinkResult } from '../telematics/link-metrics.service.js';
import { readTelemetry } from '../telematics/telemetry-reader.js';
import type { Telemetry } from '../telematics/wire.js';
import type { Waiting } from './inbox.js';
import { UplinkService } from './uplink.service.js';

/** A message that can be read, and what it would write. */
interface Read {
  readonly message: Waiting;
  readonly said: Telemetry;
  change: PlainChange | null;
}

/** What became of a batch; `special` are to be taken one by one. */
export class Sorted {
  readonly settled: Waiting[] = [];
  readonly results: UplinkResult[] = [];
  readonly special: Waiting[] = [];

  settle(message: Waiting, result: UplinkResult): void {
    this.settled.push(message);
    this.results.push(result);
  }
}

@Injectable()
export class TelemetryBatchService {
  constructor(
    private readonly uplink: UplinkService,
    private readonly fleet: FleetTelemetryService,
    private readonly metrics: LinkMetricsService,
  ) {}

  /** At most one message of each scooter. @throws when the database did not take them; then none was written. */
  async receive(messages: readonly Waiting[]): Promise<Sorted> {
    const sorted = new Sorted();
    const read = this.read(messages, sorted);
    await this.fleet.find(messages);
    const plain = read.filter((one) => this.judge(one, sorted));
    const left = await this.fleet.write(plain.flatMap(({ change }) => change ?? []));
    for (const { message, said } of plain) {
      if (left.has(message.scooterId)) continue;
      this.settle(sorted, { message, said, result: 'taken' });
    }
    if (left.size > 0) this.judgeAgain(plain, left, sorted);
    return sorted;
  }

  private read(messages: readonly Waiting[], sorted: Sorted): Read[] {
    const all: Read[] = [];
    for (const message of messages) {
      const said = readTelemetry(message.payload);
      if (!said) sorted.settle(message, 'unreadable');
      else if (this.uplink.isOvertaken(message.scooterId, said)) this.settle(sorted, { message, said, result: 'overtaken' });
      else all.push({ message, said: withoutPlaceInRide(said), change: null });
    }
    return all;
  }

  /** True when it is plain, and its change is known; what is not has been sorted out. */
  private judge(one: Read, sorted: Sorted): boolean {
    const { message, said } = one;
    const judged = this.judgement(one, this.fleet.seen(message.scooterId));
    if (typeof judged === 'object') one.change = judged;
    else if (judged === 'special') sorted.special.push(message);
    else this.settle(sorted, { message, said, result: judged });
    return typeof judged === 'object';
  }

  private settle(sorted: Sorted, { message, said, result }: { message: Waiting; said: Telemetry; result: UplinkResult }): void {
    this.metrics.heard(message.scooterId, said, result === 'taken');
    sorted.settle(message, result);
  }

  private judgement({ message: { receivedAt }, said }: Read, seen: SeenRow | undefined): PlainChange | 'special' | 'repeated' | 'unknown_scooter' {
    if (!seen) return 'unknown_scooter';
    const judged = plainTelemetry(seen, said, receivedAt);
    if (judged === 'old') return 'repeated';
    return judged === 'special' || this.uplink.saysMore({ before: seen.row, said, receivedAt }) ? 'special' : judged;
  }

  /** Their rows were no longer those they were judged by: mostly another replica has already taken the very same message. */
  private judgeAgain(plain: readonly Read[], left: ReadonlySet<ScooterId>, sorted: Sorted): void {
    for (const one of plain) if (left.has(one.message.scooterId) && this.judge(one, sorted)) sorted.special.push(one.message);
  }
}
