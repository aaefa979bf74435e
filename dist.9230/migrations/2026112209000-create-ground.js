// The ground floor: events and their deliveries, sessions, remembered answers, the audit log, and the
// trigger that makes a table append-only. Locks nothing: every table is new.
export class CreateGround2026112209000 {
    async up(runner) {
        await runner.query(UP);
    }
    async down(runner) {
        await runner.query(DOWN);
    }
}
const UP = `
create function forbid_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are only ever added', tg_table_name using errcode = 'insufficient_privilege';
end $$;

create table outbox_events (
  seq         bigint generated always as identity primary key,
  name        text not null,
  subject     text not null,
  payload     jsonb not null,
  happened_at timestamptz not null
);
create index outbox_events_by_age on outbox_events (happened_at);

create table outbox_deliveries (
  event_seq       bigint not null references outbox_events (seq),
  listener        text not null,
  subject         text not null,
  attempts        integer not null default 0,
  next_attempt_at timestamptz not null,
  last_error      text,
  primary key (event_seq, listener)
);
create index outbox_deliveries_in_order on outbox_deliveries (listener, subject, event_seq);

create table sessions (
  token_hash text primary key,
  audience   text not null check (audience in ('rider', 'crew', 'operator')),
  holder_id  uuid not null,
  actor      jsonb not null,
  opened_at  timestamptz not null,
  expires_at timestamptz not null,
  closed_at  timestamptz
);
create index sessions_of_holder on sessions (holder_id) where closed_at is null;

create table idempotency_keys (
  actor        text not null,
  key          text not null check (length(key) between 1 and 255),
  request_hash text not null,
  status       integer,
  body         jsonb,
  claimed_at   timestamptz not null,
  primary key (actor, key)
);

create table audit_entries (
  id           uuid primary key,
  at           timestamptz not null,
  actor        text not null,
  action       text not null,
  subject_kind text not null,
  subject_id   text not null,
  reason       text not null check (length(reason) > 0),
  details      jsonb not null
);
create index audit_entries_of_subject on audit_entries (subject_kind, subject_id);
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function forbid_change();
`;
const DOWN = `
drop table audit_entries, idempotency_keys, sessions, outbox_deliveries, outbox_events;
drop function forbid_change();
`;

//# sourceMappingURL=2026112209000-create-ground.js.map
