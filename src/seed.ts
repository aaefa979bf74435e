// A first city to live in: the zones of Paris, a tariff, staff with logins, and scooters parked where
// one may park. It may run again at any time: what is there stays, what is missing is added.
import type { INestApplicationContext } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { StaffService } from './accounts/staff.service.js';
import { readIfThere, writeWhole } from './launch/files.provider.js';
import { CREWS, FIRST_TARIFF, planScooter } from './launch/seed-plan.js';
import { ProvisioningService } from './identity/provisioning.service.js';
import { SigningService } from './identity/signing.service.js';
import { CrewsService } from './maintenance/crews.service.js';
import { namedId, newId, type CrewId, type ScooterId, type StaffId, type TariffId } from './platform/ids.js';
import { PricingService } from './pricing/pricing.service.js';
import { cityZones } from './zones/city-zones.js';
import { ZonesService } from './zones/zones.service.js';

export interface SeedOrder {
  readonly scooters: number;
  readonly seed: number;
  readonly dataDir: string;
  /** `demo`: the passwords everybody can read in the README. `random`: new ones, kept in crews.json and staff.json. */
  readonly passwords: 'demo' | 'random';
  readonly say: (sentence: string) => void;
}

export interface Login {
  readonly role: 'crew' | 'operator' | 'support' | 'admin';
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface SeededCity {
  /** One line of JSON for each scooter, with its secrets. */
  readonly fleetFile: string;
  /** The first so many of them, for a simulation of fewer scooters than there are. */
  readonly awakeFile: string;
  readonly scooters: number;
  readonly crewsFile: string;
  readonly logins: readonly Login[];
}

const DEMO_PASSWORD = 'roue-libre-demo';
const BY = 'city:seed';
const SCOOTERS_AT_ONCE = 500;

export const FleetLine = z.object({
  scooterId: z.uuid().transform((id) => id as ScooterId),
  plate: z.string(),
  vin: z.string(),
  password: z.string(),
  commandKey: z.string(),
  serviceKey: z.string().optional(),
  latitude: z.number(),
  longitude: z.number(),
  batterySerial: z.string(),
  chargePercent: z.number(),
  odometerM: z.number(),
});
export type FleetLine = z.infer<typeof FleetLine>;

export async function seedCity(app: INestApplicationContext, order: SeedOrder): Promise<SeededCity> {
  await seedZones(app, order);
  await seedTariff(app);
  const logins = await seedStaff(app, order);
  const fleet = await seedFleet(app, order);
  return { ...fleet, crewsFile: path.join(order.dataDir, 'crews.json'), logins };
}

async function seedZones(app: INestApplicationContext, { say }: SeedOrder): Promise<void> {
  const zones = app.get(ZonesService);
  if (zones.version > 0) return;
  const read = (file: string): unknown =>
    JSON.parse(fs.readFileSync(new URL(`./zones/paris/${file}`, import.meta.url), 'utf8'));
  const { taken, refused } = cityZones(read('boundaries.geojson'), read('operator-zones.json'));
  await app.get(DataSource).transaction((tx) => zones.publish(tx, taken, 'Paris and Neuilly-sur-Seine', BY));
  await zones.refresh();
  const left = refused.length === 0 ? '' : `; ${String(refused.length)} of the published ones cannot be used`;
  say(`Drew ${String(taken.length)} zones of Paris and Neuilly-sur-Seine${left}.`);
}

async function seedTariff(app: INestApplicationContext): Promise<void> {
  const tariff = { id: namedId<TariffId>('tariff: the first of Paris'), ...FIRST_TARIFF };
  const pricing = app.get(PricingService);
  if ((await pricing.list()).length > 0) return;
  await app.get(DataSource).transaction((tx) => pricing.publish(tx, tariff, BY));
}

// ── staff ────────────────────────────────────────────────────────────────────────────────────────

async function seedStaff(app: INestApplicationContext, order: SeedOrder): Promise<Login[]> {
  const known = knownLogins(order.dataDir);
  const password = (email: string): string =>
    known.get(email) ?? (order.passwords === 'demo' ? DEMO_PASSWORD : randomBytes(15).toString('base64url'));
  const login = (role: Login['role'], name: string, user: string): Login => {
    const email = `${user}@roue-libre.example`;
    return { role, name, email, password: password(email) };
  };
  const office = [
    login('operator', 'Control room', 'operator'),
    login('support', 'Rider support', 'support'),
    login('admin', 'Administration', 'admin'),
  ];
  const crews = CREWS.map(({ name, login: user }) => login('crew', name, user));
  // On disk before the database knows them: a password nobody can read any more would be worse than one too many.
  writeWhole(path.join(order.dataDir, 'staff.json'), `${JSON.stringify(office, null, 2)}\n`);
  writeWhole(
    path.join(order.dataDir, 'crews.json'),
    `${JSON.stringify(
      crews.map(({ email, password: secret }) => ({ email, password: secret })),
      null,
      2,
    )}\n`,
  );
  await seedCrews(app);
  const staff = app.get(StaffService);
  for (const { role, name, email, password: secret } of [...office, ...crews]) {
    const crewId = role === 'crew' ? { crewId: crewIdOf(name) } : {};
    await app
      .get(DataSource)
      .transaction((tx) =>
        staff.create(tx, { id: namedId<StaffId>(`staff: ${email}`), email, name, password: secret, role, ...crewId }),
      );
  }
  return [...office, ...crews];
}

const crewIdOf = (name: string): CrewId => namedId<CrewId>(`crew: ${name}`);

async function seedCrews(app: INestApplicationContext): Promise<void> {
  const service = app.get(CrewsService);
  const names = new Set((await service.all()).map(({ crew }) => crew.name));
  for (const { name, hub } of CREWS) {
    if (!names.has(name)) await service.found({ id: crewIdOf(name), name, hub });
  }
}

const KnownLogins = z.array(z.object({ email: z.string(), password: z.string() }));

function knownLogins(dataDir: string): Map<string, string> {
  const files = ['staff.json', 'crews.json'].map((file) => readIfThere(path.join(dataDir, file)));
  const logins = files.flatMap((text) => (text === null ? [] : KnownLogins.parse(JSON.parse(text))));
  return new Map(logins.map(({ email, password }) => [email, password]));
}

// ── scooters ─────────────────────────────────────────────────────────────────────────────────────

async function seedFleet(
  app: INestApplicationContext,
  order: SeedOrder,
): Promise<Pick<SeededCity, 'fleetFile' | 'awakeFile' | 'scooters'>> {
  const fleetFile = path.join(order.dataDir, 'fleet.jsonl');
  const awakeFile = path.join(order.dataDir, 'fleet-awake.jsonl');
  const known = readFleet(fleetFile);
  const rows = await app.get(DataSource).query<{ id: string; plate: string }[]>('select id, plate from scooters');
  const lines = [...known, ...newLines(app, order, { known, plates: new Set(rows.map(({ plate }) => plate)) })];
  // Keys reach the disk before the database: a start that dies in between goes on with the same ones.
  if (lines.length > known.length) writeFleet(fleetFile, lines);
  writeFleet(awakeFile, lines.slice(0, order.scooters));
  const inService = new Set(rows.map(({ id }) => id));
  const missing = lines.filter(({ scooterId }) => !inService.has(scooterId));
  if (missing.length > 0) order.say(`Giving ${String(missing.length)} scooters their keys …`);
  await provision(app, missing);
  return { fleetFile, awakeFile, scooters: Math.min(order.scooters, lines.length) };
}

async function provision(app: INestApplicationContext, lines: readonly FleetLine[]): Promise<void> {
  const provisioning = app.get(ProvisioningService);
  for (let from = 0; from < lines.length; from += SCOOTERS_AT_ONCE) {
    const some = lines
      .slice(from, from + SCOOTERS_AT_ONCE)
      .map(({ scooterId, plate, vin, commandKey, password }) => ({ id: scooterId, plate, vin, commandKey, password }));
    await app.get(DataSource).transaction((tx) => provisioning.provision(tx, some));
  }
}

function newLines(
  app: INestApplicationContext,
  order: SeedOrder,
  there: { known: readonly FleetLine[]; plates: ReadonlySet<string> },
): FleetLine[] {
  const { map } = app.get(ZonesService).current();
  const isFree = (place: { latitude: number; longitude: number }): boolean => {
    const { mayRide, mayEnd } = map.verdict(place);
    return mayRide && mayEnd;
  };
  const taken = new Set([...there.plates, ...there.known.map(({ plate }) => plate)]);
  const lines: FleetLine[] = [];
  for (let number = there.known.length; there.known.length + lines.length < order.scooters; number++) {
    const { place, ...plan } = planScooter(order.seed, number, isFree);
    if (taken.has(plan.plate)) continue;
    lines.push({
      scooterId: newId<ScooterId>(),
      ...plan,
      ...place,
      commandKey: randomBytes(32).toString('hex'),
      serviceKey: app.get(SigningService).publicKeyHex,
      password: randomBytes(24).toString('base64url'),
    });
  }
  return lines;
}

const readFleet = (file: string): FleetLine[] =>
  (readIfThere(file) ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => FleetLine.parse(JSON.parse(line)));

const writeFleet = (file: string, lines: readonly FleetLine[]): void => {
  writeWhole(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
};
