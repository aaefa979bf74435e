// What cannot leave now must never leave later: the line to the broker, while the broker comes and goes.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import net from 'node:net';
import { CityClock } from '../../src/platform/clock.js';
import type { CityConfig } from '../../src/platform/config.js';
import type { Probe, ReadinessService } from '../../src/upkeep/readiness.service.js';
import { LinkService } from '../../src/telematics/link.service.js';
import { topics } from '../../src/telematics/wire.js';

const ID = '018f0000-0000-7000-8000-00000000000a';

/** A broker that can be pulled out and plugged in again at the same port, and remembers every publish. */
class Plug {
  readonly published: { topic: string; text: string; qos: number; retain: boolean }[] = [];
  private stop: (() => Promise<void>) | null = null;
  port = 0;
  /** Hangs up on who would leave something with it, as a broker with `retain_available false` does. */
  retains = true;

  async in(): Promise<void> {
    const aedes = await Aedes.createBroker({
      authorizePublish: (_client, { retain }, done) => { done(retain && !this.retains ? new Error('nothing is kept here') : null); },
    });
    aedes.on('publish', ({ topic, payload, qos, retain }) => {
      if (!topic.startsWith('$SYS')) this.published.push({ topic, text: payload.toString(), qos, retain });
    });
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      aedes.handle(socket);
    });
    await new Promise<void>((resolve) => { server.listen(this.port, '127.0.0.1', () => { resolve(); }); });
    this.port = (server.address() as net.AddressInfo).port;
    this.stop = async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
      await new Promise<void>((resolve) => { aedes.close(() => { resolve(); }); });
    };
  }

  async out(): Promise<void> {
    await this.stop?.();
    this.stop = null;
  }
}

describe('the line to the broker', () => {
  Logger.overrideLogger(false);
  const plug = new Plug();
  let client: LinkService;
  let probe: Probe;
  let timesBack: number;
  const heard: string[] = [];

  const open = (): void => {
    // Only the probe is looked at, so the readiness page around it and its database can stay away.
    const readiness = { add: (_part: string, asked: Probe) => { probe = asked; } } as unknown as ReadinessService;
    client = new LinkService({ mqttUrl: `mqtt://127.0.0.1:${String(plug.port)}` } as CityConfig, new CityClock(), readiness);
    timesBack = 0;
    client.hear((_topic, payload) => {
      heard.push(payload.toString());
      return Promise.resolve();
    }, () => {
      timesBack++;
      return Promise.resolve();
    });
    client.onApplicationBootstrap();
  };
  const until = async (reached: () => boolean): Promise<void> => {
    const deadline = performance.now() + 8000;
    while (!reached()) {
      if (performance.now() > deadline) throw new Error('not reached');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  afterEach(async () => {
    await client.onModuleDestroy();
    await plug.out();
  });

  it('refuses an unlock while the broker is away, at once, and never sends it when the broker is back', async () => {
    await plug.in();
    open();
    await until(() => timesBack === 1);
    expect(await probe()).toBeNull();
    expect(await client.publish(topics.commandsTo(ID), { unlock: 'before' })).toBe(true);

    await plug.out();
    await until(() => !client.isConnected);
    expect(await probe()).toBe('not connected');
    const asked = performance.now();
    expect(await client.publish(topics.commandsTo(ID), { unlock: 'meanwhile' })).toBe(false);
    expect(performance.now() - asked).toBeLessThan(100);

    await plug.in();
    await until(() => timesBack === 2);
    expect(await client.publish(topics.commandsTo(ID), { unlock: 'after' })).toBe(true);
    await until(() => plug.published.some(({ text }) => text.includes('after')));
    expect(plug.published.filter(({ text }) => text.includes('meanwhile'))).toEqual([]);
    expect(plug.published.every(({ qos, retain }) => qos === 0 && !retain)).toBe(true);
  });

  it('lets the city start without its broker, and finds it by itself', async () => {
    await plug.in();
    await plug.out();
    open();
    expect(client.isConnected).toBe(false);
    expect(await probe()).toBe('not connected');
    expect(await client.publish(topics.commandsTo(ID), { unlock: 'too early' })).toBe(false);
    await plug.in();
    await until(() => timesBack === 1);
    expect(await probe()).toBeNull();
    expect(plug.published.filter(({ text }) => text.includes('too early'))).toEqual([]);
  });

  it('leaves one message for those who come later, acknowledged, and says so when the broker is away', async () => {
    plug.published.length = 0;
    await plug.in();
    open();
    await until(() => timesBack === 1);
    expect(await client.leave(topics.zonesToAll, 'zones')).toBe(true);
    expect(plug.published).toEqual([{ topic: topics.zonesToAll, text: 'zones', qos: 1, retain: true }]);
    await plug.out();
    expect(await client.leave(topics.zonesToAll, 'newer zones')).toBe(false);
  });

  it('loses no command to a broker that keeps nothing and hangs up when asked to', async () => {
    plug.retains = false;
    await plug.in();
    open();
    await until(() => timesBack === 1);
    expect(await client.leave(topics.zonesToAll, 'zones')).toBe(false);
    expect(client.isConnected).toBe(true);
    expect(await client.publish(topics.commandsTo(ID), { unlock: 'now' })).toBe(true);
    expect(timesBack).toBe(1);
    plug.retains = true;
  });

  it('hears no word that had been waiting with the broker: it is from no one knows when', async () => {
    await plug.in();
    const scooter = await mqtt.connectAsync(`mqtt://127.0.0.1:${String(plug.port)}`, { protocolVersion: 4 });
    await scooter.publishAsync(topics.presenceFrom(ID), 'long ago', { qos: 1, retain: true });
    open();
    await until(() => timesBack === 1);
    await scooter.publishAsync(topics.presenceFrom(ID), 'now', { qos: 1 });
    await until(() => heard.includes('now'));
    expect(heard).toEqual(['now']);
    await scooter.endAsync();
  });
});
