// Lets a scooter in at the broker: its id and its own password, and not a minute longer than we allow.
import { Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { DataSource } from 'typeorm';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NOBODY = '0'.repeat(64);

@Injectable()
export class ScooterDoorService {
  constructor(private readonly db: DataSource) {}

  /** A fast hash is enough: the password is 256 random bits of ours, not a word of a person. */
  async letIn(username: string, password: string): Promise<boolean> {
    if (!UUID.test(username)) return false;
    const [row] = await this.db.query<{ hash: string }[]>(
      'select password_hash as hash from scooter_credentials where scooter_id = $1 and revoked_at is null',
      [username],
    );
    const given = createHash('sha256').update(password).digest();
    return timingSafeEqual(given, Buffer.from(row?.hash ?? NOBODY, 'hex')) && row !== undefined;
  }
}
