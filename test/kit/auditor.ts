// Looks at a city from outside, with SQL of its own and at the bank's list of charges, and says which promises
// do not hold. `broken` may be asked at any instant; `unfinished` once everything has had time to end.
import pg from 'pg';
import type { BoltMove, TruthLog } from './truth-log.js';

export interface Charge {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly captured: number;
  readonly rideId: string | null;
  readonly purpose: string | null;
}
interface RideRow {
  readonly id: string;
  readonly scooter_id: string;
  readonly state: string;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly fare_cents: number | null;
  readonly nonce: number | null;
  /** Billed at the price of riding. */
  readonly riding_ms: number | null;
}
/** Rounding of ages to whole milliseconds. */
const ROUNDING_MS = 5;

export class Auditor {
  private constructor(
    private readonly client: pg.Client,
    private readonly stripeUrl: string,
  ) {}

  static async sent(to: { databaseUrl: string; stripeUrl: string }): Promise<Auditor> {
    const client = new pg.Client({ connectionString: to.databaseUrl, application_name: 'auditor', connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    await client.connect();
    return new Auditor(client, to.stripeUrl);
  }

  async leave(): Promise<void> {
    await this.client.end();
  }

  async ask<T extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return (await this.client.query<T>(sql, parameters)).rows;
  }

  async charges(): Promise<Charge[]> {
    const answer = await fetch(`${this.stripeUrl}/_stand-in/charges`);
    return ((await answer.json()) as { items: Charge[] }).items;
  }

  /** What must hold at every instant. Empty when it does. */
  async broken(): Promise<string[]> {
    const found: string[] = [];
    for (const [promise, sql] of ALWAYS) found.push(...told(promise, await this.ask(sql)));
    return [...found, ...(await this.brokenAtTheBank())];
  }

  /** Charges are read before fares: a fare is committed before the bank hears of it. */
  private async brokenAtTheBank(): Promise<string[]> {
    const charges = await this.charges();
    const fares = new Map((await this.ask<RideRow>(BILLED)).map(({ id, fare_cents }) => [id, fare_cents]));
    return [...new Set(charges.map(({ rideId }) => rideId ?? 'no ride'))].flatMap((rideId) => {
      const own = charges.filter((charge) => (charge.rideId ?? 'no ride') === rideId);
      const holds = own.filter(({ purpose, status }) => purpose === 'hold' && (status === 'requires_capture' || status === 'succeeded'));
      const captured = own.reduce((sum, charge) => sum + charge.captured, 0);
      const fare = fares.get(rideId) ?? 0;
      return [
        ...(holds.length > 1 ? [`ride ${rideId} has ${String(holds.length)} holds`] : []),
        ...(captured > fare ? [`ride ${rideId} was charged ${String(captured)} cents for a fare of ${String(fare)}`] : []),
      ];
    });
  }

  /** What rides say against what bolts did. `airMs` is how long a message may be under way. */
  async againstTruth(truth: TruthLog, airMs: number): Promise<string[]> {
    const moves = truth.moves.length;
    const rides = await this.ask<RideRow>(RIDES_WITH_NONCE);
    const late = await this.obeyedTooLate(truth, moves);
    return [...truth.broken, ...late, ...rides.flatMap((ride) => whyNotTrue(ride, truth, airMs))];
  }

  private async obeyedTooLate(truth: TruthLog, moves: number): Promise<string[]> {
    const rows = await this.ask<{ scooter_id: string; nonce: number; kind: string; not_after: Date }>(
      'select scooter_id, nonce::int as nonce, kind, not_after from commands');
    const commands = new Map(rows.map((row) => [`${row.scooter_id} ${String(row.nonce)}`, row]));
    return truth.moves.slice(0, moves).flatMap(({ scooterId, nonce, kind, atMs }) => {
      const command = commands.get(`${scooterId} ${String(nonce)}`);
      if (!command) return [`scooter ${scooterId} obeyed nonce ${String(nonce)}, which nobody gave`];
      return atMs > command.not_after.getTime() + ROUNDING_MS ? [`scooter ${scooterId} was ${kind} by a command that had run out`] : [];
    });
  }

  /** What keeps the city from being at rest. Empty when everything has ended well. */
  async unfinished(): Promise<string[]> {
    const found: string[] = [];
    for (const [promise, sql] of AT_REST) found.push(...told(promise, await this.ask(sql)));
    return [...found, ...(await this.unbalanced())];
  }

  private async unbalanced(): Promise<string[]> {
    const [books] = await this.ask<{ fares: number; captured: number; debts: number }>(BOOKS);
    const charges = await this.charges();
    const atTheBank = charges.reduce((sum, { captured }) => sum + captured, 0);
    const held = charges.filter(({ status }) => status === 'requires_capture').map(({ rideId }) => `the bank still holds money for ride ${rideId ?? '?'}`);
    if (!books) return ['no books'];
    const { fares, captured, debts } = books;
    return [
      ...held,
      ...(captured !== fares - debts ? [`captured ${String(captured)} is not fares ${String(fares)} less debts ${String(debts)}`] : []),
      ...(captured !== atTheBank ? [`the books say ${String(captured)} was captured and the bank says ${String(atTheBank)}`] : []),
    ];
  }
}

function whyNotTrue(ride: RideRow, truth: TruthLog, airMs: number): string[] {
  if (ride.started_at === null) return [];
  const { opened, locked } = truth.rideOpenedBy(ride.scooter_id, ride.nonce ?? 0);
  if (!opened) return [`ride ${ride.id} is ${ride.state} and its scooter never opened for it`];
  const wrong: string[] = [];
  const early = opened.atMs - ride.started_at.getTime();
  if (early > ROUNDING_MS) wrong.push(`ride ${ride.id} is billed from ${String(early)} ms before the unlock`);
  if (ride.ended_at === null || !locked) return wrong;
  const late = ride.ended_at.getTime() - locked.atMs;
  const underWay = (move: BoltMove) => airMs + truth.jumpedMs(move.realMs - 50, move.realMs + airMs);
  if (late > underWay(locked)) wrong.push(`ride ${ride.id} is billed until ${String(late)} ms after the lock`);
  const { openMs, shut } = truth.openBetween(opened, locked);
  const excess = (ride.riding_ms ?? 0) - openMs;
  if (excess > shut.reduce((sum, move) => sum + underWay(move), 0)) {
    wrong.push(`ride ${ride.id} is billed for ${String(Math.round(excess))} ms of riding too much: ${JSON.stringify([ride, opened, ...shut])}`);
  }
  return wrong;
}

const told = (promise: string, rows: object[]): string[] => rows.map((row) => `${promise}: ${JSON.stringify(row)}`);

const LIVE = `state not in ('ended', 'failed')`;

const ALWAYS: readonly (readonly [promise: string, sql: string])[] = [
  ['a scooter with two live rides', `select scooter_id, count(*) from rides where ${LIVE} group by 1 having count(*) > 1`],
  ['a rider with two binding rides', `select rider_id, count(*) from rides where ${LIVE} and state <> 'unsure' group by 1 having count(*) > 1`],
  ['a transfer that does not balance', `
    select t.id from ledger_transfers t left join ledger_entries e on e.transfer_id = t.id group by t.id
    having coalesce(sum(case e.side when 'debit' then e.amount_cents else -e.amount_cents end), 1) <> 0`],
  ['a ride with two fares', `select ride_id, count(*) from ledger_transfers where kind = 'fare' group by 1 having count(*) > 1`],
  ['a fare in the books that the ride does not know', `
    select r.id, r.fare_cents, f.cents from rides r left join
      (select t.ride_id, sum(case t.kind when 'fare' then e.amount_cents else -e.amount_cents end) as cents
         from ledger_transfers t join ledger_entries e on e.transfer_id = t.id
        where t.kind in ('fare', 'correction') and e.account = 'riders_receivable' group by 1) f on f.ride_id = r.id
     where coalesce(r.fare_cents, 0) <> coalesce(f.cents, 0)`],
  ['a fare above its minutes', `
    select id, fare_cents, started_at, ended_at from rides
     where fare_cents > 28 * (1 + ceil(extract(epoch from ended_at - started_at) / 60))`],
  ['a bill that goes on after the wish', `
    select id, end_asked_at, ended_at from rides where ended_at > end_asked_at + interval '15 seconds'`],
  ['a ride that began or ended twice', `
    select ride_id, step, count(*) from ride_steps where step in ('started', 'ended') group by 1, 2 having count(*) > 1`],
  ['a place in a live ride', `
    select r.id, r.state from rides r join scooters s on s.id = r.scooter_id
     where r.state in ('riding', 'pausing', 'paused', 'resuming', 'checking', 'locking') and (s.latitude is not null or r.end_latitude is not null)`],
  ['two open tasks of a kind', `
    select scooter_id, kind, count(*) from tasks where state not in ('verified', 'cancelled') group by 1, 2 having count(*) > 1`],
  ['a scooter for riders that needs a battery', `select id from scooters where state = 'available' and (needs_swap or range_unknown)`],
  ['a ride that somebody else can take', `
    select r.id, r.state, s.state as scooter from rides r join scooters s on s.id = r.scooter_id
     where r.${LIVE} and r.state <> 'unsure' and s.state <> 'taken'`],
];

const AT_REST: readonly (readonly [promise: string, sql: string])[] = [
  ['a ride that is not over', `select id, state, scooter_id, command_id from rides where ${LIVE}`],
  ['a payment that is not settled', `
    select id, ride_id, purpose, state, tries, next_try_at from payments where state not in ('captured', 'released', 'refused')`],
  ['a correction that was not given back', `select id from corrections where allotted_at is null union all select id from refunds where returned_at is null`],
  ['a reservation that is not over', `select id, expires_at from reservations where state = 'held'`],
  ['an event nobody took', `select listener, attempts, last_error from outbox_deliveries`],
  ['a command without an end', `select id, kind, state from commands where state in ('queued', 'sent')`],
  ['a debt that differs from what is missing', `
    select d.ride_id, d.amount_cents from debts d where d.state = 'open' and d.amount_cents > (select fare_cents from rides r where r.id = d.ride_id)`],
  ['a scooter that is out of reach', 'select id from scooters where not connected'],
  ['a scooter lost to service without anybody looking after it', `
    select s.id, s.state, s.sensors ->> 'lock' as lock, s.needs_swap, s.range_unknown from scooters s
     where s.state not in ('available', 'retired')
       and not exists (select 1 from tasks t where t.scooter_id = s.id and t.state not in ('verified', 'cancelled'))`],
];

const RIDES_WITH_NONCE = `
  select r.id, r.scooter_id, r.state, r.started_at, r.ended_at, r.fare_cents, c.nonce::int as nonce,
         (select sum(extract(epoch from upto - at) * 1000)::float8
            from (select step, at, lead(at) over (order by at, id) as upto from ride_steps where ride_id = r.id) s
           where step in ('started', 'resumed')) as riding_ms
    from rides r left join (select rc.ride_id, c.nonce from ride_commands rc join commands c on c.id = rc.command_id where c.kind = 'unlock') c
      on c.ride_id = r.id`;

/** What was ever asked for a ride: a bill put right since may not have been given back yet. */
const BILLED = `
  select r.id, r.fare_cents + coalesce((select sum(amount_cents) from corrections c where c.ride_id = r.id), 0)::int as fare_cents from rides r`;

const BOOKS = `
  select coalesce(sum(case when t.kind = 'fare' and e.side = 'debit' then e.amount_cents
                           when t.kind = 'correction' and e.side = 'credit' then -e.amount_cents end), 0)::int as fares,
         coalesce(sum(case when t.kind = 'capture' and e.side = 'debit' then e.amount_cents
                           when t.kind = 'refund' and e.side = 'credit' then -e.amount_cents end), 0)::int as captured,
         (select coalesce(sum(amount_cents), 0)::int from debts where state = 'open') as debts
    from ledger_entries e join ledger_transfers t on t.id = e.transfer_id`;
