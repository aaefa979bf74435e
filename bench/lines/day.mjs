// The simulated day: the city as `npm start` raises it, its people, and a day of service as fast as asked;
// how fast it really passed, whether the service kept up, what it took, and whether the books are right.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../../scripts/ready.mjs';
import { raise } from '../kit/launched-city.mjs';
import { childrenOf, cpuSecondsOf, memoryOf, watchForeignLoad } from '../kit/machine.mjs';
import { letPeopleLive } from '../kit/people.mjs';
import { figure, spread } from '../kit/results.mjs';
import { scratchFolder } from '../kit/scratch.mjs';
import { withClient } from '../kit/stage.mjs';

/** A Monday in Paris; service is from 07:00 to 23:00. */
const OPENING = Date.parse('2026-11-23T06:00:00Z');
const SERVICE_HOURS = 16;
const HOUR_MS = 3_600_000;
/** The city comes up before its day begins; on a slow machine the day begins, and ends, as much later. */
const COMES_UP_WITHIN_MS = 20_000;
const SETTLES_WITHIN_MS = 120_000;
const SAMPLE_EVERY_MS = 1000;
/** A service that has just started grows for a while whatever it does. */
const LEAST_MEMORY_SAMPLES = 180;
/** Some find no scooter near, some have no licence, some cards are declined; they do at any pace. */
const LEAST_RIDES_GIVEN = 0.85;
/** A rider beside a scooter waits about so long without asking what is wrong. */
const LONGEST_UNLOCK_MS = 3000;

export async function* measure({ options, say }) {
  const { scooters = 1000, riders = 400, speed = 120 } = options;
  const hours = Math.min(options.hours ?? SERVICE_HOURS, SERVICE_HOURS);
  const from = new Date(OPENING + (hours <= SERVICE_HOURS / 2 ? HOUR_MS : 0));
  const dataDir = path.join(scratchFolder(), 'data');
  fs.mkdirSync(dataDir, { mode: 0o711 });
  const clock = { from, since: Date.now() + COMES_UP_WITHIN_MS, speed };
  const env = { CLOCK_FROM: from.toISOString(), CLOCK_SINCE: String(clock.since), RATE_PER_SECOND: '1000000' };
  const city = await raise({ dataDir, scooters, speed, env });
  say(`${scooters} scooters connected after ${(city.readyMs / 1000).toFixed(1)} s`);
  await pause(Math.max(0, clock.since - Date.now()));
  const until = new Date(from.getTime() + (Date.now() - clock.since) * speed + hours * HOUR_MS);

  const day = await live({ city, dataDir, clock, riders, scooters, until, say });
  const books = await booksOf(dataDir, speed);
  yield* results({ hours, speed, scooters, riders }, day, books);
  await city.stop();
}

async function live({ city, dataDir, clock, riders, scooters, until, say }) {
  const foreign = watchForeignLoad();
  const cpuBefore = cpuOf(city.pid);
  const began = performance.now();
  const people = await letPeopleLive({ city, dataDir, clock, riders, scooters, until });
  const memory = watchMemory(city);
  const tell = setInterval(
    () =>
      say(`${((performance.now() - began) / 1000).toFixed(0)} s, service ${figure(memory.samples.at(-1) ?? 0)} MiB`),
    30_000,
  );
  try {
    const report = await people.done;
    const home = performance.now();
    const settled = await untilSettled(dataDir, city);
    const backlogSeconds = (performance.now() - home) / 1000;
    const seconds = (performance.now() - began) / 1000;
    const cpu = Object.fromEntries(
      Object.entries(cpuOf(city.pid)).map(([name, value]) => [name, value - cpuBefore[name]]),
    );
    return { report, settled, backlogSeconds, seconds, cpu, memory: memory.samples, foreign: foreign() };
  } finally {
    clearInterval(tell);
    memory.stop();
  }
}

/** The service's process holds broker and stand-ins too; its children are the fleet and PostgreSQL. */
function cpuOf(pid) {
  const children = childrenOf(pid).reduce((sum, child) => sum + cpuSecondsOf(child), 0);
  return { all: cpuSecondsOf(pid), children };
}

