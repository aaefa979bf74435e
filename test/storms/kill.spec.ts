// Nothing is lost when a part of the real city dies; `npm run storms` kills more of them, in any order.
import { describe, expect, it } from '@jest/globals';
import { killing } from './killing.js';

describe('a city whose parts are killed', () => {
  it('keeps every ride and every cent', async () => {
    const { rides } = await killing(1, ['database', 'fleet', 'people', 'service'], 3);
    expect(rides).toBeGreaterThanOrEqual(4);
  }, 240_000);
});
