// Events that are heard within the transaction that tells them: the listener's trouble is never the writer's, nobody
// overtakes anybody, and what was handed over is done once.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { entities, migrations } from '../../src/app.module.js';
import type { CityConfig } from '../../src/platform/config.js';
import { databaseOptions } from '../../src/platform/database.provider.js';
import { newId, type ScooterId } from '../../src/platform/ids.js';
import { LoopService } from '../../src/platform/loop.service.js';
import { OutboxService } from '../../src/platform/outbox.service.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { dropDatabase, emptyDatabase } from '../kit/databases.js';
import { TestClock } from '../kit/test-clock.js';

describe('an event told at once', () => {
  let app: INestApplicationContext;
  let db: DataSource;
  let outbox: OutboxService;
  let databaseUrl: string;
  const clock = new TestClock();
  const diary = { isDeaf: false };
  beforeAll(async () => {
    databaseUrl = await emptyDatabase();
    const config: CityConfig = {
      databaseUrl, databasePool: 4, mqttUrl: '', smsUrl: '', signingKey: '5e'.repeat(32), clock: { from: new Date(0), since: new Date(0), speed: 1 }, ratePerSecond: 1000,
      logLevel: 'silent', loops: 'by_hand', stripe: { secretKey: '', publishableKey: '', webhookSecret: '', url: null },
    };
    const module = await Test.createTestingModule({
      imports: [TypeOrmModule.forRoot(databaseOptions(config, entities, migrations)), PlatformModule.forCity(config, clock)],
    }).compile();
    module.useLogger(false);
    app = await module.init();
    db = app.get(DataSource);
    outbox = app.get(OutboxService);
    await db.query('create table diary (id bigint generated always as identity, who text not null, what text not null)');
    outbox.on('scooter.bay_opened', 'test.diary', async (tx, { at }) => {
      await write(tx, 'listener', at);
      if (diary.isDeaf) throw new Error('not today');
    });
  });
  afterEach(async () => {
    diary.isDeaf = false;
    await db.query('delete from diary');
    await db.query('delete from outbox_deliveries');
  });
  afterAll(async () => {
    await app.close();
    await dropDatabase(databaseUrl);
  });

  const write = (tx: EntityManager, who: string, what: string): Promise<unknown> => tx.query('insert into diary (who, what) values ($1, $2)', [who, what]);
  const tell = (scooterId: ScooterId, at: string): Promise<void> => outbox.transaction(async (tx) => {
    await write(tx, 'writer', at);
    await outbox.publish(tx, 'scooter.bay_opened', scooterId, { scooterId, at });
  });
  const written = async (): Promise<string[]> =>
    (await db.query<{ who: string; what: string }[]>('select who, what from diary order by id')).map(({ who, what }) => `${who} ${what}`);
  const waiting = async (): Promise<number> => {
    const [row] = await db.query<{ count: number }[]>('select count(*)::int as count from outbox_deliveries');
    return row?.count ?? -1;
  };

  it('is heard when the writer’s commit returns, with nothing left to deliver', async () => {
    await tell(newId<ScooterId>(), 'one');
    expect(await written()).toEqual(['writer one', 'listener one']);
    expect(await waiting()).toBe(0);
  });

  it('keeps the writer’s word when a listener fails, and is delivered to it later', async () => {
    diary.isDeaf = true;
    await tell(newId<ScooterId>(), 'one');
    expect(await written()).toEqual(['writer one']);
    expect(await waiting()).toBe(1);
    diary.isDeaf = false;
    await app.get(LoopService).turn();
    expect(await written()).toEqual(['writer one', 'listener one']);
    expect(await waiting()).toBe(0);
  });

  it('waits its turn behind an earlier one of the same subject', async () => {
    const scooterId = newId<ScooterId>();
    diary.isDeaf = true;
    await tell(scooterId, 'one');
    diary.isDeaf = false;
    await tell(scooterId, 'two');
    expect(await written()).toEqual(['writer one', 'writer two']);
    await app.get(LoopService).turn();
    expect(await written()).toEqual(['writer one', 'writer two', 'listener one', 'listener two']);
  });

  it('is not held up by the troubles of another subject', async () => {
    diary.isDeaf = true;
    await tell(newId<ScooterId>(), 'one');
    diary.isDeaf = false;
    await tell(newId<ScooterId>(), 'two');
    expect(await written()).toEqual(['writer one', 'writer two', 'listener two']);
  });

  it('is not told at all when the writer fails', async () => {
    const scooterId = newId<ScooterId>();
    const crossing = outbox.transaction(async (tx) => {
      await outbox.publish(tx, 'scooter.bay_opened', scooterId, { scooterId, at: 'one' });
      throw new Error('no');
    });
    await expect(crossing).rejects.toThrow('no');
    expect([await written(), await waiting()]).toEqual([[], 0]);
  });
});
