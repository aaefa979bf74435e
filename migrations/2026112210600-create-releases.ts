// Releases of the scooters' firmware, and what became of each on every scooter. An image is what its checksum
// says or it is not stored, and nobody can change one later. Locks nothing: every table is new.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReleases2026112210600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
create table releases (
  name        text primary key check (name ~ '^[0-9]{1,9}\\.[0-9]{1,9}\\.[0-9]{1,9}(-rc\\.[0-9]{1,9})?$'),
  state       text not null check (state in ('draft', 'one_percent', 'ten_percent', 'everybody', 'halted', 'finished', 'cancelled')),
  stage       text check (stage in ('one_percent', 'ten_percent', 'everybody')),
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes  integer not null check (size_bytes > 0),
  notes       text not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  state_since timestamptz not null,
  count_from  timestamptz,
  why_halted  text,
  unique (name, sha256),
  check ((state in ('draft', 'cancelled')) or (stage is not null and count_from is not null)),
  check ((state = 'halted') = (why_halted is not null))
);
create unique index releases_one_rollout on releases ((true)) where state in ('one_percent', 'ten_percent', 'everybody', 'halted');

create table release_images (
  release text primary key,
  sha256  text not null,
  bytes   bytea not null,
  foreign key (release, sha256) references releases (name, sha256),
  check (encode(sha256(bytes), 'hex') = sha256)
);
create trigger release_images_append_only before update or delete or truncate on release_images
  for each statement execute function forbid_change();

create table scooter_updates (
  release       text not null references releases (name),
  scooter_id    uuid not null references scooters (id),
  state         text not null check (state in ('chosen', 'offered', 'downloaded', 'installed', 'rolled_back', 'refused', 'timed_out')),
  reason        text,
  attempts      integer not null default 0 check (attempts >= 0),
  chosen_at     timestamptz not null,
  offered_at    timestamptz,
  last_offer_at timestamptz,
  next_offer_at timestamptz not null,
  settled_at    timestamptz,
  primary key (release, scooter_id),
  check (state not in ('offered', 'downloaded', 'timed_out') or offered_at is not null),
  check ((state in ('chosen', 'offered', 'downloaded')) = (settled_at is null))
);
create index scooter_updates_due on scooter_updates (next_offer_at) where state in ('chosen', 'offered', 'downloaded');
create index scooter_updates_of_scooter on scooter_updates (scooter_id);

create table scooter_releases (
  scooter_id uuid primary key references scooters (id),
  release    text not null,
  boot       integer not null,
  since      timestamptz not null
);
`;

const DOWN = `
drop table scooter_releases, scooter_updates, release_images, releases;
`;
