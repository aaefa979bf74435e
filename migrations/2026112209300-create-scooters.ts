// The scooters: what they are to riders (state) and what they last said of themselves. While a ride
// runs, the row holds no place. Locks nothing: every table is new.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateScooters2026112209300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
create table scooters (
  id                    uuid primary key,
  plate                 text not null unique,
  vin                   text not null unique,
  state                 text not null check (state in ('available', 'reserved', 'taken', 'low', 'maintenance', 'unsure', 'retired')),
  unsure_since          timestamptz,
  needs_swap            boolean not null default false,
  range_unknown         boolean not null default false,
  connected             boolean not null default false,
  connection_changed_at timestamptz,
  last_seen_at          timestamptz,
  range_km              double precision check (range_km between 0 and 300),
  charge_percent        double precision check (charge_percent between 0 and 100),
  battery_serial        text,
  odometer_m            integer not null default 0 check (odometer_m >= 0),
  sensors               jsonb,
  latitude              double precision check (latitude between -90 and 90),
  longitude             double precision check (longitude between -180 and 180),
  accuracy_m            double precision,
  position_at           timestamptz,
  boot                  integer not null default 0,
  seq                   bigint not null default 0,
  seq_gaps              bigint not null default 0,
  created_at            timestamptz not null,
  check ((latitude is null) = (longitude is null)),
  check (state <> 'taken' or latitude is null),
  check ((state = 'unsure') = (unsure_since is not null)),
  check (state <> 'available' or (not needs_swap and not range_unknown))
);
create index scooters_free_by_place on scooters (latitude, longitude) where state = 'available' and connected;
create index scooters_by_state on scooters (state);
`;

const DOWN = `
drop table scooters;
`;
