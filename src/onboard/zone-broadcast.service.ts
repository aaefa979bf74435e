// Gives the zones in force to every scooter, also to those that come later: signed, retained by the broker, and
// left there anew after each start, each reconnect and each new version.
import { Injectable, Logger } from '@nestjs/common';
import { SigningService } from '../identity/signing.service.js';
import { LoopService } from '../platform/loop.service.js';
import { Refusal } from '../platform/refusal.js';
import { LinkService } from '../telematics/link.service.js';
import { topics } from '../telematics/wire.js';
import type { Zone } from '../zones/zone.js';
import { ZonesService } from '../zones/zones.service.js';
import { compactZones, whyNotOnBoard } from './compact-zones.js';

@Injectable()
export class ZoneBroadcastService {
  private readonly log = new Logger(ZoneBroadcastService.name);
  /** The version the broker has from us; null after it may have forgotten. */
  private leftVersion: number | null = null;

  constructor(
    private readonly zones: ZonesService,
    private readonly signing: SigningService,
    private readonly link: LinkService,
    loops: LoopService,
  ) {
    zones.askFirst(mustFit);
    link.alsoWhenBack(() => {
      this.leftVersion = null;
      return Promise.resolve();
    });
    loops.add({ name: 'onboard.broadcast', everySeconds: 1, wokenBy: 'zones', step: () => this.broadcast() });
  }

  /** True when a version has just been left with the broker. */
  async broadcast(): Promise<boolean> {
    const { version, zones } = this.zones.current();
    if (version === 0 || version === this.leftVersion || !this.link.isConnected) return false;
    // From here on: what breaks the line meanwhile must not be overwritten by our success.
    this.leftVersion = version;
    if (whyNotOnBoard(zones)) {
      this.log.error(`zones version ${String(version)} is too large for the scooters; they keep what they have`);
      return false;
    }
    const message = this.signing.sign('zones', JSON.stringify(compactZones(version, zones)));
    if (await this.link.leave(topics.zonesToAll, JSON.stringify(message))) return true;
    if (this.leftVersion === version) this.leftVersion = null;
    this.log.warn(`zones version ${String(version)} did not reach the broker; trying again`);
    return false;
  }
}

function mustFit(zones: readonly Zone[]): void {
  const tooLarge = whyNotOnBoard(zones);
  if (tooLarge) throw new Refusal('zones_too_large', { ...tooLarge });
}
