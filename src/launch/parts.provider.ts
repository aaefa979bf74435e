// The parts around the service: those with an address of their own are used, the others are started inside.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { startBroker, type EmbeddedBroker, type TlsDoor } from '../embedded/broker.provider.js';
import { CannotStart } from '../embedded/cannot-start.js';
import { portFor, portNear } from '../embedded/ports.provider.js';
import { startPostgres, type EmbeddedPostgres } from '../embedded/postgres.provider.js';
import { startSmsStandIn, type SmsStandIn } from '../embedded/sms-stand-in.js';
import { startStripeStandIn, type StripeStandIn } from '../embedded/stripe-stand-in.js';
import { CityClock } from '../platform/clock.js';
import type { CityConfig, Environment } from '../platform/config.js';
import { mayRead, mayRetain, mayWrite, SERVICE_ACCOUNT } from '../telematics/broker-doors.js';
import type { Closing } from './closing.js';
import { readIfThere, writeWhole } from './files.provider.js';

const WEBHOOK_PATH = '/webhooks/stripe';

export interface Parts {
  readonly port: number;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly postgres: EmbeddedPostgres | null;
  readonly mqttUrl: string;
  readonly mqttCa: string | undefined;
  readonly broker: EmbeddedBroker | null;
  readonly stripe: CityConfig['stripe'];
  readonly stripeStandIn: StripeStandIn | null;
  readonly smsUrl: string;
  readonly signingKey: string;
  readonly smsStandIn: SmsStandIn | null;
}

type Say = (sentence: string) => void;

/**
 * Ports first, because a taken one is the likeliest trouble and the quickest told. Whoever only fills the database
 * may do so beside a running city (docker-compose.yml does), and leaves the memory of its stand-ins alone.
 */
export async function startParts(env: Environment, closing: Closing, { say, seedOnly }: { say: Say; seedOnly: boolean }): Promise<Parts> {
  const port = await portFor('the service', env.PORT, env.HOST, '--port');
  if (env.MQTT_URL === undefined) await portFor('the MQTT broker', env.MQTT_PORT, env.HOST, 'MQTT_PORT');
  if (env.MQTT_URL === undefined && env.MQTT_TLS_CERT !== undefined) await portFor('the MQTT broker with TLS', env.MQTT_TLS_PORT, env.HOST, 'MQTT_TLS_PORT');
  mustFitTogether(env);
  const postgres = env.DATABASE_URL === undefined ? await ownPostgres(env, closing, say) : null;
  const smsStandIn = env.SMS_URL === undefined ? await ownSms(port, closing, seedOnly ? null : env.DATA_DIR) : null;
  const stripeStandIn = env.STRIPE_SECRET_KEY === undefined ? await ownStripe(port, closing, seedOnly ? null : env.DATA_DIR) : null;
  const broker = env.MQTT_URL === undefined ? await ownBroker(env, closing) : null;
  const started = [
    postgres && 'PostgreSQL',
    broker && 'an MQTT broker',
    stripeStandIn && 'a Stripe stand-in',
    smsStandIn && 'an SMS stand-in',
  ];
  const names = started.filter((name) => name !== null);
  if (names.length > 0) say(`Started inside: ${names.join(', ')}.`);
  const host = env.HOST === '0.0.0.0' || env.HOST === '::' ? '127.0.0.1' : env.HOST;
  return {
    port,
    publicUrl: env.PUBLIC_URL ?? `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`,
    databaseUrl: env.DATABASE_URL ?? postgres?.url ?? '',
    postgres,
    mqttUrl: env.MQTT_URL ?? broker?.serviceUrl ?? '',
    mqttCa: env.MQTT_CA === undefined ? undefined : fileOf('MQTT_CA', env.MQTT_CA),
    broker,
    stripe: stripeOf(env, stripeStandIn),
    stripeStandIn,
    smsUrl: env.SMS_URL ?? smsStandIn?.url ?? '',
    signingKey: env.SIGNING_KEY ?? ownSigningKey(env.DATA_DIR),
    smsStandIn,
  };
}

