// The door of the scooters speaks TLS 1.2 or newer and shows whose it is; the service and the simulated units find
// their way in by it, and know a stranger when they meet one. (Promise S15.)
import { afterEach, describe, expect, it } from '@jest/globals';
import mqtt from 'mqtt';
import net from 'node:net';
import tls from 'node:tls';
import { startBroker, type EmbeddedBroker } from '../../src/embedded/broker.provider.js';
import { CityClock } from '../../src/platform/clock.js';
import type { CityConfig } from '../../src/platform/config.js';
import { mayRead, mayRetain, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { LinkService } from '../../src/telematics/link.service.js';
import { topics } from '../../src/telematics/wire.js';
import type { ReadinessService } from '../../src/upkeep/readiness.service.js';
import { brokersUnderTest, certificate } from '../kit/broker-under-test.js';

type Version = 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Which version was agreed on, or why none was. */
const agreed = (url: string, given: { ca: string; cert?: string; key?: string }, version: Version): Promise<string> => new Promise((resolve) => {
  const { hostname, port } = new URL(url);
  // Our own library must not be the one that says no.
  const socket = tls.connect({ host: hostname, port: Number(port), ...given, minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' }, () => {
    resolve(socket.getProtocol() ?? 'none');
    socket.destroy();
  });
  socket.once('error', (error: Error) => { resolve(error.message); });
});

const reaches = (host: string, port: number): Promise<boolean> => new Promise((resolve) => {
  const socket = net.connect({ host, port }, () => {
    resolve(true);
    socket.destroy();
  });
  socket.once('error', () => { resolve(false); });
});

describe.each(brokersUnderTest)('%s', (_name, _byCertificate, start) => {
  it('speaks TLS 1.2 and newer with scooters, where it speaks TLS, and with nobody who cannot', async () => {
    const broker = await start();
    const { ca, scootersUrl } = broker;
    try {
      if (ca === null) return;
      const given = { ca, ...broker.scooters[0].tls };
      expect([await agreed(scootersUrl, given, 'TLSv1.2'), await agreed(scootersUrl, given, 'TLSv1.3')]).toEqual(['TLSv1.2', 'TLSv1.3']);
      expect(await agreed(scootersUrl, given, 'TLSv1.1')).toMatch(/alert|version|reset|hang up|closed|disconnected/i);
      const plain = { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: 3000, clientId: 'plain' } as const;
      await expect(mqtt.connectAsync(scootersUrl.replace('mqtts:', 'mqtt:'), plain, false)).rejects.toThrow();
      // Somebody else's certificate for our name.
      expect(await agreed(scootersUrl, { ...given, ca: certificate().ca }, 'TLSv1.3')).toMatch(/certificate/i);
    } finally {
      await broker.stop();
    }
  });
});

describe('the broker inside, given a certificate', () => {
  let broker: EmbeddedBroker | null = null;
  let link: LinkService | null = null;
  afterEach(async () => {
    await link?.onModuleDestroy();
    await broker?.stop();
    [link, broker] = [null, null];
  });
  const started = async (): Promise<{ inside: EmbeddedBroker; ca: string }> => {
    const made = certificate();
    const inside = await startBroker({ host: '0.0.0.0', port: 0, doors: { serviceAccount: SERVICE_ACCOUNT, mayRead, mayWrite, mayRetain }, tls: made });
    broker = inside;
    return { inside, ca: made.ca };
  };

  it('opens its plain door to this machine alone', async () => {
    const { inside } = await started();
    const tlsPort = Number(new URL(inside.tlsUrl ?? '').port);
    // On loopback there are other addresses than 127.0.0.1, and they stand here for other machines.
    expect([await reaches('127.0.0.1', inside.port), await reaches('127.0.0.2', inside.port)]).toEqual([true, false]);
    expect(await reaches('127.0.0.2', tlsPort)).toBe(true);
  });

  it('closes although somebody has called and says nothing', async () => {
    const { inside } = await started();
    const { hostname, port } = new URL(inside.tlsUrl ?? '');
    const silent = net.connect({ host: hostname, port: Number(port) });
    const isHungUp = new Promise((resolve) => silent.once('close', resolve));
    silent.on('error', () => undefined);
    await new Promise((resolve) => silent.once('connect', resolve));
    // Whoever calls after it has been taken in after it.
    expect(await reaches(hostname, Number(port))).toBe(true);
    await inside.stop();
    broker = null;
    await isHungUp;
  });

  it.each([['our own authority', true], ['no authority', false]])('is spoken to by the service over mqtts with %s', async (_with, hasCa) => {
    const { inside, ca } = await started();
    const url = new URL(inside.tlsUrl ?? '');
    const { username, password } = new URL(inside.serviceUrl);
    const mqttUrl = `mqtts://${username}:${password}@${url.host}`;
    const readiness = { add: () => undefined } as unknown as ReadinessService;
    const line = new LinkService({ mqttUrl, ...(hasCa && { mqttCa: ca }) } as CityConfig, new CityClock(), readiness);
    link = line;
    const back = { times: 0 };
    line.hear(() => Promise.resolve(), () => {
      back.times++;
      return Promise.resolve();
    });
    line.onApplicationBootstrap();
    const deadline = performance.now() + (hasCa ? 8000 : 1500);
    while (back.times === 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    expect([back.times > 0, await line.publish(topics.helloToAll, { at: 1 })]).toEqual([hasCa, hasCa]);
  });
});
