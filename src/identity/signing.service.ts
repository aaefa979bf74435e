// The service's own signature, under what it says to every scooter at once: zones and updates. Each scooter got
// the public half when it was made.
import { Inject, Injectable } from '@nestjs/common';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import { signBody, type Signed } from '../telematics/wire.js';

/** PKCS #8 around the 32 bytes of an Ed25519 key (RFC 8410). */
const PKCS8 = '302e020100300506032b657004220420';

@Injectable()
export class SigningService {
  private readonly key: KeyObject;
  /** Raw public key, 32 bytes, hex. */
  readonly publicKeyHex: string;

  constructor(@Inject(CITY_CONFIG) { signingKey }: CityConfig) {
    this.key = createPrivateKey({ key: Buffer.from(`${PKCS8}${signingKey}`, 'hex'), format: 'der', type: 'pkcs8' });
    this.publicKeyHex = createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  }

  sign(what: 'zones' | 'updates', body: string): Signed {
    return signBody(this.key, what, body);
  }
}