function watchMemory({ pid, alive }) {
  const samples = [];
  const timer = setInterval(() => {
    const memory = alive() ? memoryOf(pid) : null;
    if (memory !== null) samples.push(memory);
  }, SAMPLE_EVERY_MS);
  return { samples, stop: () => clearInterval(timer) };
}

/** Money and events may still be under way when the last person is at home. */
async function untilSettled(dataDir, city) {
  const deadline = performance.now() + SETTLES_WITHIN_MS;
  while (performance.now() < deadline && city.alive()) {
    if (await withDatabase(dataDir, async (client) => (await client.query(SETTLED)).rows[0].done)) return true;
    await pause(250);
  }
  return false;
}

const SETTLED = `
  select not exists (select 1 from rides where state not in ('ended', 'failed'))
     and not exists (select 1 from payments where state in ('created', 'capturing', 'releasing'))
     and not exists (select 1 from outbox_deliveries where attempts = 0) as done`;

async function withDatabase(dataDir, work) {
  const { findHome } = await built('src/embedded/postgres-home.provider.js');
  const { DATABASE_USER, filesOf } = await built('src/embedded/postgres-server.provider.js');
  const files = filesOf(findHome(dataDir));
  const [password, port] = [files.password, files.port].map((file) => fs.readFileSync(file, 'utf8').trim());
  return withClient(`postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/postgres`, work);
}

const booksOf = (dataDir, speed) =>
  withDatabase(dataDir, async (client) => {
    const {
      rows: [sums],
    } = await client.query(BOOKS);
    const {
      rows: [unlocks],
    } = await client.query(UNLOCKS, [speed]);
    const { rows: failures } = await client.query(
      `select failure, count(*)::int as rides from rides where state = 'failed' group by 1 order by 2 desc`,
    );
    return { ...sums, ...unlocks, failures: failures.map(({ failure, rides }) => `${rides} × ${failure}`).join(', ') };
  });

/** In real milliseconds: the network does not get faster when the city does. */
const UNLOCKS = `
  select percentile_cont(0.5) within group (order by ms) as unlock_p50,
         percentile_cont(0.9) within group (order by ms) as unlock_p90
    from (select extract(epoch from started_at - requested_at) * 1000 / $1 as ms
            from rides where started_at is not null) as unlocked`;

const BOOKS = `
  select (select count(*) from rides where state = 'ended')::int as ended,
         (select count(*) from rides where state = 'failed')::int as failed,
         (select count(*) from rides where state not in ('ended', 'failed'))::int as under_way,
         (select count(*) from outbox_deliveries where attempts > 0)::int as stuck,
         (select count(*) from outbox_events where name = 'scooter.ran_low')::int as ran_low,
         (select count(*) from tasks where kind = 'swap')::int as swap_tasks,
         (select coalesce(sum(case side when 'debit' then amount_cents else -amount_cents end), 0)
            from ledger_entries)::int as ledger,
         (select coalesce(sum(fare_cents), 0) from rides)::int as fares,
         (select coalesce(sum(capture_cents), 0) from payments where state = 'captured')::int as captured,
         (select coalesce(sum(amount_cents), 0) from debts where state = 'open')::int as owed,
         (select count(*) from scooters s where needs_swap and not exists (
            select 1 from tasks t where t.scooter_id = s.id and t.kind = 'swap' and t.state not in ('verified', 'cancelled')))::int as forgotten,
         (select count(*) from scooters where state = 'available' and (range_km is null or range_km < 10))::int as low_and_free,
         (select count(*) from tasks where kind = 'swap' and (opened_range_km is null or opened_range_km >= 10))::int as causeless,
         (select count(*) from rides a join rides b on a.scooter_id = b.scooter_id and a.id < b.id
           where a.started_at < b.ended_at and b.started_at < a.ended_at)::int as two_riders`;