/** What would only be noticed after money or hours were lost. */
function mustFitTogether(env: Environment): void {
  const isSimulated = env.SCOOTERS > 0 || env.RIDERS > 0;
  if (
    env.STRIPE_SECRET_KEY !== undefined &&
    (env.STRIPE_PUBLISHABLE_KEY === undefined || env.STRIPE_WEBHOOK_SECRET === undefined)
  ) {
    throw new CannotStart('STRIPE_SECRET_KEY needs STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET beside it.');
  }
  if (isSimulated && /_live_/.test(env.STRIPE_SECRET_KEY ?? '')) {
    throw new CannotStart(
      'A simulated city never runs on a live Stripe key: use a test key, or --scooters 0 --riders 0.',
    );
  }
  if (env.RIDERS > 0 && env.SCOOTERS === 0) {
    throw new CannotStart('Simulated riders need simulated scooters: add --scooters, or set --riders 0.');
  }
}

async function ownPostgres(env: Environment, closing: Closing, say: Say): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ dataDir: env.DATA_DIR, say });
  closing.add({
    name: 'database',
    close: () => postgres.stop(),
    abandon: () => {
      postgres.abandon();
    },
  });
  return postgres;
}

async function ownBroker(env: Environment, closing: Closing): Promise<EmbeddedBroker> {
  const doors = { serviceAccount: SERVICE_ACCOUNT, mayRead, mayWrite, mayRetain };
  const broker = await startBroker({ host: env.HOST, port: env.MQTT_PORT, doors, ...tlsOf(env) });
  closing.add({ name: 'broker', close: () => broker.stop() });
  return broker;
}

/** Half a TLS is none: whoever sets one of the two means both. */
function tlsOf({ MQTT_TLS_CERT: cert, MQTT_TLS_KEY: key, MQTT_TLS_PORT: port }: Environment): { tls?: TlsDoor } {
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined) throw new CannotStart('MQTT_TLS_CERT and MQTT_TLS_KEY need each other.');
  return { tls: { port, cert: fileOf('MQTT_TLS_CERT', cert), key: fileOf('MQTT_TLS_KEY', key) } };
}

function fileOf(variable: string, file: string): string {
  const text = readIfThere(file);
  if (text === null) throw new CannotStart(`${variable} names a file that is not there: ${file}.`);
  return text;
}

async function ownStripe(port: number, closing: Closing, dataDir: string | null): Promise<StripeStandIn> {
  const standIn = await startStripeStandIn({
    port: await portNear(port + 1),
    dataFile: dataDir && path.join(dataDir, 'stripe-stand-in.jsonl'),
    webhookUrl: `http://127.0.0.1:${String(port)}${WEBHOOK_PATH}`,
    webhookSecret: `whsec_${randomBytes(24).toString('hex')}`,
    now: () => new CityClock().now(),
  });
  closing.add({ name: 'Stripe stand-in', close: () => standIn.stop() });
  return standIn;
}

async function ownSms(port: number, closing: Closing, dataDir: string | null): Promise<SmsStandIn> {
  const standIn = await startSmsStandIn({
    port: await portNear(port + 2),
    dataFile: dataDir && path.join(dataDir, 'sms-stand-in.json'),
    now: () => new CityClock().now(),
  });
  closing.add({ name: 'SMS stand-in', close: () => standIn.stop() });
  return standIn;
}

/** Scooters know its public half, so it stays the same for as long as the data folder does. */
function ownSigningKey(dataDir: string): string {
  const file = path.join(dataDir, 'signing.key');
  const known = readIfThere(file)?.trim();
  if (known !== undefined) return known;
  const key = randomBytes(32).toString('hex');
  writeWhole(file, `${key}\n`);
  return key;
}

function stripeOf(env: Environment, standIn: StripeStandIn | null): CityConfig['stripe'] {
  if (standIn === null) {
    const {
      STRIPE_SECRET_KEY: secretKey = '',
      STRIPE_PUBLISHABLE_KEY: publishableKey = '',
      STRIPE_WEBHOOK_SECRET: webhookSecret = '',
    } = env;
    return { secretKey, publishableKey, webhookSecret, url: null };
  }
  const { secretKey, publishableKey, webhookSecret, url } = standIn;
  return { secretKey, publishableKey, webhookSecret, url };
}
