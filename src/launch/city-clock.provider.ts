// Remembers how far the clock of a simulated city has come, so that the next start goes on from there.
import path from 'node:path';
import { z } from 'zod';
import { CityClock } from '../platform/clock.js';
import { chooseClock, type ChosenClock } from './city-clock-choice.js';
import { readIfThere, writeWhole } from './files.provider.js';

const Remembered = z.object({ shown: z.iso.datetime() });
const REMEMBER_EVERY_MS = 2000;

const fileIn = (dataDir: string): string => path.join(dataDir, 'city-clock.json');

export function openClock(dataDir: string, speed: number): ChosenClock {
  const text = readIfThere(fileIn(dataDir));
  const remembered = text === null ? null : Remembered.safeParse(JSON.parse(text));
  const shown = remembered?.success === true ? new Date(remembered.data.shown) : null;
  return chooseClock({ now: new CityClock().now(), speed, shown });
}

/**
 * Writes down a little more than the clock shows, because a killed city may have shown as much before it
 * is written again; real time needs no such advance, it never stands behind itself.
 */
export function rememberClock(dataDir: string, chosen: ChosenClock): () => void {
  const clock = new CityClock(chosen);
  const advanceSeconds = chosen.kind === 'real' ? 0 : (2 * REMEMBER_EVERY_MS) / 1000;
  const remember = (shown: Date): void => {
    writeWhole(fileIn(dataDir), `${JSON.stringify({ shown: shown.toISOString() })}\n`);
  };
  remember(clock.inReal(advanceSeconds));
  const timer = setInterval(() => {
    try {
      remember(clock.inReal(advanceSeconds));
    } catch {
      // A full disk is told by the database; the clock tries again with its next tick.
    }
  }, REMEMBER_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    remember(clock.now());
  };
}
