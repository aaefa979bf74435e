// Kills in any order, by seed: KILL_SEED=3 repeats one, KILL_SEEDS=1-9 takes these.
import { describe, it } from '@jest/globals';
import { Chance } from '../../firmware-sim/body/chance.js';
import type { CityPart } from '../kit/real-city.js';
import { killing } from './killing.js';

const PARTS: readonly CityPart[] = ['service', 'service', 'database', 'database', 'fleet', 'people'];
const KILLS = 8;

function seeds(): number[] {
  const [from = 1, to] = (process.env['KILL_SEED'] ?? process.env['KILL_SEEDS'] ?? '1-3').split('-').map(Number);
  return Array.from({ length: (to ?? from) - from + 1 }, (_, at) => from + at);
}

describe('a city whose parts are killed in any order', () => {
  it.each(seeds())('keeps every ride and every cent (seed %i)', async (seed) => {
    const chance = Chance.of(seed, 'order');
    const order = Array.from({ length: KILLS }, () => PARTS[Math.floor(chance.next() * PARTS.length)] ?? 'service');
    const { rides } = await killing(seed, order, 4);
    process.stdout.write(`kills ${String(seed)}: ${order.join(', ')}; ${String(rides)} rides\n`);
  }, 600_000);
});
