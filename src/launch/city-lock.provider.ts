// One city per data folder: a second start would otherwise end the database of the first.
import fs from 'node:fs';
import path from 'node:path';
import { CannotStart } from '../embedded/cannot-start.js';
import { isAlive, startTimeOf } from '../embedded/processes.provider.js';
import { readIfThere, writeWhole } from './files.provider.js';

/** @returns what gives the folder free again. @throws CannotStart when another city lives here. */
export function lockFolder(dataDir: string): () => void {
  const file = path.join(dataDir, 'running');
  const [first = '', began = ''] = (readIfThere(file) ?? '').split(' ');
  const pid = Number(first);
  // A number is used again by other programs; together with the moment of its start it is one process.
  if (pid > 0 && pid !== process.pid && isAlive(pid) && startTimeOf(pid) === began) {
    throw new CannotStart(
      `A city is running in ${dataDir} already (process ${pid}): stop it first, or choose another folder with --data.`,
    );
  }
  writeWhole(file, `${process.pid} ${startTimeOf(process.pid)}`);
  return () => {
    fs.rmSync(file, { force: true });
  };
}
