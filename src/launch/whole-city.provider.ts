// Brings up everything one command promises, in order, and says what it does.
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createCity } from '../city-app.js';
import { CannotStart } from '../embedded/cannot-start.js';
import { BrokerAccountsJob } from '../identity/broker-accounts.job.js';
import { ScooterDoorService } from '../identity/scooter-door.service.js';
import { ShutOutService } from '../identity/shut-out.service.js';
import { cityTime } from '../platform/city-time.js';
import { CityClock, type ClockSetting } from '../platform/clock.js';
import type { CityConfig, Environment } from '../platform/config.js';
import { ReadinessService } from '../upkeep/readiness.service.js';
import { seedCity, type SeededCity } from '../seed.js';
import { openClock, rememberClock } from './city-clock.provider.js';
import { lockFolder } from './city-lock.provider.js';
import type { Closing } from './closing.js';
import { welcomeDemoRider } from './demo-rider.provider.js';
import { writeWhole } from './files.provider.js';
import { writeMosquittoSecrets } from './mosquitto-secrets.provider.js';
import { startParts, type Parts } from './parts.provider.js';
import { startFleet, startPeople } from './simulation.provider.js';
import { summaryOf } from './summary.js';

export interface CityOrder {
  readonly environment: Environment;
  readonly seedOnly: boolean;
  readonly closing: Closing;
  readonly say: (sentence: string) => void;
}

/** Simulated riders all come from one address, and it must let all of them through. */
const REQUESTS_OF_A_RIDER = 20;
const LOOK_EVERY_MS = 100;
const TELL_EVERY_LOOKS = 30;

/** @returns once the whole city is there. @throws CannotStart with one sentence. */
export async function raiseCity(order: CityOrder): Promise<void> {
  const { closing, say } = order;
  const env = { ...order.environment, DATA_DIR: path.resolve(order.environment.DATA_DIR) };
  const unlock = lockFolder(env.DATA_DIR);
  closing.add({ name: 'folder', close: unlock, abandon: unlock });
  const parts = await startParts(env, closing, order);
  const clock = clockFor(env, closing);
  const app = await createCity({ ...configOf(env, parts, clock), loops: order.seedOnly ? 'by_hand' : 'run' });
  closing.add({ name: 'service', close: () => app.close() });
  await app.init();
  openBroker(parts.broker, app);
  const city = await seedIfAsked(app, env, say);
  if (order.seedOnly) return;
  await app.listen({ port: parts.port, host: env.HOST });
  say(`The service listens on ${parts.publicUrl}.`);
  const summary = {
    url: parts.publicUrl,
    mqttUrl: parts.broker?.tlsUrl ?? parts.broker?.url ?? new URL(env.FLEET_MQTT_URL ?? parts.mqttUrl).host,
    stripeUrl: parts.stripe.url,
    smsUrl: parts.smsStandIn?.url ?? null,
    clock: clock.sentence,
  };
  if (city === null || env.SCOOTERS === 0) {
    say(summaryOf({ ...summary, streetUrl: null, riderPhone: null, logins: [], readyAfter: sinceStart() }));
    return;
  }
  const simulation = { env, parts, clock: clock.setting, city, closing, say };
  const fleet = await startFleet(app, simulation);
  const riderPhone = parts.smsStandIn === null ? null : await welcomeDemoRider(app, parts.smsStandIn);
  await untilReady(app, say);
  if (env.RIDERS > 0) startPeople(simulation, fleet);
  const addresses = { city: summary.url, mqtt: summary.mqttUrl, stripe: summary.stripeUrl, sms: summary.smsUrl, street: fleet.streetUrl };
  writeWhole(path.join(env.DATA_DIR, 'addresses.json'), `${JSON.stringify(addresses, null, 2)}\n`);
  say(summaryOf({ ...summary, streetUrl: fleet.streetUrl, riderPhone, logins: city.logins, readyAfter: sinceStart() }));
}

/** The time this process has lived, loading included: what the person who waits has waited. */
const sinceStart = (): string => `${(performance.now() / 1000).toFixed(1)} s`;

