// Unlock: from the moment a rider's request is sent to the moment the ride is committed as `riding`, paced,
// beside the least any service would have to do for it.
import { figure, quantile } from '../kit/results.mjs';
import { byTurns } from '../kit/rounds.mjs';
import { buildUnlockCity, floorRound, round } from '../kit/unlock-city.mjs';

/** As goal 6 asks, and one rider at a time: at 50 a second a slow service measures its own queue. */
const PACES = [50, 5];
const LEAST_SAMPLES = 20;
/** Below, a p99 is the luck of a few. */
const LEAST_FOR_P99 = 1000;
const GOAL = 6;
const QUANTILES = [
  [0.5, 'p50', { ambitious: 1.3, nearlyImpossible: 1.1 }],
  [0.9, 'p90', { ambitious: 1.5, nearlyImpossible: 1.1 }],
];

export async function* measure({ options, stage, say }) {
  const seconds = options.seconds ?? 5;
  const set = await buildUnlockCity(Math.max(LEAST_SAMPLES, Math.round(Math.max(...PACES) * seconds)), { stage, say });
  for (const perSecond of PACES) {
    const pace = {
      perSecond,
      count: Math.min(set.cards.length, Math.max(LEAST_SAMPLES, Math.round(perSecond * seconds))),
    };
    await round(set, pace);
    await floorRound(set, pace);
    const {
      rows: [{ last }],
    } = await set.ear.client.query('select max(requested_at) as last from rides');
    const contestants = { floor: () => floorRound(set, pace), ours: () => round(set, pace) };
    const { values, foreign } = await byTurns(contestants, options.rounds ?? 5, (text) =>
      say(`${perSecond}/s, ${text}`),
    );
    const of = (name) => ({ perSecond, foreign, floor: values.floor, ours: values.ours.map((one) => one[name]) });
    const each = (name) => figure(quantile(values.ours.map((one) => one.each[name]), 0.5));
    yield* results(of('whole'), 'Stripe stand-in included', null);
    yield* results(
      {
        ...of('withoutBank'),
        notes: [
          ...(await stagesOf(set, last)),
          `for each unlock the service sent ${each('statements')} statements and burnt ${each('cpuMs')} ms of CPU, its loops, ` +
            'the telemetry after it and the webhook of the bank included',
        ],
      },
      'without the time inside the stand-in',
      GOAL,
    );
  }
  await set.stop();
}

/** p50 and p90 of each round, and one p99 over all of them: a single round has too few samples for it. */
function* results({ perSecond, floor, ours, foreign, notes = [] }, how, number) {
  const what = (name, of) => `${name} of ${of.toLocaleString('en')} at ${perSecond}/s, request → riding, ${how}`;
  const common = { unit: 'ms', better: 'lower', foreign };
  const goalOf = (goal) => (number === null ? null : { number, ...goal });
  const all = (rounds) => rounds.flat();
  for (const [share, name, goal] of QUANTILES) {
    const of = (rounds) => rounds.map((values) => quantile(values, share));
    yield {
      ...common,
      what: what(name, all(ours).length),
      floor: of(floor),
      ours: of(ours),
      goal: goalOf(goal),
      notes: share === 0.5 ? notes : [],
    };
  }
  if (all(ours).length < LEAST_FOR_P99) return;
  const p99 = (rounds) => [quantile(all(rounds), 0.99)];
  yield {
    ...common,
    what: what('p99', all(ours).length),
    floor: p99(floor),
    ours: p99(ours),
    goal: goalOf({ ambitious: 1.5, nearlyImpossible: 1.1 }),
  };
}

/** Where the time goes, by the city's own clock: a hint where to look, not a measurement of the goal. */
async function stagesOf({ ear }, after) {
  const { rows } = await ear.client.query(
    `
    select extract(epoch from c.created_at - r.requested_at) * 1000 as money,
           extract(epoch from c.sent_at - c.created_at) * 1000 as sending,
           extract(epoch from c.settled_at - c.sent_at) * 1000 as answer
      from rides r join ride_commands rc on rc.ride_id = r.id join commands c on c.id = rc.command_id
     where c.kind = 'unlock' and c.settled_at is not null and r.requested_at > $1`,
    [after],
  );
  const p50 = (name) =>
    figure(
      quantile(
        rows.map((row) => Number(row[name])),
        0.5,
      ),
    );
  return [
    `p50 of its stages: request → money held and command written ${p50('money')} ms, ` +
      `→ sent ${p50('sending')} ms, → scooter's answer read ${p50('answer')} ms`,
  ];
}
