// Many storms, one after the other: `npm run storms`. STORM_SEED=7 repeats one; STORM_SEEDS=100-199 takes these.
import { describe, it } from '@jest/globals';
import { storm } from './storm.js';

const MANY = '1000-1019';

function seeds(): number[] {
  const [from = 1, to] = (process.env['STORM_SEED'] ?? process.env['STORM_SEEDS'] ?? MANY).split('-').map(Number);
  return Array.from({ length: (to ?? from) - from + 1 }, (_, at) => from + at);
}

describe('many storms over the city', () => {
  it.each(seeds())('break no promise while they last, and leave a city at rest (seed %i)', async (seed) => {
    const { rides, fares, troubles, seconds, waitedFor } = await storm({ seed, scooters: 10, riders: 12, deeds: 40 });
    process.stdout.write(`storm ${String(seed)}: ${String(rides)} rides, ${String(fares)} cents; ${troubles.join(', ')}; ${seconds.join(' + ')} s, waiting for ${waitedFor}\n`);
  }, 300_000);
});
