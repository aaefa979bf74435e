// Ten makes of the firmware, each without one of the things that make a unit safe, and some more: the kit has to find
// every one, and every vector has to have failed for one of them. It waits more than it works, so it is a long storm.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judge, type Verdict } from '../../conformance/judge.js';
import { exitCodeOf } from '../../conformance/report.js';
import { vectors } from '../../conformance/vectors.js';
import { KitBench, SHORT_PACE } from '../kit/kit-bench.js';
import { worseMakes } from '../kit/worse-makes.js';

const WITHIN_MS = 240_000;
const silently = (): void => undefined;

describe('the conformance kit finds a make that', () => {
  let bench: KitBench;
  const judged = new Map<string, Promise<Verdict[]>>();
  beforeAll(async () => {
    bench = await KitBench.open();
    // All at once: they wait more than they work.
    for (const [name, make] of worseMakes) {
      judged.set(name, bench.unit(make).then((card) => bench.trial(card, { pace: SHORT_PACE })).then((trial) => judge([trial], vectors, silently)));
    }
  });
  afterAll(() => bench.close());

  it.each(worseMakes)('%s', async (name, _, caughtBy) => {
    const verdicts = await judged.get(name) ?? [];
    const failed = verdicts.filter(({ result }) => result === 'failed').map(({ vector }) => vector.id);
    expect(failed).toEqual(expect.arrayContaining([...caughtBy]));
    expect(exitCodeOf(verdicts)).toBe(1);
  }, WITHIN_MS);

  it('is worse in any one thing: every vector has failed for one of these', async () => {
    const all = (await Promise.all(judged.values())).flat().filter(({ result }) => result === 'failed').map(({ vector }) => vector.id);
    expect(vectors.map(({ id }) => id).filter((id) => !all.includes(id))).toEqual([]);
  }, WITHIN_MS);
});
