// Where one may ride and what it costs, each in versions that are never changed once published.
// Locks nothing: every table is new.
export class CreateZonesAndTariffs2026112209200 {
    async up(runner) {
        await runner.query(UP);
    }
    async down(runner) {
        await runner.query(DOWN);
    }
}
const UP = `
create table zone_versions (
  version      integer primary key,
  note         text not null,
  published_at timestamptz not null,
  published_by text not null
);

create table zones (
  id            uuid primary key,
  version       integer not null references zone_versions (version),
  kind          text not null check (kind in ('service', 'no_parking', 'no_ride', 'slow')),
  name          text not null,
  priority      integer,
  max_speed_kmh integer check (max_speed_kmh between 0 and 45),
  geometry      jsonb not null,
  area_m2       double precision not null check (area_m2 > 0),
  source        text not null,
  check ((kind = 'slow') = (max_speed_kmh is not null))
);
create index zones_of_version on zones (version);

create table tariffs (
  id                  uuid primary key,
  name                text not null,
  currency            char(3) not null,
  ride_minute_cents   integer not null check (ride_minute_cents between 0 and 10000),
  pause_minute_cents  integer not null check (pause_minute_cents between 0 and 10000),
  unlock_cents        integer not null check (unlock_cents >= 0),
  minimum_cents       integer not null check (minimum_cents >= 0),
  day_cap_cents       integer not null check (day_cap_cents > 0),
  hold_cents          integer not null check (hold_cents > 0),
  grace_seconds       integer not null check (grace_seconds >= 0),
  grace_meters        integer not null check (grace_meters >= 0),
  tax_percent         integer not null check (tax_percent between 0 and 100),
  in_force_from       timestamptz not null,
  created_by          text not null,
  created_at          timestamptz not null
);
create unique index tariffs_one_per_instant on tariffs (in_force_from);
`;
const DOWN = `
drop table tariffs, zones, zone_versions;
`;

//# sourceMappingURL=2026112209200-create-zones-and-tariffs.js.map
