// Two replicas, each with a line of its own to the broker: one that has lost its line must not argue with one that has not.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createCity } from '../../src/city-app.js';
import { cityLogger } from '../../src/platform/log.provider.js';
import { LoopService } from '../../src/platform/loop.service.js';
import { LinkService } from '../../src/telematics/link.service.js';
import { World } from '../kit/world.js';

describe('two replicas, one of them without a line', () => {
  let world: World;
  let other: NestFastifyApplication;
  beforeAll(async () => {
    world = await World.start();
    other = await createCity({ ...world.config, mqttUrl: world.serviceBrokerUrl }, world.clock, cityLogger('silent'));
    await other.listen(0, '127.0.0.1');
    await world.until(() => other.get(LinkService).isConnected, 'the other one connected');
  });
  afterAll(async () => {
    await other.close();
    await world.stop();
  });

  const rows = (): Promise<object[]> => world.db.query(`select state, times from alerts where kind = 'link_down'`);
  const pass = async (seconds: number): Promise<void> => {
    for (let past = 0; past < seconds; past += 5) {
      await world.pass(5);
      await other.get(LoopService).turn();
    }
  };

  it('open one alert for as long as it lasts, and close it when both have theirs', async () => {
    world.wire.cutNow();
    await pass(40);
    expect(await rows()).toEqual([{ state: 'open', times: 1 }]);
    await pass(120);
    expect(other.get(LinkService).isConnected).toBe(true);
    expect(await rows()).toEqual([{ state: 'open', times: 1 }]);
    world.wire.mend();
    await world.until(() => world.app.get(LinkService).isConnected, 'the line back');
    await pass(30);
    expect(await rows()).toEqual([{ state: 'closed', times: 1 }]);
  });
});
