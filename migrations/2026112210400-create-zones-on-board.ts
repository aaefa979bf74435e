// Which version of the zones each scooter carries, as it told us. Locks nothing: the table is new.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateZonesOnBoard2026112210400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

// No reference to zone_versions: a scooter says what it says, and its word must not fail for ever.
const UP = `
create table scooter_zones (
  scooter_id  uuid primary key references scooters (id),
  known_since timestamptz not null,
  version     integer check (version > 0),
  kept_at     timestamptz,
  refused     text check (refused in ('bad_signature', 'unreadable', 'older')),
  refused_at  timestamptz,
  check ((version is null) = (kept_at is null)),
  check ((refused is null) = (refused_at is null))
);
create index scooter_zones_by_version on scooter_zones (version);
`;

const DOWN = `
drop table scooter_zones;
`;
