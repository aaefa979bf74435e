// What every script needs before it can begin: a Node that is new enough, packages that match the lock
// file, and a build that matches the sources. Uses nothing but Node itself, because nothing else may be there yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(ROOT, ...parts);
const readJson = (file) => JSON.parse(fs.readFileSync(at(file), 'utf8'));
const isThere = (file) => fs.existsSync(at(file));

const INSTALLED = 'node_modules/.installed-by-roue-libre';
const NEEDED_BYTES = 700 * 1024 * 1024;

/** Something a person can act on; shown as one sentence, without a stack. */
export class Trouble extends Error {}

/** Runs a script's main function; a failure becomes one sentence and exit code 1. */
export async function run(main) {
  try {
    const code = await main();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    const known = error instanceof Trouble || error?.constructor?.name === 'CannotStart';
    console.error(
      error?.code === 'ENOSPC'
        ? 'There is no space left on the disk: free some and start again.'
        : known
          ? error.message
          : error,
    );
    process.exitCode = 1;
  }
}

/** Makes everything ready; says only what takes time. */
export async function makeReady({ build = true, say = console.log } = {}) {
  mustBeSupported(process.versions.node);
  if (!isInstalled()) await install(say);
  if (build && !isBuilt()) await buildNow(say);
}

/** @throws Trouble when this Node is none of those in package.json's engines. */
export function mustBeSupported(version) {
  const range = readJson('package.json').engines.node;
  if (range.split('||').some((part) => isWithin(version, part.trim()))) return;
  const inWords = range.split('||').map((part) =>
    part
      .trim()
      .replace(/^\^((\d+).*)/, '$2 from $1 on')
      .replace(/^>=(.*)/, '$1 and newer'),
  );
  throw new Trouble(
    `This is Node ${version}; the city needs Node ${inWords.join(', or ')}: https://nodejs.org has it.`,
  );
}

/** Understands the two forms package.json uses: ^1.2.3 and >=1.2.3. */
export function isWithin(version, range) {
  const numbers = (text) =>
    text
      .replace(/^[^\d]*/, '')
      .split('.')
      .map(Number);
  const [have, want] = [numbers(version), numbers(range)];
  if (range.startsWith('^') && have[0] !== want[0]) return false;
  const differing = [0, 1, 2].find((place) => have[place] !== want[place]);
  return differing === undefined || have[differing] > want[differing];
}

// ── packages ─────────────────────────────────────────────────────────────────────────────────────

/** The packages belong to this lock file, this machine and this generation of Node. */
function installMark() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) if (isThere(file)) hash.update(fs.readFileSync(at(file)));
  return hash.update(`${process.platform} ${process.arch} ${process.versions.modules}`).digest('hex');
}

function isInstalled() {
  if (isThere(INSTALLED) && fs.readFileSync(at(INSTALLED), 'utf8') === installMark()) return true;
  if (!isInstalledByHand()) return false;
  fs.writeFileSync(at(INSTALLED), installMark());
  return true;
}

/** npm writes its own list last, so after `npm ci` by hand it names exactly what is there. */
function isInstalledByHand() {
  if (isThere(INSTALLED) || !isThere('node_modules/.package-lock.json') || !isThere('package-lock.json')) return false;
  const there = readJson('node_modules/.package-lock.json').packages;
  return Object.entries(readJson('package-lock.json').packages).every(
    ([place, wanted]) => place === '' || wanted.optional === true || there[place]?.version === wanted.version,
  );
}

async function install(say) {
  const began = performance.now();
  mustHaveRoom();
  say('Installing the packages of package-lock.json (once, about half a minute) …');
  // Gone first: packages without the mark are either old or half there.
  fs.rmSync(at(INSTALLED), { force: true });
  const options = ['--include=dev', '--no-audit', '--no-fund', '--prefer-offline'];
  let result = await npm([isThere('package-lock.json') ? 'ci' : 'install', ...options]);
  if (result.code !== 0 && /EUSAGE|in sync/.test(result.said)) {
    say('package-lock.json does not fit package.json; asking npm to settle it …');
    result = await npm(['install', ...options]);
  }
  if (result.code !== 0) throw new Trouble(whyNotInstalled(result.said));
  fs.writeFileSync(at(INSTALLED), installMark());
  say(`Installed in ${seconds(began)}.`);
}

function whyNotInstalled(said) {
  if (/ENOSPC|no space left/i.test(said))
    return 'There is no space left on the disk for the packages: free about 700 MB and start again.';
  if (/EACCES|EPERM/.test(said)) return `This user may not write to ${at('node_modules')}: start as its owner.`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i.test(said))
    return 'npm could not reach its registry: connect to the network and start again.';
  return 'npm could not install the packages; what it said stands above.';
}

