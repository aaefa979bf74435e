import { describe, expect, it } from '@jest/globals';
import { BURST, FloodGate, PER_SECOND } from '../../src/uplink/flood.js';

/** How many of so many messages a second get through in so many seconds. */
function admitted(gate: FloodGate, scooterId: string, perSecond: number, seconds: number): number {
  let count = 0;
  for (let i = 0; i < perSecond * seconds; i++) if (gate.admits(scooterId, (i * 1000) / perSecond)) count++;
  return count;
}

describe('how much one scooter may say', () => {
  it.each([
    ['a healthy one, twice a minute for an hour',   1 / 30, 3600, 120],
    ['as fast as allowed, for a minute',            PER_SECOND, 60, PER_SECOND * 60],
    ['a thousand a second, for ten seconds',        1000, 10, BURST + PER_SECOND * 10],
  ])('%s', (_, perSecond, seconds, most) => {
    const count = admitted(new FloodGate(), 'A', perSecond, seconds);
    expect(count).toBeLessThanOrEqual(most);
    expect(count).toBeGreaterThanOrEqual(most - 1);
  });

  it('lets all of a full flash through after days without a network, fifty at once', () => {
    const gate = new FloodGate();
    expect(Array.from({ length: BURST }, () => gate.admits('A', 0)).every(Boolean)).toBe(true);
    expect(gate.admits('A', 0)).toBe(false);
    expect(gate.admits('A', 1000)).toBe(true);
  });

  it('does not count one against another', () => {
    const gate = new FloodGate();
    admitted(gate, 'loud', 1000, 2);
    expect(gate.admits('quiet', 2000)).toBe(true);
  });

  it('is not fooled by a clock that steps back', () => {
    const gate = new FloodGate();
    for (let i = 0; i < BURST; i++) gate.admits('A', 10_000);
    expect([gate.admits('A', 9_000), gate.admits('A', 10_000)]).toEqual([false, false]);
  });
});
