// How long was ridden and how long paused, also when a scooter tells its steps late or with a jumping clock.
import { describe, expect, it } from '@jest/globals';
import { stretches, type RideStep } from '../../src/pricing/timeline.js';

const at = (second: number): Date => new Date(Date.parse('2026-06-15T10:00:00Z') + second * 1000);
const taken = (...steps: [RideStep['step'], number][]): RideStep[] => steps.map(([step, second]) => ({ step, at: at(second) }));

describe('the stretches of a ride', () => {
  it.each([
    ['not begun',                            taken(),                                                              100, [0, 0]],
    ['under way',                            taken(['started', 0]),                                                100, [100, 0]],
    ['asked for at its start',               taken(['started', 0]),                                                0, [0, 0]],
    ['asked for before its start',           taken(['started', 50]),                                               10, [0, 0]],
    ['paused',                               taken(['started', 0], ['paused', 40]),                                100, [40, 60]],
    ['resumed',                              taken(['started', 0], ['paused', 40], ['resumed', 70]),               100, [70, 30]],
    ['ended',                                taken(['started', 0], ['ended', 80]),                                 100, [80, 0]],
    ['ended from a pause',                   taken(['started', 0], ['paused', 40], ['ended', 80]),                 100, [40, 40]],
    ['ended twice, the second end late',     taken(['started', 0], ['ended', 80], ['ended', 90]),                  100, [80, 0]],
    ['resumed after its end',                taken(['started', 0], ['ended', 80], ['resumed', 90]),                100, [80, 0]],
    ['paused twice in a row',                taken(['started', 0], ['paused', 40], ['paused', 60]),                100, [40, 60]],
    ['asked for before a later step',        taken(['started', 0], ['paused', 40], ['resumed', 70]),               50, [40, 10]],
    ['with a pause told as before its start', taken(['started', 50], ['paused', 10], ['resumed', 60]),             100, [40, 10]],
    ['with an end told as before its start', taken(['started', 50], ['ended', 10]),                                100, [0, 0]],
    ['with a step told in the future',       taken(['started', 0], ['paused', 500]),                               100, [100, 0]],
  ])('%s', (_what, steps, until, [ridden = 0, paused = 0]) => {
    expect(stretches(steps, at(until))).toEqual({ ridingMs: ridden * 1000, pausedMs: paused * 1000 });
  });
});
