// The house rules that a linter cannot know (docs/house.md). When one fails, change the code; or change
// the rule there and here, in one step, with its reason.
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { filesUnder, importsOf, nameOf, roomOf, suffixOf } from '../kit/source.js';

/** Which room may import from which. Real imports must EQUAL this, so that the map never lies. */
const ladder: Record<string, string[]> = {
  platform: [],
  audit: ['platform'],
  upkeep: ['platform'],
  accounts: ['audit', 'platform', 'upkeep'],
  zones: ['audit', 'platform'],
  pricing: ['audit', 'platform'],
  cards: ['platform'],
  ledger: ['platform'],
  fleet: ['platform'],
  identity: ['audit', 'fleet', 'platform', 'telematics'],
  telematics: ['platform', 'upkeep'],
  commands: ['audit', 'fleet', 'identity', 'platform', 'telematics'],
  uplink: ['commands', 'fleet', 'identity', 'platform', 'telematics', 'upkeep'],
  onboard: ['fleet', 'identity', 'platform', 'telematics', 'upkeep', 'zones'],
  updates: ['audit', 'fleet', 'identity', 'platform', 'telematics', 'upkeep'],
  billing: ['cards', 'ledger', 'platform'],
  hints: ['billing', 'cards', 'platform', 'upkeep'],
  refunds: ['billing', 'cards', 'ledger', 'platform'],
  reservations: ['fleet', 'platform'],
  rides: ['accounts', 'audit', 'billing', 'commands', 'fleet', 'platform', 'pricing', 'reservations', 'telematics', 'upkeep', 'zones'],
  offline: ['commands', 'fleet', 'platform', 'refunds', 'rides', 'zones'],
  maintenance: ['audit', 'commands', 'fleet', 'platform'],
  alerts: ['accounts', 'audit', 'commands', 'fleet', 'platform', 'telematics', 'upkeep'],
  embedded: [],
  launch: ['accounts', 'embedded', 'identity', 'platform', 'telematics', 'upkeep'],
};
/** They bring a city up on one machine; no room of the product knows of them. */
const outside = ['embedded', 'launch'];

const suffixes = [
  'module', 'controller', 'dto', 'service', 'entity', 'queries', 'listener', 'job', 'client', 'provider',
  'guard', 'filter', 'pipe', 'interceptor', 'decorator',
];
const pureLibraries = ['zod', '@turf/turf', 'flatbush', 'temporal-polyfill', 'munkres', 'node:crypto', 'libphonenumber-js/min', 'libphonenumber-js'];
/** The only files of another room that may be entered; a pure file has no suffix. */
const openDoors = ['service', 'module', ''];
/** Straight under src: they put the house together and may enter every room. */
const entrances = ['src/main.ts', 'src/city-app.ts', 'src/app.module.ts', 'src/seed.ts'];

const files = filesUnder('src');
const imports = importsOf(files);
const sim = filesUnder('firmware-sim');
const people = filesUnder('people-sim');
const kit = filesUnder('conformance');
const gateway = filesUnder('gateway');

/** The wire contract belongs to nobody: the scooter reads it too. */
const isWire = (path: string): boolean => path === 'src/telematics/wire.ts';

