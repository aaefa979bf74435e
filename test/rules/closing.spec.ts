// The order in which a city ends.
import { describe, expect, it } from '@jest/globals';
import { Closing } from '../../src/launch/closing.js';

const record = () => {
  const seen: string[] = [];
  const part = (name: string, fails = false) => ({
    name,
    close: () => {
      seen.push(name);
      return fails ? Promise.reject(new Error('stuck')) : Promise.resolve();
    },
    abandon: () => { seen.push(`${name}!`); },
  });
  return { seen, part };
};

describe('ending a city', () => {
  it('ends what came last first, and each part once', async () => {
    const { seen, part } = record();
    const closing = new Closing();
    for (const name of ['database', 'service', 'people']) closing.add(part(name));
    await closing.closeAll(() => undefined);
    await closing.closeAll(() => undefined);
    closing.abandonAll();
    expect(seen).toEqual(['people', 'service', 'database']);
  });

  it('goes on when one part cannot be ended', async () => {
    const { seen, part } = record();
    const troubles: string[] = [];
    const closing = new Closing();
    closing.add(part('database'));
    closing.add(part('service', true));
    await closing.closeAll((name) => troubles.push(name));
    expect({ seen, troubles }).toEqual({ seen: ['service', 'database'], troubles: ['service'] });
  });

  it('abandons what is still there when the process ends at once', () => {
    const { seen, part } = record();
    const closing = new Closing();
    closing.add(part('database'));
    closing.add(part('fleet'));
    closing.abandonAll();
    expect(seen).toEqual(['fleet!', 'database!']);
  });
});
