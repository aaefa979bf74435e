// What we told the scooters and what they told us. (scooter, boot, seq) makes a repeated event
// nothing new; the nonce makes a repeated command nothing new. Locks nothing: every table is new.
export class CreateTelematics2026112209400 {
    async up(runner) {
        await runner.query(UP);
    }
    async down(runner) {
        await runner.query(DOWN);
    }
}
const UP = `
create table scooter_credentials (
  scooter_id    uuid primary key references scooters (id),
  command_key   text not null check (command_key ~ '^[0-9a-f]{64}$'),
  password_hash text not null,
  last_nonce    bigint not null default 0,
  issued_at     timestamptz not null,
  revoked_at    timestamptz
);
create unique index scooter_credentials_no_shared_key on scooter_credentials (command_key);

create table commands (
  id           uuid primary key,
  scooter_id   uuid not null references scooters (id),
  kind         text not null check (kind in ('unlock', 'lock', 'pause', 'resume', 'look', 'open_case', 'open_bay', 'locate')),
  state        text not null check (state in ('queued', 'sent', 'done', 'refused', 'expired', 'done_late', 'refused_late')),
  nonce        bigint not null check (nonce > 0),
  not_after    timestamptz not null,
  requested_by text not null,
  reason       text,
  refusal      text,
  created_at   timestamptz not null,
  sent_at      timestamptz,
  settled_at   timestamptz,
  unique (scooter_id, nonce)
);
create index commands_waiting on commands (state, not_after) where state in ('queued', 'sent');
create index commands_of_scooter on commands (scooter_id, created_at);

create table scooter_events (
  scooter_id  uuid not null references scooters (id),
  boot        integer not null,
  seq         bigint not null,
  kind        text not null,
  age_ms      bigint not null check (age_ms >= 0),
  received_at timestamptz not null,
  primary key (scooter_id, boot, seq)
);
create index scooter_events_by_age on scooter_events (received_at);
`;
const DOWN = `
drop table scooter_events, commands, scooter_credentials;
`;

//# sourceMappingURL=2026112209400-create-telematics.js.map
