// 07:00 to 23:00 on the clocks of Paris, in summer and in winter, and no start from 22:45 on.
import { describe, expect, it } from '@jest/globals';
import { isOpen, mayStart, OPENING_HOURS } from '../../src/pricing/opening-hours.js';

describe('the city', () => {
  it.each([
    // summer: Paris is two hours ahead of UTC
    ['2026-06-15T04:59:59.999Z', false, false],
    ['2026-06-15T05:00:00.000Z', true,  true],
    ['2026-06-15T20:44:59.999Z', true,  true],
    ['2026-06-15T20:45:00.000Z', true,  false],
    ['2026-06-15T20:59:59.999Z', true,  false],
    ['2026-06-15T21:00:00.000Z', false, false],
    ['2026-06-15T22:00:00.000Z', false, false],
    // winter: one hour
    ['2026-12-15T05:59:59.999Z', false, false],
    ['2026-12-15T06:00:00.000Z', true,  true],
    ['2026-12-15T21:44:59.999Z', true,  true],
    ['2026-12-15T21:45:00.000Z', true,  false],
    ['2026-12-15T22:00:00.000Z', false, false],
    // the last evening of summer time, the morning and the evening after
    ['2026-10-24T20:59:59.999Z', true,  false],
    ['2026-10-24T21:00:00.000Z', false, false],
    ['2026-10-25T05:59:59.999Z', false, false],
    ['2026-10-25T06:00:00.000Z', true,  true],
    ['2026-10-25T21:59:59.999Z', true,  false],
    // the hour lived twice is night both times
    ['2026-10-25T00:30:00.000Z', false, false],
    ['2026-10-25T01:30:00.000Z', false, false],
    // the last evening of winter time, and the morning after
    ['2027-03-27T21:44:59.999Z', true,  true],
    ['2027-03-27T22:00:00.000Z', false, false],
    ['2027-03-28T01:00:00.000Z', false, false],
    ['2027-03-28T04:59:59.999Z', false, false],
    ['2027-03-28T05:00:00.000Z', true,  true],
    // New Year
    ['2026-12-31T23:00:00.000Z', false, false],
  ])('at %s is open: %s, and lets a ride start: %s', (at, open, start) => {
    expect([isOpen(new Date(at)), mayStart(new Date(at))]).toEqual([open, start]);
  });

  it('tells the hours it keeps', () => {
    expect(OPENING_HOURS).toEqual({ timezone: 'Europe/Paris', opens: '07:00', closes: '23:00', lastStart: '22:45' });
  });
});
