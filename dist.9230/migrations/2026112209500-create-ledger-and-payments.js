// Money. The ledger is double entry: rows are only ever added, every transfer balances at commit, one
// fare per ride. A payment is written, with its Stripe key, before Stripe is called.
// Locks nothing: every table is new.
export class CreateLedgerAndPayments2026112209500 {
    async up(runner) {
        await runner.query(UP);
    }
    async down(runner) {
        await runner.query(DOWN);
    }
}
const UP = `
create table stripe_customers (
  rider_id    uuid primary key references riders (id),
  customer_id text not null unique,
  created_at  timestamptz not null
);

create table cards (
  rider_id          uuid primary key references riders (id),
  payment_method_id text not null,
  setup_intent_id   text not null,
  brand             text not null,
  last4             text not null,
  saved_at          timestamptz not null
);

create table payments (
  id                uuid primary key,
  rider_id          uuid not null references riders (id),
  ride_id           uuid not null,
  attempt           integer not null check (attempt > 0),
  purpose           text not null check (purpose in ('hold', 'rest', 'debt')),
  state             text not null check (state in ('created', 'authorised', 'capturing', 'captured', 'releasing', 'released', 'refused')),
  currency          char(3) not null,
  amount_cents      integer not null check (amount_cents > 0),
  capture_cents     integer check (capture_cents between 1 and amount_cents),
  idempotency_key   text not null unique,
  payment_intent_id text unique,
  refusal           text,
  unknown_since     timestamptz,
  tries             integer not null default 0,
  next_try_at       timestamptz not null,
  leased_until      timestamptz,
  created_at        timestamptz not null,
  settled_at        timestamptz,
  unique (ride_id, attempt),
  check (state not in ('capturing', 'captured') or capture_cents is not null)
);
create index payments_to_do on payments (next_try_at) where state in ('created', 'capturing', 'releasing');
create index payments_of_rider on payments (rider_id);

create table debts (
  id           uuid primary key,
  rider_id     uuid not null references riders (id),
  ride_id      uuid not null unique,
  currency     char(3) not null,
  amount_cents integer not null check (amount_cents > 0),
  state        text not null check (state in ('open', 'paid')),
  opened_at    timestamptz not null,
  paid_at      timestamptz,
  check ((state = 'paid') = (paid_at is not null))
);
create index debts_open_of_rider on debts (rider_id) where state = 'open';

create table stripe_events (
  id          text primary key,
  type        text not null,
  created_at  timestamptz not null,
  received_at timestamptz not null
);

create table ledger_transfers (
  id         uuid primary key,
  kind       text not null check (kind in ('fare', 'capture')),
  subject_id uuid not null,
  rider_id   uuid not null,
  ride_id    uuid not null,
  currency   char(3) not null,
  at         timestamptz not null,
  unique (kind, subject_id)
);
create index ledger_transfers_of_rider on ledger_transfers (rider_id);

create table ledger_entries (
  id           bigint generated always as identity primary key,
  transfer_id  uuid not null references ledger_transfers (id),
  account      text not null check (account in ('riders_receivable', 'ride_revenue', 'vat_collected', 'stripe_balance')),
  side         text not null check (side in ('debit', 'credit')),
  amount_cents integer not null check (amount_cents > 0)
);
create index ledger_entries_of_transfer on ledger_entries (transfer_id);

create function transfer_must_balance() returns trigger language plpgsql as $$
declare
  transfer uuid := coalesce(to_jsonb(new) ->> 'transfer_id', to_jsonb(new) ->> 'id')::uuid;
  debits bigint;
  credits bigint;
begin
  select coalesce(sum(amount_cents) filter (where side = 'debit'), 0), coalesce(sum(amount_cents) filter (where side = 'credit'), 0)
    into debits, credits from ledger_entries where transfer_id = transfer;
  if debits = 0 or debits <> credits then
    raise exception 'transfer % does not balance: debits %, credits %', transfer, debits, credits using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_transfers_balance after insert on ledger_transfers
  deferrable initially deferred for each row execute function transfer_must_balance();
create constraint trigger ledger_entries_balance after insert on ledger_entries
  deferrable initially deferred for each row execute function transfer_must_balance();
create trigger ledger_transfers_append_only before update or delete or truncate on ledger_transfers
  for each statement execute function forbid_change();
create trigger ledger_entries_append_only before update or delete or truncate on ledger_entries
  for each statement execute function forbid_change();
`;
const DOWN = `
drop table ledger_entries, ledger_transfers, stripe_events, debts, payments, cards, stripe_customers;
drop function transfer_must_balance();
`;

//# sourceMappingURL=2026112209500-create-ledger-and-payments.js.map
