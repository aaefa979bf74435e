// Keys that change and credentials that are taken away: which key a scooter has, which one it is being given,
// which unit of it this is, and every secret that was ever given, so that none comes twice. Locks the
// credentials for as long as the secrets of the fleet are hashed, well under a second for 20,000 scooters.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LetKeysChange2026112210500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
alter table scooter_credentials
  add column unit                integer not null default 1 check (unit > 0),
  add column key_id              integer not null default 1 check (key_id > 0),
  add column key_issued_at       timestamptz,
  add column next_command_key    text check (next_command_key ~ '^[0-9a-f]{64}$'),
  add column next_key_offered_at timestamptz,
  add column next_key_due_at     timestamptz,
  add column last_order_at       timestamptz,
  add column broker_hash         text check (broker_hash ~ '^[$]7[$][0-9]+[$][A-Za-z0-9+/=]+[$][A-Za-z0-9+/=]+$'),
  add constraint scooter_credentials_next_key_is_due check ((next_command_key is null) = (next_key_due_at is null)),
  add constraint scooter_credentials_next_key_is_offered check (next_command_key is not null or next_key_offered_at is null),
  add constraint scooter_credentials_next_key_is_new check (next_command_key <> command_key),
  add constraint scooter_credentials_revoked_gets_no_key check (revoked_at is null or next_command_key is null);
create unique index scooter_credentials_no_shared_next_key on scooter_credentials (next_command_key);
create index scooter_credentials_due on scooter_credentials (next_key_due_at) where next_key_due_at is not null;
create index scooter_credentials_not_first on scooter_credentials (scooter_id) where revoked_at is not null or unit > 1;

create table spent_secrets (
  digest     text primary key check (digest ~ '^[0-9a-f]{64}$'),
  scooter_id uuid not null references scooters (id),
  given_at   timestamptz not null
);
create index spent_secrets_of_scooter on spent_secrets (scooter_id);
insert into spent_secrets (digest, scooter_id, given_at)
  select encode(sha256(convert_to(command_key, 'UTF8')), 'hex'), scooter_id, issued_at from scooter_credentials
  union all select password_hash, scooter_id, issued_at from scooter_credentials
  on conflict do nothing;
`;

const DOWN = `
drop table spent_secrets;
drop index scooter_credentials_no_shared_next_key, scooter_credentials_due, scooter_credentials_not_first;
alter table scooter_credentials
  drop constraint scooter_credentials_next_key_is_due,
  drop constraint scooter_credentials_next_key_is_offered,
  drop constraint scooter_credentials_next_key_is_new,
  drop constraint scooter_credentials_revoked_gets_no_key,
  drop column unit, drop column key_id, drop column key_issued_at, drop column next_command_key, drop column next_key_offered_at,
  drop column next_key_due_at, drop column last_order_at, drop column broker_hash;
`;
