// What a scooter still knows after its power was cut at any instant.
import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlashStore, journalLine, readJournal, type Kept } from '../../firmware-sim/unit/flash.js';
import { STANDING } from '../../firmware-sim/unit/scooter.js';

const A = '0195d1a0-0000-7000-8000-000000000001';
const B = '0195d1a0-0000-7000-8000-000000000002';
const started = (boot: number, seq: number): Kept => ({
  boot,
  seq,
  atMs: 1000 * seq,
  what: { kind: 'started', reason: 'power_on' },
});

const directories: string[] = [];
const someDirectory = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'flash-'));
  directories.push(made);
  return made;
};
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const lines = [
  journalLine({ scooterId: A, state: { boot: 1, lastNonce: 4, sensors: STANDING } }),
  journalLine({ scooterId: A, keep: started(1, 1) }),
  journalLine({ scooterId: A, state: { lastNonce: 5 } }),
  journalLine({ scooterId: B, state: { boot: 9, inRide: true } }),
  journalLine({ scooterId: A, forget: { boot: 1, seq: 1 } }),
  journalLine({ scooterId: A, state: { lastNonce: 6 } }),
];
const whole = lines.join('');

describe('the journal of a fleet', () => {
  it('cut at any byte keeps every line before the cut, and at most one line is damaged', () => {
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const { pages, damaged } = readJournal(whole.slice(0, cut));
      const intact = lines.filter((_line, index) => lines.slice(0, index + 1).join('').length - 1 <= cut).length;
      const nonce = [0, 4, 4, 5, 5, 5, 6][intact] ?? 0;
      expect(pages.get(A)?.state.lastNonce ?? 0).toBe(nonce);
      expect(damaged).toBeLessThanOrEqual(1);
    }
  });

  it('with any byte changed loses that line only', () => {
    for (let at = 0; at < whole.length; at += 7) {
      const spoilt = whole.slice(0, at) + (whole.charAt(at) === '#' ? '%' : '#') + whole.slice(at + 1);
      const { damaged, pages } = readJournal(spoilt);
      expect(damaged).toBeGreaterThanOrEqual(1);
      expect(damaged).toBeLessThanOrEqual(2);
      expect(pages.size).toBeGreaterThanOrEqual(1);
    }
  });

  it('remembers state and unreceipted events over a restart, and forgets receipted ones', () => {
    const directory = someDirectory();
    const first = FlashStore.openIn(directory);
    first.of(A).write({ boot: 3, lastNonce: 41, inRide: true });
    first.of(A).write({ lastNonce: 42 });
    first.of(A).keep(started(3, 1));
    first.of(A).keep(started(3, 2));
    first.of(A).forget({ boot: 3, seq: 1 });
    // No closing: a killed process closes nothing.
    const again = FlashStore.openIn(directory).of(A).load();
    expect(again?.state).toEqual({ boot: 3, lastNonce: 42, inRide: true });
    expect(again?.events).toEqual([started(3, 2)]);
    first.close();
  });

  it('goes on after a torn line without gluing the next one to it', () => {
    const directory = someDirectory();
    const path = join(directory, 'scooters.journal');
    writeFileSync(path, whole.slice(0, -10));
    const store = FlashStore.openIn(directory);
    expect(store.damaged).toBe(1);
    store.of(B).write({ boot: 10 });
    store.close();
    const { pages, damaged } = readJournal(readFileSync(path, 'utf8'));
    expect(damaged).toBe(0);
    expect(pages.get(A)?.state.lastNonce).toBe(5);
    expect(pages.get(B)?.state.boot).toBe(10);
  });

  it('is short again after a start', () => {
    const directory = someDirectory();
    const store = FlashStore.openIn(directory);
    for (let nonce = 1; nonce <= 500; nonce += 1) store.of(A).write({ lastNonce: nonce });
    store.close();
    FlashStore.openIn(directory).close();
    expect(readFileSync(join(directory, 'scooters.journal'), 'utf8').split('\n').length).toBe(2);
  });

  it('of a scooter fresh from the factory is empty', () => {
    expect(FlashStore.inMemory().of(A).load()).toBeNull();
  });
});
