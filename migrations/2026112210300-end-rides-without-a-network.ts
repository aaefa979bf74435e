// Rides that end at the scooter itself, or with its battery, are heard of late: what ended them is written on them,
// and a bill that was too high is put right by transfers of its own, never by a change of the old ones.
// Locks rides and ledger_transfers for a moment: columns without a default, and a check read once.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EndRidesWithoutANetwork2026112210300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
alter table rides
  add ended_by      text check (ended_by in ('button', 'bluetooth', 'keypad', 'power_lost', 'silence')),
  add ended_despite text;
create index rides_of_scooter on rides (scooter_id, started_at);

alter table ledger_transfers
  drop constraint ledger_transfers_kind_check,
  add constraint ledger_transfers_kind_check check (kind in ('fare', 'capture', 'correction', 'refund'));

create table corrections (
  id             uuid primary key,
  rider_id       uuid not null references riders (id),
  ride_id        uuid not null references rides (id),
  currency       char(3) not null,
  amount_cents   integer not null check (amount_cents > 0),
  forgiven_cents integer not null default 0 check (forgiven_cents between 0 and amount_cents),
  allotted_at    timestamptz,
  at             timestamptz not null
);
create index corrections_of_ride on corrections (ride_id);
create index corrections_to_allot on corrections (at) where allotted_at is null;

create table refunds (
  id                uuid primary key,
  correction_id     uuid not null references corrections (id),
  payment_id        uuid not null references payments (id),
  payment_intent_id text not null,
  amount_cents      integer not null check (amount_cents > 0),
  tries             integer not null default 0,
  next_try_at       timestamptz not null,
  leased_until      timestamptz,
  created_at        timestamptz not null,
  returned_at       timestamptz,
  unique (correction_id, payment_id)
);
create index refunds_of_payment on refunds (payment_id);
create index refunds_to_do on refunds (next_try_at) where returned_at is null;

create function refund_must_be_covered() returns trigger language plpgsql as $$
declare
  received bigint;
  returned bigint;
begin
  select capture_cents into received from payments where id = new.payment_id and state = 'captured' for update;
  select coalesce(sum(amount_cents), 0) into returned from refunds where payment_id = new.payment_id;
  if received is null or returned > received then
    raise exception 'payment % gives back % of %', new.payment_id, returned, received using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger refunds_are_covered after insert or update of amount_cents on refunds
  for each row execute function refund_must_be_covered();
`;

const DOWN = `
drop table refunds, corrections;
drop function refund_must_be_covered();
alter table ledger_transfers
  drop constraint ledger_transfers_kind_check,
  add constraint ledger_transfers_kind_check check (kind in ('fare', 'capture'));
drop index rides_of_scooter;
alter table rides drop ended_by, drop ended_despite;
`;
