// The questions after a day, asked of the database, of the Stripe stand-in and of the street: three
// witnesses that do not know of each other.
import pg from 'pg';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const LOW_KM = 10;

/** @returns facts to print and, in `wrong`, one sentence for every question with the wrong answer. */
export async function audit({ databaseUrl, doors, settledWithinMs }) {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  const one = async (sql) => (await db.query(sql)).rows[0];
  try {
    const stillOpen = await settle(one, settledWithinMs);
    const rides = await one(`select count(*)::int as all, count(*) filter (where state = 'ended')::int as ended, count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state not in ('ended', 'failed'))::int as live, coalesce(sum(fare_cents), 0)::int as fares from rides`);
    const failures = (await db.query('select failure, count(*)::int from rides where failure is not null group by 1')).rows;
    const books = await one(`select coalesce(sum(amount_cents) filter (where side = 'debit'), 0)::int as debits, coalesce(sum(amount_cents) filter (where side = 'credit'), 0)::int as credits,
      coalesce(sum(amount_cents) filter (where account = 'stripe_balance' and side = 'debit'), 0)::int as captured from ledger_entries`);
    const debts = await one(`select coalesce(sum(amount_cents) filter (where state = 'open'), 0)::int as open from debts`);
    const twice = await one(`select count(*)::int as n from rides a join rides b on a.scooter_id = b.scooter_id and a.id < b.id
      where a.started_at is not null and b.started_at is not null and a.started_at < b.ended_at and b.started_at < a.ended_at`);
    const swaps = await one(`select count(*) filter (where kind = 'swap')::int as all, count(*) filter (where kind = 'swap' and state = 'verified')::int as verified,
      count(*) filter (where kind = 'swap' and state not in ('verified', 'cancelled'))::int as open, count(*) filter (where kind <> 'swap')::int as other,
      count(*) filter (where kind = 'swap' and coalesce(opened_range_km, 99) >= ${LOW_KM})::int as causeless from tasks`);
    const needing = await one(`select count(*) filter (where needs_swap)::int as flagged,
      count(*) filter (where needs_swap and not exists (select 1 from tasks t where t.scooter_id = s.id and t.kind = 'swap' and t.state not in ('verified', 'cancelled')))::int as forgotten,
      count(*) filter (where not needs_swap and exists (select 1 from tasks t where t.scooter_id = s.id and t.kind = 'swap' and t.state not in ('verified', 'cancelled')))::int as blamed,
      count(*) filter (where range_km < ${LOW_KM} and state = 'available')::int as low_and_free, count(*) filter (where state = 'available')::int as available from scooters s`);
    const stuck = await one('select count(*) filter (where attempts > 0)::int as n from outbox_deliveries');
    const charges = (await (await fetch(`${doors['Stripe stand-in']}/_stand-in/charges`)).json()).items;
    const capturedThere = charges.reduce((sum, { captured }) => sum + captured, 0);

    const wrong = [
      [stillOpen, `${stillOpen} rides or payments were still open after ${settledWithinMs / 1000} s`],
      [rides.live, `${rides.live} rides are not over`],
      [books.debits - books.credits, `the ledger is out of balance by ${books.debits - books.credits} cents`],
      [rides.fares - books.captured - debts.open, `fares ${rides.fares} − debts ${debts.open} is not what was captured (${books.captured})`],
      [books.captured - capturedThere, `the stand-in holds ${capturedThere} cents, the ledger ${books.captured}`],
      [twice.n, `${twice.n} times two riders had one scooter at once`],
      [needing.forgotten, `${needing.forgotten} empty scooters have no task`],
      [needing.blamed, `${needing.blamed} scooters have a task without an empty battery`],
      [needing.low_and_free, `${needing.low_and_free} scooters under ${LOW_KM} km are offered to riders`],
      [swaps.causeless, `${swaps.causeless} swap tasks were opened at ${LOW_KM} km or more`],
      [stuck.n, `${stuck.n} events could not be delivered`],
      [rides.ended === 0, 'nobody rode'],
    ].filter(([isWrong]) => Boolean(isWrong)).map(([, sentence]) => sentence);
    return { facts: { rides, failures, books, openDebts: debts.open, swaps, scooters: needing }, wrong };
  } finally {
    await db.end();
  }
}

/** Waits until what was under way has come to its end. @returns how many have not */
async function settle(one, withinMs) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const { open } = await one(`select (select count(*) from rides where state not in ('ended', 'failed'))::int
      + (select count(*) from payments where state in ('created', 'authorised', 'capturing', 'releasing'))::int as open`);
    if (open === 0 || performance.now() > deadline) return open;
    await pause(500);
  }
}
