// The password files of Mosquitto, line by line: salted PBKDF2-SHA512, which it writes `$7$`, so that a
// fleet gets its accounts at the broker without anybody calling mosquitto_passwd a thousand times.
import { pbkdf2Sync } from 'node:crypto';

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** As mosquitto_passwd does it: passwords here are random, so no slow hash has to make up for a weak one. */
const ITERATIONS = 101;
const HASH_BYTES = 64;
export const SALT_BYTES = 12;

/** @throws RangeError for a name that would end the line or its first column. */
export function passwordLine({ username, password }: Account, salt: Buffer): string {
  if (!/^[^:\s\0]+$/.test(username)) throw new RangeError('this name cannot stand in a password file');
  const hash = pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, 'sha512');
  return `${username}:$7$${String(ITERATIONS)}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** A file with these accounts in it, and with those of others that were there before: somebody added them by hand. */
export function passwordFile(before: string, accounts: readonly Account[], newSalt: () => Buffer): string {
  const ours = new Set(accounts.map(({ username }) => username));
  const others = before.split('\n').filter((line) => line !== '' && !ours.has(line.split(':')[0] ?? ''));
  return [...others, ...accounts.map((account) => passwordLine(account, newSalt()))].map((line) => `${line}\n`).join('');
}
