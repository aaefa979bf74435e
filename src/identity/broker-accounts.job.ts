// Keeps the scooters' password file of a Mosquitto as the database has it: who is revoked is out of it, who has new
// credentials is in it with these. Beside Mosquitto, deploy/mosquitto/run.sh tells it to read the file again.
import { Inject, Injectable } from '@nestjs/common';
import fs from 'node:fs';
import path from 'node:path';
import { DataSource } from 'typeorm';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import { LoopService } from '../platform/loop.service.js';
import { reconciledFile, type KnownAccount } from './mosquitto-passwords.js';

const FILE = 'scooters.passwd';

@Injectable()
export class BrokerAccountsJob {
  private readonly file: string | null;

  constructor(
    private readonly db: DataSource,
    loops: LoopService,
    @Inject(CITY_CONFIG) { mosquittoSecrets }: CityConfig,
  ) {
    this.file = mosquittoSecrets === undefined ? null : path.join(mosquittoSecrets, FILE);
    if (this.file !== null) loops.add({ name: 'identity.broker_accounts', everySeconds: 5, wokenBy: 'credentials', step: () => this.bringUpToDate() });
  }

  /** A whole file or none: Mosquitto may read it at any moment. */
  async bringUpToDate(): Promise<boolean> {
    const { file } = this;
    if (file === null) return false;
    const known = await this.db.query<KnownAccount[]>(
      `select scooter_id as username, broker_hash as hash, unit > 1 as "isReplaced", revoked_at is not null as "isShut"
         from scooter_credentials order by scooter_id`,
    );
    const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    const after = reconciledFile(before, known);
    if (after === before) return false;
    const half = `${file}.${String(process.pid)}`;
    fs.writeFileSync(half, after, { mode: 0o600 });
    fs.renameSync(half, file);
    return false;
  }
}
