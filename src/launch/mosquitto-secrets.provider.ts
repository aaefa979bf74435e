// Tells a Mosquitto of yours who may come in: the scooters of the fleet file at the one door, the account
// of MQTT_URL at the other (deploy/mosquitto). It reads both when it starts, or on a hang-up signal.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readIfThere, writeWhole } from './files.provider.js';
import { passwordFile, SALT_BYTES, type Account } from '../identity/mosquitto-passwords.js';

const FleetAccount = z.object({ scooterId: z.uuid(), password: z.string().min(1) });

export function writeMosquittoSecrets(folder: string, from: { fleetFile: string; mqttUrl: string | undefined }): void {
  const fleet = fs.readFileSync(from.fleetFile, 'utf8').split('\n').filter((line) => line !== '')
    .map((line) => FleetAccount.parse(JSON.parse(line)));
  add(path.join(folder, 'scooters.passwd'), fleet.map(({ scooterId, password }) => ({ username: scooterId, password })));
  const { username, password } = new URL(from.mqttUrl ?? 'mqtt://nobody');
  if (username !== '' && password !== '') {
    add(path.join(folder, 'service.passwd'), [{ username: decodeURIComponent(username), password: decodeURIComponent(password) }]);
  }
}

function add(file: string, accounts: readonly Account[]): void {
  writeWhole(file, passwordFile(readIfThere(file) ?? '', accounts, () => randomBytes(SALT_BYTES)));
}
