// The broker of this run with two scooters known to it: the one inside, or the one at MQTT_URL.
import { randomBytes } from 'node:crypto';
import { startBroker } from '../../src/embedded/broker.provider.js';
import { newId } from '../../src/platform/ids.js';
import { mayRead, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { fleetPool } from './world.js';

export interface ScooterAccount {
  readonly scooterId: string;
  readonly password: string;
}

export interface BrokerUnderTest {
  /** The door of the scooters, without an account. */
  readonly scootersUrl: string;
  readonly serviceUrl: string;
  readonly scooters: readonly [ScooterAccount, ScooterAccount];
  stop(): Promise<void>;
}

export async function brokerUnderTest(): Promise<BrokerUnderTest> {
  const outside = process.env['MQTT_URL'] ?? '';
  if (outside !== '') {
    const [a, b] = fleetPool();
    if (a === undefined || b === undefined) throw new Error('MQTT_URL needs FLEET_POOL beside it, with two scooters at least.');
    const scootersUrl = process.env['FLEET_MQTT_URL'] ?? outside.replace(/\/\/[^@/]*@/, '//');
    return { scootersUrl, serviceUrl: outside, scooters: [a, b], stop: () => Promise.resolve() };
  }
  const account = (): ScooterAccount => ({ scooterId: newId(), password: randomBytes(24).toString('base64url') });
  const scooters = [account(), account()] as const;
  const broker = await startBroker({ host: '127.0.0.1', port: 0, doors: { serviceAccount: SERVICE_ACCOUNT, mayRead, mayWrite } });
  broker.openTo((username, password) =>
    Promise.resolve(scooters.some((known) => known.scooterId === username && known.password === password)),
  );
  return { scootersUrl: broker.url, serviceUrl: broker.serviceUrl, scooters, stop: () => broker.stop() };
}
