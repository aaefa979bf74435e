// The simulated fleet and its people: two processes that come in by the same doors as everybody else.
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { portNear } from '../embedded/ports.provider.js';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClockSetting } from '../platform/clock.js';
import type { Environment } from '../platform/config.js';
import { ReadinessService } from '../upkeep/readiness.service.js';
import type { SeededCity } from '../seed.js';
import { Child } from './child.provider.js';
import type { Closing } from './closing.js';
import type { Parts } from './parts.provider.js';

export interface SimulationOrder {
  readonly env: Environment;
  readonly parts: Parts;
  readonly clock: ClockSetting;
  readonly city: SeededCity;
  readonly closing: Closing;
  readonly say: (sentence: string) => void;
}

/** Where one stands beside a simulated scooter: not a door of the service, but of the street. */
export interface Simulation {
  readonly streetUrl: string;
  readonly scooters: number;
  connected(): Promise<number>;
}

const script = (name: string): string => fileURLToPath(new URL(`../../${name}/main.js`, import.meta.url));

export async function startFleet(app: INestApplicationContext, order: SimulationOrder): Promise<Simulation> {
  const { env, parts, city, closing, say } = order;
  const streetPort = await portNear(parts.port + 3);
  const simulation = {
    streetUrl: `http://127.0.0.1:${String(streetPort)}`,
    scooters: city.scooters,
    connected: () => countConnected(app),
  };
  // What the database remembers of an earlier run proves nothing until the fleet of this one has spoken.
  let hasSpoken = false;
  app.get(ReadinessService).add('fleet', async () => {
    const connected = await simulation.connected();
    if (!hasSpoken) return `is being switched on, ${String(connected)} of ${String(city.scooters)} scooters are known`;
    return connected >= city.scooters
      ? null
      : `${String(connected)} of ${String(city.scooters)} scooters are connected`;
  });
  const fleet = new Child({
    name: 'The simulated fleet',
    script: script('firmware-sim'),
    args: [
      '--fleet',
      city.awakeFile,
      '--flash',
      path.join(env.DATA_DIR, 'flash'),
      ...brokerArgs(env, parts),
      '--street',
      String(streetPort),
      '--seed',
      String(env.SEED),
      ...clockArgs(order.clock),
    ],
    onStart: () => {
      hasSpoken = false;
    },
    onLine: (line) => {
      if (line.startsWith('connected ')) hasSpoken = true;
      else if (!line.startsWith('street ')) say(`fleet: ${line}`);
    },
    say,
  }).start();
  closing.add({
    name: 'fleet',
    close: () => fleet.stop(),
    abandon: () => {
      fleet.kill();
    },
  });
  return simulation;
}

export function startPeople({ env, parts, clock, city, closing, say }: SimulationOrder, simulation: Simulation): void {
  const people = new Child({
    name: 'The simulated people',
    script: script('people-sim'),
    args: [
      '--city',
      parts.publicUrl,
      '--street',
      simulation.streetUrl,
      '--stripe',
      parts.stripe.url ?? 'https://api.stripe.com',
      '--sms',
      parts.smsUrl,
      '--riders',
      String(env.RIDERS),
      '--scooters',
      String(city.scooters),
      '--crews',
      city.crewsFile,
      '--state',
      path.join(env.DATA_DIR, 'people.json'),
      '--seed',
      String(env.SEED),
      ...clockArgs(clock),
    ],
    onStart: () => undefined,
    onLine: (line) => {
      say(`people: ${line}`);
    },
    say,
  }).start();
  closing.add({
    name: 'people',
    close: () => people.stop(),
    abandon: () => {
      people.kill();
    },
  });
}

const brokerArgs = (env: Environment, parts: Parts): string[] => [
  '--mqtt',
  withoutAccount(parts.broker?.url ?? env.FLEET_MQTT_URL ?? parts.mqttUrl),
  ...(env.MQTT_CA === undefined ? [] : ['--mqtt-ca', env.MQTT_CA]),
];

const clockArgs = ({ from, since, speed }: ClockSetting): string[] => [
  '--clock-from',
  from.toISOString(),
  '--clock-since',
  String(since.getTime()),
  '--clock-speed',
  String(speed),
];

async function countConnected(app: INestApplicationContext): Promise<number> {
  const [row] = await app
    .get(DataSource)
    .query<{ count: number }[]>('select count(*)::int as count from scooters where connected');
  return row?.count ?? 0;
}

function withoutAccount(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.toString();
}