interface CityTime {
  readonly setting: ClockSetting;
  readonly sentence: string;
}

/** Real scooters and people live in real time; only a simulated city may have a clock of its own. */
function clockFor(env: Environment, closing: Closing): CityTime {
  const { CLOCK_FROM: from, CLOCK_SINCE: sinceMs, CLOCK_SPEED: speed } = env;
  if (from !== undefined && sinceMs !== undefined) {
    return {
      setting: { from: new Date(from), since: new Date(sinceMs), speed },
      sentence: 'Its clock was given by CLOCK_FROM and CLOCK_SINCE.',
    };
  }
  if (env.SCOOTERS === 0) {
    if (speed !== 1)
      throw new CannotStart('Without simulated scooters the city lives in real time: leave --speed out.');
    return { setting: { from: new Date(0), since: new Date(0), speed: 1 }, sentence: '' };
  }
  const chosen = openClock(env.DATA_DIR, speed);
  const stop = rememberClock(env.DATA_DIR, chosen);
  closing.add({ name: 'clock', close: stop });
  const wall = cityTime(new CityClock(chosen).now()).slice(0, 5);
  const fast = speed === 1 ? '' : `, ${String(speed)} times as fast as reality`;
  return {
    setting: chosen,
    sentence: chosen.kind === 'real' ? `It is ${wall} in Paris.` : `Its own clock shows ${wall}${fast}.`,
  };
}

function configOf(env: Environment, parts: Parts, { setting }: CityTime): Omit<CityConfig, 'loops'> {
  return {
    databaseUrl: parts.databaseUrl,
    databasePool: env.DATABASE_POOL,
    mqttUrl: parts.mqttUrl,
    ...(parts.mqttCa !== undefined && { mqttCa: parts.mqttCa }),
    ...(env.MOSQUITTO_SECRETS !== undefined && { mosquittoSecrets: env.MOSQUITTO_SECRETS }),
    keyDays: env.KEY_DAYS,
    publicUrl: parts.publicUrl,
    stripe: parts.stripe,
    smsUrl: parts.smsUrl,
    signingKey: parts.signingKey,
    clock: setting,
    ratePerSecond: Math.max(env.RATE_PER_SECOND, REQUESTS_OF_A_RIDER * env.RIDERS),
    logLevel: env.LOG_LEVEL,
  };
}

/** Scooters may come in from now on; who is shut out later is put out in the same second. */
function openBroker(broker: Parts['broker'], app: NestFastifyApplication): void {
  broker?.openTo((username, password) => app.get(ScooterDoorService).letIn(username, password));
  app.get(ShutOutService).whenShutOut((scooterId) => { broker?.putOut(scooterId); });
}

async function seedIfAsked(
  app: NestFastifyApplication,
  env: Environment,
  say: CityOrder['say'],
): Promise<SeededCity | null> {
  const scooters = Math.max(env.SCOOTERS, env.SEED_CITY);
  if (scooters === 0) return null;
  const passwords = env.SCOOTERS > 0 ? 'demo' : 'random';
  const city = await seedCity(app, { scooters, seed: env.SEED, dataDir: env.DATA_DIR, passwords, say });
  if (env.MOSQUITTO_SECRETS !== undefined) {
    writeMosquittoSecrets(env.MOSQUITTO_SECRETS, { fleetFile: city.fleetFile, mqttUrl: env.MQTT_URL });
    // The fleet file does not know who has been shut out since.
    await app.get(BrokerAccountsJob).bringUpToDate();
  }
  return city;
}

async function untilReady(app: NestFastifyApplication, say: CityOrder['say']): Promise<void> {
  for (let look = 1; ; look++) {
    const { ready, parts } = await app.get(ReadinessService).ask();
    if (ready) return;
    const missing = Object.entries(parts)
      .filter(([, state]) => state !== 'ok')
      .map(([part, state]) => `${part}: ${state}`);
    if (look % TELL_EVERY_LOOKS === 0) say(`Waiting: ${missing.join('; ')} …`);
    await pause(LOOK_EVERY_MS);
  }
}