/** A city's clock runs however late its service is, so the pace counts only while riders get their rides, and soon. */
function whyNotKeptUp(report, { ended, unlock_p90: unlockMs }) {
  const wanted = report['rides wanted'] ?? 0;
  if (ended < LEAST_RIDES_GIVEN * wanted) return `did not keep up: ${ended} of ${wanted} rides`;
  if (unlockMs > LONGEST_UNLOCK_MS) return `did not keep up: one unlock in ten took more than ${figure(unlockMs)} ms`;
  return null;
}

function* results({ hours, speed, scooters, riders }, day, books) {
  const { report, settled, backlogSeconds, cpu, memory, foreign } = day;
  const invalid = whyNotKeptUp(report, books);
  const count = (number) => number.toLocaleString('en');
  const what = `${hours} service hours, ${count(scooters)} scooters, ${riders} riders, ${count(books.ended)} rides`;
  yield {
    what: `${what}; times as fast as reality (asked: ${speed})`,
    unit: '×',
    better: 'higher',
    floor: [1],
    ours: [(hours * 3600) / ((hours * 3600) / speed + backlogSeconds)],
    goal: { ambitious: 100, nearlyImpossible: 300 },
    foreign: foreign === null ? [] : [foreign],
    invalid,
    notes: notesOf(day, books),
    wrong: wrongIn(books, settled),
    report,
    books,
    settled,
    backlogSeconds,
    cpu,
  };
  const half = Math.floor(memory.length / 2);
  if (memory.length < LEAST_MEMORY_SAMPLES) return;
  yield {
    what: `${what}; memory of the service, second half beside the first (as the floor)`,
    unit: 'MiB',
    better: 'lower',
    floor: [spread(memory.slice(0, half)).median],
    ours: [spread(memory.slice(half)).median],
    goal: { ambitious: 1.15, nearlyImpossible: 1.02 },
    notes: [
      `within the second half from ${figure(memory[half])} to ${figure(memory.at(-1))} MiB, ` +
        `at most ${figure(Math.max(...memory))} MiB`,
    ],
  };
}

function notesOf({ report, settled, backlogSeconds, seconds, cpu }, books) {
  const failures = books.failures === '' ? '' : ` (${books.failures})`;
  const wrong = wrongIn(books, settled);
  return [
    `rides: ${report['rides wanted'] ?? 0} wanted, ${report['rides begun'] ?? 0} begun, ` +
      `${books.ended} ended, ${books.failed} failed${failures}`,
    `unlock, request → started, in real time: p50 ${figure(books.unlock_p50)} ms, p90 ${figure(books.unlock_p90)} ms; ` +
      `settled ${figure(backlogSeconds)} s after the last rider was home`,
    `people's errors ${JSON.stringify(report.errors ?? {})}, refused ${JSON.stringify(report['rides refused'] ?? {})}`,
    `CPU: service with broker and stand-ins ${figure(cpu.all - cpu.children)} s, ` +
      `fleet and PostgreSQL ${figure(cpu.children)} s, in ${figure(seconds)} s`,
    wrong.length === 0 ? 'books and rides are right' : `WRONG: ${wrong.join('; ')}`,
  ];
}

function wrongIn(books, settled) {
  const right = [
    [settled, 'not everything was settled in time'],
    [books.under_way === 0, `${books.under_way} rides have not ended`],
    [books.stuck === 0, `${books.stuck} events are not delivered`],
    [books.ledger === 0, `the ledger is out of balance by ${books.ledger} cents`],
    [
      books.fares - books.captured - books.owed === 0,
      `fares ${books.fares} − captured ${books.captured} − debts ${books.owed} is not 0`,
    ],
    [books.two_riders === 0, `${books.two_riders} times a scooter had two riders`],
    [books.forgotten === 0, `${books.forgotten} empty scooters have no task`],
    [books.low_and_free === 0, `${books.low_and_free} scooters under 10 km are offered to riders`],
    [books.causeless === 0, `${books.causeless} swap tasks were opened without an empty battery`],
    [books.ran_low === books.swap_tasks, `${books.ran_low} crossings below the limit, ${books.swap_tasks} swap tasks`],
  ];
  return right.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}
