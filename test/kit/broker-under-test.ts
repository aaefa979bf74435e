// The brokers scooters may meet, each with two scooters known to it: the one inside, plain and with TLS, Debian's
// Mosquitto with passwords and with certificates; or the one at MQTT_URL alone, when there is one.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startBroker, type TlsDoor } from '../../src/embedded/broker.provider.js';
import { newId } from '../../src/platform/ids.js';
import { mayRead, mayRetain, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { hasMosquitto, Mosquitto, type MosquittoAccount } from './mosquitto.js';
import { ROOT } from './source.js';
import { fleetPool } from './world.js';

export type ScooterAccount = MosquittoAccount;

export interface BrokerUnderTest {
  /** The door of the scooters, without an account. */
  readonly scootersUrl: string;
  /** Who is behind its certificate; null for a door without TLS. */
  readonly ca: string | null;
  readonly serviceUrl: string;
  readonly scooters: readonly [ScooterAccount, ScooterAccount];
  stop(): Promise<void>;
}

type Kind = readonly [name: string, byCertificate: boolean, start: () => Promise<BrokerUnderTest>];

const outside = process.env['MQTT_URL'] ?? '';

export const brokersUnderTest: readonly Kind[] = outside !== ''
  ? [['the broker at MQTT_URL', false, theOneOutside]]
  : [
      ['the broker inside', false, () => theOneInside()],
      ['the broker inside, with TLS', false, () => theOneInside(certificate())],
      ...(hasMosquitto ? [
        ['Mosquitto, with TLS and passwords', false, () => mosquitto('mosquitto.conf')] as const,
        ['Mosquitto, with certificates', true, () => mosquitto('mutual-tls.conf')] as const,
      ] : []),
    ];

function theOneOutside(): Promise<BrokerUnderTest> {
  const [a, b] = fleetPool();
  if (a === undefined || b === undefined) throw new Error('MQTT_URL needs FLEET_POOL beside it, with two scooters at least.');
  const scootersUrl = process.env['FLEET_MQTT_URL'] ?? outside.replace(/\/\/[^/@]*@/, '//');
  return Promise.resolve({ scootersUrl, ca: null, serviceUrl: outside, scooters: [a, b], stop: () => Promise.resolve() });
}

async function theOneInside(tls?: TlsDoor & { readonly ca: string }): Promise<BrokerUnderTest> {
  const account = (): ScooterAccount => ({ scooterId: newId(), password: randomBytes(24).toString('base64url') });
  const scooters = [account(), account()] as const;
  const doors = { serviceAccount: SERVICE_ACCOUNT, mayRead, mayWrite, mayRetain };
  const broker = await startBroker({ host: '127.0.0.1', port: 0, doors, ...(tls && { tls }) });
  broker.openTo((username, password) =>
    Promise.resolve(scooters.some((known) => known.scooterId === username && known.password === password)),
  );
  return { scootersUrl: broker.tlsUrl ?? broker.url, ca: tls?.ca ?? null, serviceUrl: broker.serviceUrl, scooters, stop: () => broker.stop() };
}

async function mosquitto(conf: 'mosquitto.conf' | 'mutual-tls.conf'): Promise<BrokerUnderTest> {
  const started = await Mosquitto.start(conf);
  const { scootersUrl, ca, serviceUrl, scooters } = started;
  return { scootersUrl, ca, serviceUrl, scooters, stop: () => started.stop() };
}

/** For 127.0.0.1, by an authority that nobody has heard of. */
export function certificate(): TlsDoor & { readonly ca: string } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-certificates-'));
  const script = path.join(ROOT, 'deploy/mosquitto/make-certificates.sh');
  execFileSync('sh', [script, 'server', 'localhost', '127.0.0.1'], { env: { ...process.env, CERTIFICATES: folder, AUTHORITY: path.join(folder, 'authority') }, stdio: 'pipe' });
  const [cert = '', key = '', ca = ''] = ['server.crt', 'server.key', 'ca.crt'].map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
  fs.rmSync(folder, { recursive: true });
  return { port: 0, cert, key, ca };
}
