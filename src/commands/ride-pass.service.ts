// What a rider needs to end their ride where no network is: the pass their phone shows the scooter, and the four
// digits for its keypad. Both are made of the scooter's key and of the unlock that began the ride, kept nowhere, and
// worth nothing after it.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CredentialsService } from '../identity/credentials.service.js';
import type { CommandId, ScooterId } from '../platform/ids.js';
import { keypadCode, ridePass } from '../telematics/wire.js';

export interface RidePass { readonly pass: string; readonly code: string }

@Injectable()
export class RidePassService {
  constructor(private readonly credentials: CredentialsService) {}

  /** Of the unlock among these commands that was obeyed; null when none was. */
  async of(tx: EntityManager, scooterId: ScooterId, given: readonly CommandId[]): Promise<RidePass | null> {
    const [unlock] = await tx.query<{ nonce: string }[]>(OBEYED_UNLOCK, [given]);
    const key = (await this.credentials.keysOf(tx, [scooterId])).get(scooterId);
    if (!unlock || key === undefined) return null;
    const nonce = Number(unlock.nonce);
    return { pass: ridePass(key, scooterId, nonce), code: keypadCode(key, scooterId, nonce) };
  }
}

const OBEYED_UNLOCK = `
  select nonce from commands where id = any($1) and kind = 'unlock' and state in ('done', 'done_late') order by nonce desc limit 1`;
