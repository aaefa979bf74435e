// Vectors about the unit's own clock. A unit that does not know the time cannot know whether an order is fresh;
// then it obeys nobody, which is the safe way round. Ages come from a timer that nobody can set.
import { must } from '../finding.js';
import { type OwnClock } from '../rig.js';
import { type Trial } from '../trial.js';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
/** 2106-02-07: the last second that 32 bits can count. */
const LAST_SECOND_MS = 0xffff_ffff * 1000;
const MOST_AGE_MS = 5_000;

export const clockHourOff = (trial: Trial): Promise<void> => obeysNobodyAt(trial, [{ byMs: -HOUR_MS }, { byMs: HOUR_MS }]);
export const clockFarAhead = (trial: Trial): Promise<void> => obeysNobodyAt(trial, [{ byMs: YEAR_MS }, { atMs: LAST_SECOND_MS }]);
export const clockIn1970 = (trial: Trial): Promise<void> => obeysNobodyAt(trial, [{ atMs: 0 }]);

async function obeysNobodyAt(trial: Trial, clocks: readonly OwnClock[]): Promise<void> {
  for (const clock of clocks) {
    await trial.withClock(clock, async () => {
      const orders = (['unlock', 'open_bay', 'unlock'] as const).map((kind) => trial.order(kind));
      for (const order of orders) await trial.link.say(order);
      const last = await trial.ask('look');
      must(last.kind === 'command_refused', 'It obeys although its clock is wrong');
      must(last.reason === 'expired' || last.reason === 'too_far_ahead', `It refused for ${last.reason}, and not for the time`);
      must(last.ageMs < MOST_AGE_MS, `It calls what happened just now ${last.ageMs} ms old`);
      must(last.sensors.lock === 'closed' && last.sensors.bay === 'closed', 'It opened although its clock is wrong');
      must(orders.every((order) => trial.answersTo(order).every(({ said }) => said.kind === 'command_refused')), 'It says it obeyed');
      if (trial.rig.tireless) await trial.mustSee('closed');
    });
  }
  await trial.mustDo('unlock');
  await trial.mustBe('open');
}
