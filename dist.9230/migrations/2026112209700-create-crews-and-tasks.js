// Crews and their work. One open task of a kind per scooter, by index. Locks nothing: every table is new.
export class CreateCrewsAndTasks2026112209700 {
    async up(runner) {
        await runner.query(UP);
    }
    async down(runner) {
        await runner.query(DOWN);
    }
}
const UP = `
create table crews (
  id               uuid primary key,
  name             text not null unique,
  hub_latitude     double precision not null,
  hub_longitude    double precision not null,
  on_shift         boolean not null default false,
  shift_changed_at timestamptz,
  full_packs       integer not null default 0 check (full_packs >= 0),
  empty_packs      integer not null default 0 check (empty_packs >= 0)
);
alter table staff_members add constraint staff_members_crew_id_fkey foreign key (crew_id) references crews (id);

create table tasks (
  id             uuid primary key,
  kind           text not null check (kind in ('swap', 'inspect')),
  scooter_id     uuid not null references scooters (id),
  state          text not null check (state in ('created', 'assigned', 'in_progress', 'resolved', 'proved', 'verified', 'cancelled')),
  crew_id        uuid references crews (id),
  opened_at      timestamptz not null,
  due_at         timestamptz not null,
  opened_range_km double precision,
  latitude       double precision,
  longitude      double precision,
  arrived_at     timestamptz,
  resolved_at    timestamptz,
  verified_at    timestamptz,
  command_id     uuid references commands (id),
  bay            text check (bay in ('asked', 'open', 'refused', 'silent')),
  serial_out     text,
  serial_in      text,
  proof          jsonb,
  note           text,
  check (state in ('created', 'verified', 'cancelled') or crew_id is not null)
);
create unique index tasks_one_open_per_kind on tasks (scooter_id, kind) where state not in ('verified', 'cancelled');
create index tasks_of_command on tasks (command_id) where command_id is not null;
create index tasks_of_crew on tasks (crew_id, state);
create index tasks_open on tasks (state, opened_at) where state not in ('verified', 'cancelled');
`;
const DOWN = `
alter table staff_members drop constraint staff_members_crew_id_fkey;
drop table tasks, crews;
`;

//# sourceMappingURL=2026112209700-create-crews-and-tasks.js.map
