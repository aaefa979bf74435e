// A whole city for one test file: the service with its own database, a broker, the stand-ins, scooters
// and people. It is asked to settle and never slept for; what is still stuck at the end fails the test.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { createCity } from '../../src/city-app.js';
import { startBroker, type BrokerDoors, type EmbeddedBroker } from '../../src/embedded/broker.provider.js';
import { startSmsStandIn, type SmsStandIn } from '../../src/embedded/sms-stand-in.js';
import { startStripeStandIn, type StripeStandIn } from '../../src/embedded/stripe-stand-in.js';
import type { CityConfig } from '../../src/platform/config.js';
import { cityLogger } from '../../src/platform/log.provider.js';
import { LoopService } from '../../src/platform/loop.service.js';
import { mayRead, mayRetain, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { ScooterDoorService } from '../../src/identity/scooter-door.service.js';
import { ShutOutService } from '../../src/identity/shut-out.service.js';
import { BrokerTap } from './broker-tap.js';
import { CityDoor } from './city-door.js';
import { cityDatabase, dropDatabase } from './databases.js';
import { furnish } from './furniture.js';
import { People } from './people.js';
import { Garage } from './garage.js';
import { TestClock } from './test-clock.js';
import { WireCutter } from './wire-cutter.js';

const SETTLES_WITHIN_MS = 10_000;
const PAUSE_MS = 5;

export interface WorldOptions {
  readonly from?: Date;
  /** Loops turn by themselves, as in real life, for storms. */
  readonly loopsRun?: boolean;
  /** Other doors for the broker inside, such as those of somebody who owns it. */
  readonly doors?: Partial<BrokerDoors>;
  /** A broker of one's own, whose accounts the service keeps, instead of the one of this run. */
  readonly broker?: { readonly serviceUrl: string; readonly scootersUrl: string; readonly ca: string; readonly folder: string };
}

interface Parts extends Pick<World, 'app' | 'config' | 'clock' | 'stripe' | 'sms' | 'wire' | 'brokerUrl' | 'url' | 'log'> {
  broker: EmbeddedBroker | null;
  /** The broker inside, at this port (0: any), or null with one outside. */
  readonly openBroker: ((port: number) => Promise<EmbeddedBroker>) | null;
  /** With the service's account, past the wire. */
  readonly serviceUrl: string;
}

export class World {
  readonly app: NestFastifyApplication;
  readonly config: CityConfig;
  readonly clock: TestClock;
  readonly stripe: StripeStandIn;
  readonly sms: SmsStandIn;
  /** The service's own line to the broker; scooters have theirs. */
  readonly wire: WireCutter;
  /** Where scooters connect. */
  readonly brokerUrl: string;
  readonly url: string;
  /** Everything the service wrote into its log, down to the last detail. */
  readonly log: readonly string[];
  readonly people: People;
  readonly garage: Garage;
  readonly door: CityDoor;
  private readonly taps: BrokerTap[] = [];

  private constructor(private readonly parts: Parts) {
    this.app = parts.app;
    this.config = parts.config;
    this.clock = parts.clock;
    this.stripe = parts.stripe;
    this.sms = parts.sms;
    this.wire = parts.wire;
    this.brokerUrl = parts.brokerUrl;
    this.url = parts.url;
    this.log = parts.log;
    this.door = new CityDoor(parts.url);
    this.people = new People(this);
    this.garage = new Garage(this);
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const clock = new TestClock(options.from);
    const databaseUrl = await cityDatabase('paris', furnish);
    const outside = options.broker?.serviceUrl ?? process.env['MQTT_URL'];
    const doors = { serviceAccount: SERVICE_ACCOUNT, mayRead, mayWrite, mayRetain, ...options.doors };
    const password = randomBytes(24).toString('hex');
    const openBroker = outside === undefined || outside === '' ? (port: number) => startBroker({ host: '127.0.0.1', port, doors, password }) : null;
    const broker = openBroker === null ? null : await openBroker(0);
    const stripe = await startStripeStandIn({
      port: 0, dataFile: null, webhookUrl: null, webhookSecret: `whsec_${randomBytes(12).toString('hex')}`, now: () => clock.realNow(),
    });
    const sms = await startSmsStandIn({ port: 0, dataFile: null, now: () => clock.realNow() });
    const direct = new URL(broker?.serviceUrl ?? outside ?? '');
    const wire = await WireCutter.between(direct.hostname, Number(direct.port));
    const config = {
      ...configOf({ databaseUrl, mqttUrl: through(direct, wire), stripe, sms, loopsRun: options.loopsRun ?? false }),
      ...(options.broker && { mosquittoSecrets: options.broker.folder, mqttCa: options.broker.ca }),
    };
    const log: string[] = [];
    const app = await createCity(config, clock, cityLogger('debug', { write: (line: string) => { log.push(line); echo(line); } }));
    await app.listen(0, '127.0.0.1');
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    stripe.setWebhookUrl(`${url}/webhooks/stripe`);
    const scooterDoor = app.get(ScooterDoorService);
    broker?.openTo((username, password) => scooterDoor.letIn(username, password));
    app.get(ShutOutService).whenShutOut((scooterId) => { world.parts.broker?.putOut(scooterId); });
    const brokerUrl = broker?.url ?? options.broker?.scootersUrl ?? withoutAccount(process.env['FLEET_MQTT_URL'] ?? outside ?? '');
    const world = new World({ app, config, clock, stripe, sms, broker, openBroker, brokerUrl, wire, url, serviceUrl: direct.toString(), log });
    await world.until(async () => (await world.door.get('/health/ready')).status === 200);
    return world;
  }

  /** The broker dies without a goodbye, and comes back at its address without any memory after the deeds between. */
  async withoutBroker(meanwhile: () => Promise<void>): Promise<void> {
    const { broker, openBroker } = this.parts;
    if (broker === null || openBroker === null) throw new Error('the broker outside is not ours to kill');
    this.parts.broker = null;
    await broker.stop();
    await meanwhile();
    const scooterDoor = this.app.get(ScooterDoorService);
    const again = await openBroker(broker.port);
    this.parts.broker = again;
    again.openTo((username, password) => scooterDoor.letIn(username, password));
  }

  get serviceBrokerUrl(): string {
    return this.parts.serviceUrl;
  }

  get db(): DataSource {
    return this.app.get(DataSource);
  }

  /** Every word on the broker from now on, heard with the rights of the service. */
  async tap(): Promise<BrokerTap> {
    const tap = await BrokerTap.open(this.parts.serviceUrl);
    this.taps.push(tap);
    return tap;
  }

  /** Turns every loop and lets every scooter live until the state holds: a level, never an edge. */
  async until(reached: () => Promise<boolean> | boolean, what: string | (() => string) = 'the wished state'): Promise<void> {
    const deadline = performance.now() + SETTLES_WITHIN_MS;
    while (!(await reached())) {
      if (performance.now() > deadline) throw new Error(`${typeof what === 'string' ? what : what()} was not reached in ${SETTLES_WITHIN_MS / 1000} s; ${await this.trouble()}`);
      await this.turn();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** One turn of everything that moves by itself. */
  async turn(): Promise<void> {
    this.garage.tick();
    if (this.config.loops === 'by_hand') await this.app.get(LoopService).turn();
  }

  /** Moves the clock in steps, everything living on in between. */
  async pass(seconds: number, steps = 1): Promise<void> {
    for (let step = 0; step < steps; step++) {
      this.clock.moveOn(seconds / steps);
      await this.turn();
    }
  }

  /** After every test: no event undelivered, none that failed and was quietly tried again. */
  async mustBeQuiet(): Promise<void> {
    await this.until(async () => {
      const [row] = await this.db.query<{ waiting: number }[]>('select count(*)::int as waiting from outbox_deliveries where attempts = 0');
      return row?.waiting === 0;
    }, 'quiet');
    const trouble = await this.trouble();
    if (trouble !== 'nothing is stuck') throw new Error(trouble);
    await this.books();
  }

  /** Debits are credits, and what was captured is what was charged less what is owed. */
  async books(): Promise<{ fares: number; captured: number; debts: number }> {
    const [row] = await this.db.query<Record<'debits' | 'credits' | 'fares' | 'captured' | 'owed', number>[]>(
      `select coalesce(sum(amount_cents) filter (where side = 'debit'), 0)::int as debits,
              coalesce(sum(amount_cents) filter (where side = 'credit'), 0)::int as credits,
              coalesce(sum(case side when 'credit' then amount_cents else -amount_cents end) filter (where account in ('ride_revenue', 'vat_collected')), 0)::int as fares,
              coalesce(sum(case side when 'debit' then amount_cents else -amount_cents end) filter (where account = 'stripe_balance'), 0)::int as captured,
              coalesce(sum(case side when 'debit' then amount_cents else -amount_cents end) filter (where account = 'riders_receivable'), 0)::int as owed
         from ledger_entries`);
    if (!row || row.debits !== row.credits) throw new Error(`the ledger is out of balance: ${JSON.stringify(row)}`);
    return { fares: row.fares, captured: row.captured, debts: row.owed };
  }

  async stop(): Promise<void> {
    // Those of a failed test are still open, and would keep the whole run alive.
    await Promise.all(this.taps.map((tap) => tap.close()));
    await this.garage.close();
    await this.app.close();
    await this.wire.close();
    await this.parts.broker?.stop();
    await Promise.all([this.stripe.stop(), this.sms.stop()]);
    await dropDatabase(this.config.databaseUrl);
  }

  private async trouble(): Promise<string> {
    const stuck = await this.db.query<{ listener: string; last_error: string }[]>(
      'select listener, last_error from outbox_deliveries where attempts > 0');
    return stuck.length === 0 ? 'nothing is stuck' : `deliveries failed: ${JSON.stringify(stuck)}`;
  }
}

/** `TEST_LOG=warn` shows what is said at that level while a test runs. */
function echo(line: string): void {
  const wanted = { error: ['error'], warn: ['error', 'warn'], info: ['error', 'warn', 'info'] }[process.env['TEST_LOG'] ?? ''] ?? [];
  if (wanted.some((level) => line.startsWith(`{"level":"${level}"`))) process.stderr.write(line);
}

/** Scooters known to a broker outside are listed in a file (.ci/run writes it); else each gets its own. */
export function fleetPool(): readonly { scooterId: string; password: string }[] {
  const file = process.env['FLEET_POOL'];
  if (file === undefined || file === '') return [];
  return readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { scooterId: string; password: string });
}

function through(broker: URL, wire: WireCutter): string {
  const url = new URL(broker);
  url.hostname = '127.0.0.1';
  url.port = String(wire.port);
  return url.toString();
}

const withoutAccount = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');

function configOf(parts: { databaseUrl: string; mqttUrl: string; stripe: StripeStandIn; sms: SmsStandIn; loopsRun: boolean }): CityConfig {
  const { databaseUrl, mqttUrl, stripe, sms, loopsRun } = parts;
  return {
    databaseUrl, databasePool: 12, mqttUrl,
    stripe: { secretKey: stripe.secretKey, publishableKey: stripe.publishableKey, webhookSecret: stripe.webhookSecret, url: stripe.url },
    smsUrl: sms.url,
    signingKey: '5e'.repeat(32),
    clock: { from: new Date(0), since: new Date(0), speed: 1 },
    ratePerSecond: 100_000,
    logLevel: 'debug',
    loops: loopsRun ? 'run' : 'by_hand',
  };
}
