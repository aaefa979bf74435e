// The password files of Mosquitto, line by line: salted PBKDF2-SHA512, which it writes `$7$`, so that a
// fleet gets its accounts at the broker without anybody calling mosquitto_passwd a thousand times.
import { pbkdf2Sync } from 'node:crypto';

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** What the database knows of an account: the hash in Mosquitto's words, and whether the account is shut. */
export interface KnownAccount {
  readonly username: string;
  /** Null from before hashes were kept; then the line that is there stays, unless its password has been replaced since. */
  readonly hash: string | null;
  readonly isReplaced: boolean;
  readonly isShut: boolean;
}

/** As mosquitto_passwd does it: passwords here are random, so no slow hash has to make up for a weak one. */
const ITERATIONS = 101;
const HASH_BYTES = 64;
export const SALT_BYTES = 12;

export function passwordHash(password: string, salt: Buffer): string {
  const hash = pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, 'sha512');
  return `$7$${String(ITERATIONS)}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** @throws RangeError for a name that would end the line or its first column. */
export function passwordLine({ username, password }: Account, salt: Buffer): string {
  if (!/^[^:\s\0]+$/.test(username)) throw new RangeError('this name cannot stand in a password file');
  return `${username}:${passwordHash(password, salt)}`;
}

const linesOf = (file: string): string[] => file.split('\n').filter((line) => line !== '');
const nameOf = (line: string): string => line.split(':')[0] ?? '';
const fileOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** A file with these accounts in it, and with those of others that were there before: somebody added them by hand. */
export function passwordFile(before: string, accounts: readonly Account[], newSalt: () => Buffer): string {
  const ours = new Set(accounts.map(({ username }) => username));
  const others = linesOf(before).filter((line) => !ours.has(nameOf(line)));
  return fileOf([...others, ...accounts.map((account) => passwordLine(account, newSalt()))]);
}

/** The file as the database wants it: who is shut out is not in it, who got a new password has that one alone, strangers stay. */
export function reconciledFile(before: string, known: readonly KnownAccount[]): string {
  const lines = linesOf(before);
  const ours = new Set(known.map(({ username }) => username));
  const there = new Map(lines.map((line) => [nameOf(line), line]));
  const wanted = known.flatMap(({ username, hash, isReplaced, isShut }) => {
    if (isShut || (hash === null && isReplaced)) return [];
    const line = hash === null ? there.get(username) : `${username}:${hash}`;
    return line === undefined ? [] : [line];
  });
  return fileOf([...lines.filter((line) => !ours.has(nameOf(line))), ...wanted]);
}