function mustHaveRoom() {
  const { bavail, bsize } = fs.statfsSync(ROOT);
  if (bavail * bsize < NEEDED_BYTES)
    throw new Trouble(
      'There is too little space left on the disk for the packages: free about 700 MB and start again.',
    );
}

/** npm as whoever started us has it, with what it says shown and kept. */
function npm(options) {
  const own = process.env.npm_execpath;
  const isNpm = own !== undefined && /npm-cli\.c?js$/.test(own);
  const [program, first] = isNpm ? [process.execPath, [own]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...options], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'pipe'],
      shell: !isNpm && process.platform === 'win32',
    });
    let said = '';
    child.stderr.on('data', (piece) => {
      process.stderr.write(piece);
      said = (said + piece).slice(-20_000);
    });
    child.once('error', () => reject(new Trouble('npm was not found; it comes with Node from https://nodejs.org.')));
    child.once('close', (code) => resolve({ code, said }));
  });
}

// ── build ────────────────────────────────────────────────────────────────────────────────────────

/** What nest-cli.json and the tsconfig it names say about the build. */
export function buildPlan() {
  const nest = readJson('nest-cli.json');
  const options = nest.compilerOptions ?? {};
  if ((options.builder ?? 'swc') !== 'swc')
    throw new Trouble(`nest-cli.json asks for the builder ${options.builder}; this build knows swc.`);
  const tsConfigPath = options.tsConfigPath ?? 'tsconfig.json';
  const tsconfig = readJson(tsConfigPath);
  const outDir = tsconfig.compilerOptions.outDir ?? 'dist';
  return {
    sourceRoot: nest.sourceRoot ?? 'src',
    assets: (options.assets ?? []).map((asset) => (typeof asset === 'string' ? { include: asset } : asset)),
    deleteOutDir: options.deleteOutDir ?? false,
    tsConfigPath,
    compilerOptions: tsconfig.compilerOptions,
    folders: (tsconfig.include ?? ['src']).filter(isThere),
    outDir,
    entry: at(outDir, `${nest.entryFile ?? 'main'}.js`),
    mark: path.join(outDir, '.built-from'),
  };
}

/** Every file below the folders, with its path from the project's root, in a fixed order. */
export function filesBelow(folders) {
  return folders
    .flatMap((folder) =>
      fs
        .readdirSync(at(folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name))),
    )
    .sort();
}

/** One hash over everything the build reads. */
export function sourceMark(plan = buildPlan()) {
  const hash = createHash('sha256').update(process.versions.modules);
  const settings = ['nest-cli.json', plan.tsConfigPath, 'package-lock.json', 'scripts/build.mjs'];
  for (const file of [...settings, ...filesBelow([...new Set([...plan.folders, plan.sourceRoot])])]) {
    hash.update(`\0${file}\0`).update(isThere(file) ? fs.readFileSync(at(file)) : '');
  }
  return hash.digest('hex');
}

function isBuilt() {
  const plan = buildPlan();
  return isThere(plan.mark) && fs.existsSync(plan.entry) && fs.readFileSync(at(plan.mark), 'utf8') === sourceMark(plan);
}

async function buildNow(say) {
  const began = performance.now();
  // In a process of its own, so that the compiler's memory is gone when the city begins.
  const code = await node(['scripts/build.mjs', '--only']);
  if (code !== 0) throw new Trouble('The sources could not be built; the reason stands above.');
  say(`Built in ${seconds(began)}.`);
}

// ── small things ─────────────────────────────────────────────────────────────────────────────────

export const seconds = (began) => `${((performance.now() - began) / 1000).toFixed(1)} s`;

/** Runs a Node program to its end, with our terminal; signals of the terminal reach it by themselves. */
export function node(options, { env = process.env, signalsTo = ['SIGTERM', 'SIGHUP'] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, options, { cwd: ROOT, stdio: 'inherit', env });
    const passOn = signalsTo.map((signal) => [signal, () => child.kill(signal)]);
    // Ctrl-C goes to both of us; we wait for what the child makes of it.
    passOn.push(['SIGINT', () => undefined]);
    for (const [signal, listener] of passOn) process.on(signal, listener);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const [name, listener] of passOn) process.off(name, listener);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** A module of the built city. */
export const built = (file) => import(new URL(`../${buildPlan().outDir}/${file}`, import.meta.url).href);
