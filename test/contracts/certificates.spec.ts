// What the script beside Mosquitto makes of certificates, asked of openssl: which of them still open the door.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { newId } from '../../src/platform/ids.js';
import { ROOT } from '../kit/source.js';

let folder = '';
beforeAll(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-certificates-')); });
afterAll(() => { fs.rmSync(folder, { recursive: true, force: true }); });

const certificates = (): string => path.join(folder, 'certificates');
const make = (...words: string[]): number | null => spawnSync('sh', [path.join(ROOT, 'deploy/mosquitto/make-certificates.sh'), ...words], {
  env: { ...process.env, CERTIFICATES: certificates(), AUTHORITY: path.join(folder, 'authority') }, stdio: 'pipe',
}).status;
/** A copy of the certificate the scooter has now. */
const issue = (scooterId: string, copy: string): string => {
  expect(make('scooter', scooterId)).toBe(0);
  fs.copyFileSync(path.join(certificates(), `scooter-${scooterId}.crt`), path.join(folder, copy));
  return path.join(folder, copy);
};
const opens = (certificate: string): boolean => {
  try {
    execFileSync('openssl', ['verify', '-crl_check', '-CAfile', path.join(certificates(), 'ca.crt'), '-CRLfile', path.join(certificates(), 'revoked.pem'), certificate], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};

it('a scooter has one certificate at most, and after its revocation none, whichever it had', () => {
  const [id, other] = [newId(), newId()];
  const first = issue(id, 'first.crt');
  const others = issue(other, 'other.crt');
  expect(opens(first)).toBe(true);
  const second = issue(id, 'second.crt');
  expect([opens(first), opens(second), opens(others)]).toEqual([false, true, true]);
  expect(make('revoke', id)).toBe(0);
  const third = issue(id, 'third.crt');
  expect([opens(second), opens(third)]).toEqual([false, true]);
  // As an authority of earlier days has it: both still valid.
  const index = path.join(folder, 'authority/index.txt');
  fs.writeFileSync(index, fs.readFileSync(index, 'utf8').replaceAll(/^R\t(\w+)\t\w+\t/gm, 'V\t$1\t\t'));
  expect(make('revoke', id)).toBe(0);
  expect([opens(first), opens(second), opens(third), opens(others)]).toEqual([false, false, false, true]);
  expect([make('revoke', id), make('revoke', newId()), make('revoke', '../x')]).toEqual([0, 1, 2]);
});
