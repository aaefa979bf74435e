// After every break of our own line we no longer know who is there: last wills may have been told to
// nobody. So we call out, every scooter answers, and whoever does not is noted as gone.
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { LoopService } from '../platform/loop.service.js';
import { LinkService } from '../telematics/link.service.js';
import { topics } from '../telematics/wire.js';

/** Scooters answer within ten real seconds; as long again for the network and our own inbox. */
const ANSWERS_TAKE_MS = 20_000;

@Injectable()
export class RollCallService implements OnModuleDestroy {
  private readonly log = new Logger(RollCallService.name);
  private readonly present = new Set<ScooterId>();
  private timer: NodeJS.Timeout | null = null;
  private isOver = false;
  private isWantedAgain = false;

  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly broker: LinkService,
    private readonly clock: Clock,
    loops: LoopService,
  ) {
    loops.add({ name: 'telematics.roll_call', everySeconds: 1, step: () => this.noteAbsent() });
  }

  async begin(): Promise<void> {
    this.onModuleDestroy();
    this.present.clear();
    // A timer and not the city's clock: answers take the network's time however fast the city lives.
    this.timer = setTimeout(() => { this.isOver = true; }, ANSWERS_TAKE_MS).unref();
    await this.broker.publish(topics.helloToAll, { at: this.clock.now().getTime() });
  }

  /** A presence we could not store is lost for good; ask again, but never more often than a call takes. */
  async beginAgain(): Promise<void> {
    if (this.timer) this.isWantedAgain = true;
    else await this.begin();
  }

  answer(scooterId: ScooterId): void {
    if (this.timer) this.present.add(scooterId);
  }

  onModuleDestroy(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.isOver = false;
    this.isWantedAgain = false;
  }

  private async noteAbsent(): Promise<boolean> {
    // While our line is down again, silence says nothing about the scooters.
    if (!this.isOver || !this.broker.isConnected) return false;
    if (this.isWantedAgain) {
      await this.begin();
      return true;
    }
    const absent = (await this.fleet.connectedIds()).filter((scooterId) => !this.present.has(scooterId));
    for (const scooterId of absent) await this.db.transaction((tx) => this.fleet.recordPresence(tx, scooterId, false));
    this.onModuleDestroy();
    if (absent.length > 0) this.log.warn(`${String(absent.length)} scooters did not answer the roll call`);
    return absent.length > 0;
  }
}