describe('the house', () => {
  it('has rooms that import exactly what the ladder says', () => {
    const real = new Map(Object.keys(ladder).map((room) => [room, new Set<string>()]));
    for (const { from, to, ours } of imports) {
      const [a, b] = [roomOf(from), roomOf(to)];
      if (ours && to.startsWith('src/') && a !== b && a !== '' && b !== '') real.get(a)?.add(b);
    }
    const found = Object.fromEntries([...real].map(([room, set]) => [room, [...set].sort()]));
    expect(found).toEqual(ladder);
  });

  it('has every room on the ladder', () => {
    expect([...new Set(files.map(({ path }) => roomOf(path)).filter((room) => room !== ''))].sort()).toEqual(Object.keys(ladder).sort());
  });

  it('lets the ground floor read the wire contract, and nothing else above it', () => {
    const upward = imports.filter(({ from, to, ours }) => ours && ['platform', ''].includes(roomOf(from))
      && !entrances.includes(from) && roomOf(to) === 'telematics' && !isWire(to));
    expect(upward).toEqual([]);
  });

  it('has rooms that are entered by their service, their module or a pure file', () => {
    const trespass = imports.filter(({ from, to, ours }) =>
      ours && to.startsWith('src/') && !entrances.includes(from) && roomOf(to) !== 'platform' && roomOf(to) !== ''
      && roomOf(from) !== roomOf(to) && !outside.includes(roomOf(from)) && !openDoors.includes(suffixOf(to)));
    expect(trespass).toEqual([]);
  });

  it('keeps what runs inside one machine out of the product: only the entrances start it', () => {
    const leaks = imports.filter(({ from, to }) => outside.includes(roomOf(to)) && !outside.includes(roomOf(from)) && !entrances.includes(from));
    expect(leaks).toEqual([]);
  });

  it('has pure files that are pure', () => {
    const impure = imports.filter(({ from, to, ours }) =>
      suffixOf(from) === '' && !entrances.includes(from) && !outside.includes(roomOf(from))
      && (ours ? suffixOf(to) !== '' || entrances.includes(to) : !pureLibraries.includes(to)));
    expect(impure).toEqual([]);
  });

  it('knows every suffix', () => {
    const odd = files.map(({ path }) => path).filter((path) => !entrances.includes(path) && suffixOf(path) !== '' && !suffixes.includes(suffixOf(path)));
    expect(odd).toEqual([]);
  });

  it('has no two files of one name, no barrels and no knots', () => {
    const names = files.map(({ path }) => nameOf(path));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(names.filter((name) => name === 'index.ts')).toEqual([]);
    expect(files.filter(({ text }) => /forwardRef|ModuleRef/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('has no cycle of imports', () => {
    expect(cyclesIn(imports)).toEqual([]);
  });

  it('keeps files under 300 lines and rooms under 20 files', () => {
    expect([...files, ...sim, ...people, ...kit, ...gateway].filter(({ lines }) => lines > 301).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
    const rooms = new Map<string, number>();
    for (const { path } of [...files, ...sim, ...people, ...kit, ...gateway]) {
      const room = path.split('/').slice(0, -1).join('/');
      rooms.set(room, (rooms.get(room) ?? 0) + 1);
    }
    expect([...rooms].filter(([, count]) => count > 20)).toEqual([]);
  });

  it('opens every file with a word about what it is for', () => {
    const wordless = files.filter(({ path, text }) => !['module', 'entity', 'controller'].includes(suffixOf(path)) && !text.startsWith('//'));
    expect(wordless.map(({ path }) => path)).toEqual([]);
  });

  it('gives a constructor five things at most', () => {
    const crowded = files.flatMap(({ path, text }) => constructorsOf(text).filter((count) => count > 5).map((count) => `${path}: ${count}`));
    expect(crowded).toEqual([]);
  });

  it('has a scooter that knows the wire contract and nothing else of the service', () => {
    const foreign = importsOf(sim).filter(({ to, ours }) => ours && !to.startsWith('firmware-sim/') && !isWire(to));
    expect(foreign).toEqual([]);
  });

  it('has a gateway that knows the wire contract and nothing else of ours', () => {
    expect(importsOf(gateway).filter(({ to, ours }) => ours && !to.startsWith('gateway/') && !isWire(to))).toEqual([]);
  });

  it('has a conformance kit that knows the wire contract and nothing else of ours, the simulated scooter least of all', () => {
    expect(importsOf(kit).filter(({ to, ours }) => ours && !to.startsWith('conformance/') && !isWire(to))).toEqual([]);
  });

  it('has people who know nothing of the service but its doors', () => {
    expect(importsOf(people).filter(({ to, ours }) => ours && !to.startsWith('people-sim/'))).toEqual([]);
  });

  it('leaves no note for later and no code in comments', () => {
    const notes = [...files, ...sim, ...people, ...kit, ...gateway].filter(({ text }) => /\b(TODO|FIXME|XXX)\b|@ts-ignore|@ts-nocheck/.test(text));
    expect(notes.map(({ path }) => path)).toEqual([]);
  });
});

function constructorsOf(text: string): number[] {
  const counts: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isConstructorDeclaration(node)) counts.push(node.parameters.length);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true));
  return counts;
}

/** Value imports only: a type import leaves no trace at run time. */
function cyclesIn(all: readonly { from: string; to: string; ours: boolean }[]): string[] {
  const typeOnly = new Set(files.flatMap(({ path, text }) =>
    [...text.matchAll(/import type [^;]*? from '(\.[^']+)';/g)].map((match) => `${path} ${match[1] ?? ''}`)));
  const edges = new Map<string, string[]>();
  for (const { path, text } of files) {
    const values = [...text.matchAll(/import (?!type )[^;]*? from '(\.[^']+)';/g)].map((match) => match[1] ?? '');
    const targets = all.filter(({ from, ours }) => from === path && ours).map(({ to }) => to)
      .filter((to) => values.some((spec) => !typeOnly.has(`${path} ${spec}`) && nameOf(to) === nameOf(spec.replace(/\.js$/, '.ts'))));
    edges.set(path, targets);
  }
  const cycles = new Set<string>();
  const walk = (at: string, trail: string[]): void => {
    const seen = trail.indexOf(at);
    if (seen >= 0) {
      cycles.add([...trail.slice(seen)].sort().join(' ↔ '));
      return;
    }
    if (trail.length > 40 || done.has(at)) return;
    for (const next of edges.get(at) ?? []) walk(next, [...trail, at]);
    done.add(at);
  };
  const done = new Set<string>();
  for (const path of edges.keys()) walk(path, []);
  return [...cycles];
}
