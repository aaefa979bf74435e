// Reservations and rides. Two partial unique indexes are the last word on "one scooter, one rider":
// checking first and inserting after rented 1,000 of 1,000 contended scooters twice when measured.
// Locks nothing: every table is new.
export class CreateRides2026112209600 {
    async up(runner) {
        await runner.query(UP);
    }
    async down(runner) {
        await runner.query(DOWN);
    }
}
const UP = `
create table reservations (
  id         uuid primary key,
  rider_id   uuid not null references riders (id),
  scooter_id uuid not null references scooters (id),
  state      text not null check (state in ('held', 'used', 'cancelled', 'expired')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at   timestamptz,
  check ((state = 'held') = (ended_at is null))
);
create unique index reservations_one_per_scooter on reservations (scooter_id) where state = 'held';
create unique index reservations_one_per_rider on reservations (rider_id) where state = 'held';
create index reservations_of_rider on reservations (rider_id, scooter_id, created_at);

create table rides (
  id               uuid primary key,
  rider_id         uuid not null references riders (id),
  scooter_id       uuid not null references scooters (id),
  state            text not null check (state in ('authorising', 'unlocking', 'unsure', 'riding', 'pausing', 'paused', 'resuming', 'checking', 'locking', 'ended', 'failed')),
  tariff           jsonb not null,
  zone_version     integer not null,
  command_id       uuid references commands (id),
  requested_at     timestamptz not null,
  started_at       timestamptz,
  end_asked_at     timestamptz,
  ended_at         timestamptz,
  end_tries        integer not null default 0,
  paused_before_end boolean not null default false,
  refusal          jsonb,
  failure          text,
  fare_cents       integer check (fare_cents >= 0),
  fare_lines       jsonb,
  start_odometer_m integer,
  distance_m       integer check (distance_m >= 0),
  start_latitude   double precision,
  start_longitude  double precision,
  end_latitude     double precision,
  end_longitude    double precision,
  check ((state = 'ended') = (fare_cents is not null)),
  check (state <> 'ended' or (started_at is not null and ended_at is not null and ended_at >= started_at)),
  check ((state = 'failed') = (failure is not null))
);
create unique index rides_one_per_scooter on rides (scooter_id) where state not in ('ended', 'failed');
create unique index rides_one_per_rider on rides (rider_id) where state not in ('ended', 'failed', 'unsure');
create index rides_of_rider on rides (rider_id, id);

create table ride_commands (
  command_id uuid primary key references commands (id),
  ride_id    uuid not null references rides (id)
);
create index ride_commands_of_ride on ride_commands (ride_id);

create table ride_steps (
  id      bigint generated always as identity primary key,
  ride_id uuid not null references rides (id),
  step    text not null check (step in ('started', 'paused', 'resumed', 'ended')),
  at      timestamptz not null
);
create index ride_steps_of_ride on ride_steps (ride_id, at);
`;
const DOWN = `
drop table ride_steps, ride_commands, rides, reservations;
`;

//# sourceMappingURL=2026112209600-create-rides.js.map
