// Lossless: the service is killed in the middle of a flood of events, behind a broker as it comes from the box, and
// started again. No event may be missing or counted twice, and every scooter must stand in the database as it said last.
import { startChild } from '../kit/child.mjs';
import { startAnyBroker } from '../kit/mosquitto.mjs';
import { withClient } from '../kit/stage.mjs';
import { standFree } from '../kit/talking-fleet.mjs';

const SCOOTERS = 300;
const EVENTS = 20;
const KILLED_AT = [0.2, 0.5, 0.8];
const GIVEN_UP_AFTER_MS = 120_000;

export async function* measure({ options, stage, say }) {
  const rounds = options.rounds ?? 1;
  const all = [];
  for (let round = 0; round < rounds; round++) {
    all.push(await once(stage, round, say));
    say(`round ${round + 1} of ${rounds}`);
  }
  const sum = (name) => all.reduce((total, one) => total + one[name], 0);
  yield {
    what: `events lost + counted twice, ${SCOOTERS * EVENTS} of ${SCOOTERS} scooters, service killed ${KILLED_AT.length} times; floor: what was said`,
    unit: '', better: 'lower', foreign: [], floor: all.map(({ said }) => said), ours: all.map(({ lost, doubled }) => lost + doubled), goal: { number: 3, ambitious: 0, nearlyImpossible: 0 },
    notes: [
      `${all[0].broker}, its queue as it comes; lost ${sum('lost')}, counted twice ${sum('doubled')}, receipted but not stored ${sum('unstored')}, ` +
        `scooters that stand otherwise than they said last ${sum('stale')}; ${sum('sent')} messages were needed`,
      ...new Set(all.map(({ kills }) => `killed after so many receipts: ${kills.join(', ')}`)),
    ],
    wrong: sum('lost') + sum('doubled') + sum('unstored') + sum('stale') > 0 ? ['something was lost'] : [],
  };
}

async function once(stage, round, say) {
  const databaseUrl = await stage.database(`lossless_${round}`);
  await stage.city({ databaseUrl, listen: false });
  const scooters = await standFree(databaseUrl, SCOOTERS);
  const broker = await startAnyBroker({ limits: false });
  await broker.letIn(scooters.map(({ id }) => ({ username: id, password: 'bench' })));
  const start = () => stage.city({ databaseUrl, mqttUrl: broker.serviceUrl });
  let city = await start();
  const fleet = await startChild('kit/keeping-fleet.mjs', { port: broker.port, scooters, events: EVENTS });
  const total = SCOOTERS * EVENTS;
  const kills = [];
  const deadline = performance.now() + GIVEN_UP_AFTER_MS;
  await fleet.ask('begin');
  for (let kept = total; kept > 0; kept = await fleet.ask('kept')) {
    if (performance.now() > deadline) throw new Error(`${kept} events still have no receipt`);
    const next = KILLED_AT[kills.length];
    if (next !== undefined && total - kept >= next * total) {
      process.kill(city.pid, 'SIGKILL');
      kills.push(total - kept);
      say(`killed after ${total - kept} receipts`);
      city = await start();
    } else await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const result = await settle(databaseUrl, fleet, total, deadline);
  const sent = await fleet.ask('sent');
  for (const part of [fleet, city, broker]) await part.stop();
  return { ...result, said: total, sent, kills, broker: broker.name };
}

async function settle(databaseUrl, fleet, total, deadline) {
  return withClient(databaseUrl, async (client) => {
    const ask = async (sql, values) => (await client.query(sql, values)).rows;
    let stale = Infinity;
    while (stale > 0 && performance.now() < deadline) {
      const last = await fleet.ask('last');
      const [row] = await ask(
        'select count(*)::int as stale from unnest($1::uuid[], $2::bigint[]) as said (id, seq) join scooters s using (id) where (s.boot, s.seq) < (2, said.seq)',
        [last.map(({ id }) => id), last.map(({ seq }) => seq)],
      );
      stale = row.stale;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [{ stored, distinct }] = await ask(
      `select count(*)::int as stored, count(distinct (scooter_id, boot, seq))::int as distinct from scooter_events where kind = 'started'`, []);
    const receipted = await fleet.ask('receipted');
    const [{ there }] = await ask(
      'select count(*)::int as there from unnest($1::uuid[], $2::bigint[]) as r (id, seq) join scooter_events e on e.scooter_id = r.id and e.boot = 2 and e.seq = r.seq',
      [receipted.map(({ id }) => id), receipted.map(({ seq }) => seq)],
    );
    return { lost: total - distinct, doubled: stored - distinct, unstored: receipted.length - there, stale };
  });
}
