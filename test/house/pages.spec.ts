// Pages for people name files, commands, options and variables; here they are looked for in the tree.
import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OPTIONS, SWITCHES } from '../../src/launch/options.js';
import { Environment } from '../../src/platform/config.js';
import { filesUnder, ROOT } from '../kit/source.js';

interface Words {
  readonly page: string;
  readonly word: string;
}

/** Of a folder where things are installed or kept there are no pages of ours. */
const notOurs = new Set(['node_modules', 'dist', '.data', '.git', 'coverage']);
const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notOurs.has(entry.name))
    .flatMap(({ name }) => filesUnder(name, '.md').map(({ path }) => path)),
];
const text = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const wordsOf = (page: string, pattern: RegExp): Words[] => [...text(page).matchAll(pattern)].map((match) => ({ page, word: match[1] ?? '' }));
const isThere = (...parts: string[]): boolean => existsSync(join(ROOT, ...parts));
const said = ({ page, word }: Words): string => `${page}: ${word}`;

describe('the pages', () => {
  it('have links that lead somewhere', () => {
    const links = pages.flatMap((page) => wordsOf(page, /\]\((?!https?:|#)([^)#\s]+)/g));
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter(({ page, word }) => !isThere(dirname(page), word)).map(said)).toEqual([]);
  });

  it('name only files that are there', () => {
    // A path from the root, from the page's own folder, or from a room. Where data came from is another tree.
    const named = pages.filter((page) => !page.endsWith('SOURCES.md')).flatMap((page) => wordsOf(page, /`([\w.-]+\/[\w./-]*\.(?:ts|mjs|cjs|json|sql|sh|conf|md|txt|png|html))`/g));
    const built = (word: string): boolean => word.startsWith('dist/');
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ page, word }) => !built(word) && !isThere(word) && !isThere(dirname(page), word) && !isThere('src', word)).map(said)).toEqual([]);
  });

  it.each(['firmware-sim', 'people-sim', 'conformance', 'gateway'])('of %s introduce every file of it', (folder) => {
    const listed = new Set(wordsOf(`${folder}/README.md`, /`([\w-]+\.ts)`/g).map(({ word }) => word));
    expect(filesUnder(folder).map(({ path }) => path.split('/').at(-1) ?? '').filter((name) => !listed.has(name))).toEqual([]);
  });

  it('know every command of package.json, and no other', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const commands = /\bnpm (?:run )?((?<=run )[a-z]+(?:[:-][a-z]+)*|start\b|test\b)/g;
    const called = pages.flatMap((page) => wordsOf(page, commands));
    expect(called.length).toBeGreaterThan(20);
    expect(called.filter(({ word }) => !(word in scripts)).map(said)).toEqual([]);
    const readme = new Set(wordsOf('README.md', commands).map(({ word }) => word));
    expect(Object.keys(scripts).filter((name) => !readme.has(name))).toEqual([]);
  });

  it('know every option of the city, and no other', () => {
    const options = [...Object.keys(OPTIONS), ...SWITCHES];
    const help = text('src/launch/help.txt');
    const known = (page: string): string[] => [...new Set([...page.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([word]) => word))].sort();
    expect(known(help)).toEqual([...options].sort());
    const [, chapter = ''] = /\n## Options\n([^]*?)\n\|/.exec(text('README.md')) ?? [];
    expect(known(chapter)).toEqual([...options].sort());
  });

  it('name only variables that the code reads', () => {
    const variables = [...text('README.md').matchAll(/`([A-Z]+(?:_[A-Z]+)*)(?:=[^`]*)?`/g), ...text('src/launch/help.txt').matchAll(/\b([A-Z]+_[A-Z_]+)\b/g)].map((match) => match[1] ?? '');
    expect(variables.length).toBeGreaterThan(8);
    expect(variables.filter((name) => !(name in Environment.shape))).toEqual([]);
  });
});
