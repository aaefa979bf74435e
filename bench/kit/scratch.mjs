// Folders that are gone after the bench.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { closeAtEnd } from './closing.mjs';

/** Others may pass through it: PostgreSQL runs as an ordinary user when we are root. */
export function scratchFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-bench-'));
  fs.chmodSync(folder, 0o711);
  const remove = () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  closeAtEnd(() => remove(), remove);
  return folder;
}
