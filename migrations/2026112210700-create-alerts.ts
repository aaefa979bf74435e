// Alerts: one row per trouble of a scooter, or of the whole fleet (no scooter), and what we doubt about each
// scooter. The count of missing numbers moves out of the busiest row of all. Locks scooters for a moment: a column
// is dropped without a rewrite, two small partial indexes are built.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAlerts2026112210700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

// A thousand repetitions are one row: the index has the last word, for the fleet's own row (null) too.
const UP = `
create table alerts (
  id            uuid primary key,
  kind          text not null,
  scooter_id    uuid references scooters (id),
  severity      text not null check (severity in ('info', 'warning', 'critical')),
  state         text not null check (state in ('open', 'acknowledged', 'snoozed', 'closed')),
  owner         uuid references staff_members (id),
  opened_at     timestamptz not null,
  last_seen_at  timestamptz not null,
  times         integer not null check (times > 0),
  snoozed_until timestamptz,
  closed_at     timestamptz,
  closed_by     text check (closed_by in ('auto', 'person')),
  reason        text,
  details       jsonb not null check (details::text !~* 'latitude|longitude|"fix"'),
  check ((state = 'closed') = (closed_at is not null)),
  check ((closed_at is null) = (closed_by is null)),
  check ((state = 'snoozed') = (snoozed_until is not null))
);
create unique index alerts_one_open on alerts (scooter_id, kind) nulls not distinct where state <> 'closed';
create index alerts_open on alerts (kind, opened_at) where state <> 'closed';
create index alerts_of_scooter on alerts (scooter_id, kind, opened_at);

create table scooter_doubts (
  scooter_id         uuid primary key references scooters (id),
  missing_numbers    bigint not null default 0 check (missing_numbers >= 0),
  clock              text,
  clock_skew_s       double precision,
  clock_judged_at    timestamptz,
  suspect_places     integer not null default 0,
  suspect_latitude   double precision check (suspect_latitude between -90 and 90),
  suspect_longitude  double precision check (suspect_longitude between -180 and 180),
  suspect_accuracy_m double precision,
  suspect_at         timestamptz,
  check ((suspect_latitude is null) = (suspect_longitude is null))
);

alter table scooters drop column seq_gaps;
create index scooters_out_of_reach on scooters (connection_changed_at) where not connected;
create index scooters_seen_open on scooters (id) where sensors ->> 'lock' = 'open';
`;

const DOWN = `
drop index scooters_seen_open;
drop index scooters_out_of_reach;
alter table scooters add column seq_gaps bigint not null default 0;
drop table scooter_doubts, alerts;
`;
