// Releases under load and under fire: downloads that nobody reads, and offers made in the moment a failure is counted.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import net from 'node:net';
import { OffersService } from '../../src/updates/offers.service.js';
import { MOST_AT_ONCE, ReleaseImagesService } from '../../src/updates/release-images.service.js';
import { expectStatus } from '../kit/people.js';
import { World } from '../kit/world.js';

describe('a release on its way', () => {
  let world: World;
  const image = Buffer.alloc(4 * 1024 * 1024, 7);
  const sockets: net.Socket[] = [];
  beforeAll(async () => {
    world = await World.start();
    await world.garage.scooter();
    const admin = await world.people.staff('admin');
    const sha256 = createHash('sha256').update(image).digest('hex');
    await expectStatus(admin.post('/operator/releases', { name: '1.1.0', image: image.toString('base64'), sha256, notes: 'Large', reason: 'a test' }), 201);
    await expectStatus(admin.post('/operator/releases/1.1.0/rollout', { order: 'start', reason: 'a test' }), 200);
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await world.stop();
  });

  it('is offered while a failure is being counted, and neither waits for the other in a circle', async () => {
    let offers: Promise<unknown> = Promise.resolve();
    await world.db.transaction(async (tx) => {
      // As evidence of trouble does it: the release, then the row of the scooter.
      await tx.query(`select 1 from releases where name = '1.1.0' for update`);
      offers = world.app.get(OffersService).claim();
      for (let waits = 0; waits === 0;) {
        const [row] = await world.db.query<{ waits: number }[]>(
          `select count(*)::int as waits from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
        waits = row?.waits ?? 0;
      }
      await tx.query(`select 1 from scooter_updates where release = '1.1.0' for update`);
    });
    expect(await offers).toHaveLength(1);
  });

  it('is read once for all who fetch it, and asked for each time whether it may be', async () => {
    const images = world.app.get(ReleaseImagesService);
    const [a, b] = await Promise.all([images.read('1.1.0'), images.read('1.1.0')]);
    expect([a.bytes === b.bytes, a.bytes === (await images.read('1.1.0')).bytes, a.bytes.equals(image)]).toEqual([true, true, true]);
    const admin = await world.people.staff('admin');
    await expectStatus(admin.post('/operator/releases/1.1.0/hold', { reason: 'a look' }), 200);
    await expect(images.read('1.1.0')).rejects.toThrow('release_unknown');
    await expectStatus(admin.post('/operator/releases/1.1.0/rollout', { order: 'resume', reason: 'looked' }), 200);
  });

  it('is handed to so many at once, and to the next when one of them hangs up', async () => {
    const { hostname, port } = new URL(world.url);
    const path = '/devices/releases/1.1.0/image';
    for (let at = 0; at < MOST_AT_ONCE; at++) {
      const socket = net.connect({ host: hostname, port: Number(port) });
      sockets.push(socket);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
      // Its first bytes are there; the rest is left lying.
      await new Promise((resolve) => { socket.once('readable', resolve); });
    }
    const refused = await fetch(`${world.url}${path}`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    sockets.pop()?.destroy();
    let served = 0;
    await world.until(async () => {
      const answer = await fetch(`${world.url}${path}`);
      served = (await answer.arrayBuffer()).byteLength;
      return answer.status === 200;
    }, 'a place');
    expect(served).toBe(image.length);
  });
});
