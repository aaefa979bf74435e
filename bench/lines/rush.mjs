// Rush: what an unlock costs while the whole fleet talks through the same broker into the same service, and what
// becomes of ten times as many unlocks at once.
import { startAnyBroker } from '../kit/mosquitto.mjs';
import { figure, quantile } from '../kit/results.mjs';
import { byTurns } from '../kit/rounds.mjs';
import { startLoad } from '../kit/talking-fleet.mjs';
import { buildUnlockCity, floorRound, round } from '../kit/unlock-city.mjs';

const PER_SECOND = 50;
const TIMES_TEN = 500;
const TALKERS = 5000;
const CONNECTIONS = 500;
const MESSAGES_PER_SECOND = 20_000;
const PREFIX = 'v1/up';
const LONGEST_MS = 1500;

export async function* measure({ options, stage, say }) {
  const seconds = options.seconds ?? 5;
  const set = await buildUnlockCity(TIMES_TEN, { stage, say, talkers: TALKERS, startBroker: startAnyBroker });
  const accounts = Array.from({ length: CONNECTIONS }, (_, i) => ({ username: `load-${i}`, password: 'bench' }));
  await set.broker.letIn(accounts);
  const scooters = set.talkers.map(({ scooterId: id, ...card }) => ({ ...card, id }));
  const load = await startLoad({ port: set.broker.port, connections: CONNECTIONS, scooters, qos: 0, accounts, prefixes: [PREFIX] });
  const pace = { perSecond: PER_SECOND, count: Math.min(TIMES_TEN, PER_SECOND * seconds) };
  await round(set, pace);
  await floorRound(set, pace);
  yield* whileItTalks({ set, load, pace, rounds: options.rounds ?? 5, say });
  yield await tenTimes(set, say);
  await load.stop();
  await set.stop();
}

/** Goal 7: the product beside itself, and the floor under the same talk in the notes. */
async function* whileItTalks({ set, load, pace, rounds, say }) {
  const rates = [];
  const bare = [];
  const busy = async () => {
    const seconds = pace.count / pace.perSecond + 2;
    const talking = talk(load, set.city, seconds);
    const { withoutBank } = await round(set, pace);
    bare.push(quantile(await floorRound(set, { ...pace, count: pace.count / 2 }), 0.5));
    rates.push(await talking);
    return withoutBank;
  };
  const { values, foreign } = await byTurns({ idle: async () => (await round(set, pace)).withoutBank, busy }, rounds, say);
  for (const [share, name] of [
    [0.5, 'p50'],
    [0.9, 'p90'],
  ]) {
    const of = (list) => list.map((one) => quantile(one, share));
    yield {
      what: `${name} at ${pace.perSecond}/s while ${TALKERS.toLocaleString('en')} other scooters talk, request → riding; floor: ours while they are silent`,
      unit: 'ms',
      better: 'lower',
      foreign,
      floor: of(values.idle),
      ours: of(values.busy),
      goal: { number: 7, ambitious: 1.5, nearlyImpossible: 1.1 },
      notes:
        share === 0.5
          ? [
              `asked for ${MESSAGES_PER_SECOND.toLocaleString('en')} messages a second; sent ${figure(middle(rates.map(({ sent }) => sent)))}, ` +
                `of which the service took ${figure(middle(rates.map(({ taken }) => taken)))} while they came`,
              `p50 of the bare unlock under the same talk ${figure(middle(bare))} ms`,
            ]
          : [],
    };
  }
}

async function talk(load, city, seconds) {
  const before = await city.ask('counted');
  const began = performance.now();
  const sent = await load.ask('pace', { perSecond: MESSAGES_PER_SECOND, seconds, prefix: PREFIX });
  const took = (performance.now() - began) / 1000;
  return { sent: sent / took, taken: ((await city.ask('counted')) - before) / took };
}

/** Every one of them has to be riding at the end, or `round` says which are not. */
async function tenTimes(set, say) {
  const pace = { perSecond: TIMES_TEN, count: TIMES_TEN };
  const floor = await floorRound(set, pace);
  const { whole } = await round(set, pace);
  say(`${TIMES_TEN} unlocks in a second`);
  const p99 = quantile(whole, 0.99);
  return {
    what: `p99 of ${TIMES_TEN} unlocks asked for within one second, request → riding, Stripe stand-in included`,
    unit: 'ms',
    better: 'lower',
    floor: [quantile(floor, 0.99)],
    ours: [p99],
    goal: null,
    notes: [`all ${TIMES_TEN} rides began, so no lock event was lost; ${p99 <= LONGEST_MS ? 'within' : 'NOT within'} the wanted ${LONGEST_MS} ms`],
  };
}

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
