// The source tree as data, for the house tests: files, what they import, what they are.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

export const ROOT = resolve(__dirname, '../..');

export interface SourceFile {
  /** From the root, e.g. `src/rides/ride.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

export interface Import {
  readonly from: string;
  /** From the root for our own files, the package's name for others. */
  readonly to: string;
  readonly ours: boolean;
}

export const filesUnder = (folder: string, extension = '.ts'): SourceFile[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => {
      const text = readFileSync(join(ROOT, folder, name), 'utf8');
      return { path: `${folder}/${name}`, text, lines: text.split('\n').length };
    });

export const importsOf = (files: readonly SourceFile[]): Import[] =>
  files.flatMap(({ path, text }) =>
    ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
      const ours = fileName.startsWith('.');
      const to = ours ? relative(ROOT, resolve(ROOT, dirname(path), fileName)).replace(/\.js$/, '.ts') : fileName;
      return { from: path, to, ours };
    }),
  );

/** `src/rides/ride.ts` → `rides`; files straight under src are entrances (`main`, `app.module`, …). */
export const roomOf = (path: string): string => path.split('/').slice(1, -1)[0] ?? '';

export const nameOf = (path: string): string => path.split('/').at(-1) ?? '';

/** `ride.entity.ts` → `entity`; `ride.ts` → '' (pure). */
export const suffixOf = (path: string): string => nameOf(path).split('.').slice(1, -1).join('.');
