// A ride can be over before its scooter has said that it is locked: given up after a long silence, or ended
// while the unlock was still on its way. When such a scooter can be heard again and no ride holds it, it is
// told to lock, until it has proved to be locked; otherwise it would stand open in the street for ever.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { LoopService } from '../platform/loop.service.js';
import { Refusal } from '../platform/refusal.js';
import type { ScooterId } from '../platform/ids.js';
import { DownlinkService } from '../commands/downlink.service.js';
import { RideRowsService } from '../rides/ride-rows.service.js';

@Injectable()
export class LeftOpenJob {
  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly rows: RideRowsService,
    private readonly downlink: DownlinkService,
    loops: LoopService,
  ) {
    loops.add({ name: 'rides.close_left_open', everySeconds: 5, step: () => this.closeAll() });
  }

  private async closeAll(): Promise<boolean> {
    for (const scooterId of await this.fleet.unprovenIds()) await this.close(scooterId);
    return false;
  }

  private close(scooterId: ScooterId): Promise<void> {
    return this.db.transaction(async (tx) => {
      const { state } = await this.fleet.hold(tx, scooterId);
      if (state === 'taken' || (await this.rows.liveRideOfScooter(tx, scooterId))) return;
      if (await this.downlink.awaitsAnswer(tx, scooterId)) return;
      try {
        await this.downlink.command(tx, { scooterId, kind: 'lock', requestedBy: 'rides:left_open' });
      } catch (error) {
        // Out of reach again: the next look finds it when it is back.
        if (!(error instanceof Refusal)) throw error;
      }
    });
  }
}
