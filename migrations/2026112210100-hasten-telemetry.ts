// Ready for a thousand rows of telemetry in one statement: nothing that telemetry changes is indexed any more (free
// scooters are found in memory), so a new version of a row fits beside the old one; and who keeps rows in memory is
// called when one of them becomes free or stops being it. Locks the scooters for an instant; rewrites nothing.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class HastenTelemetry2026112210100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
drop index scooters_free_by_place;
alter table scooters set (fillfactor = 70);

create function call_out_scooter() returns trigger language plpgsql as $$
begin
  perform pg_notify('scooters', new.id || ' ' || pg_current_xact_id()::xid);
  return null;
end $$;

create trigger scooters_called_out after update on scooters for each row
  when (old.state is distinct from new.state or old.connected is distinct from new.connected)
  execute function call_out_scooter();
`;

const DOWN = `
drop trigger scooters_called_out on scooters;
drop function call_out_scooter();
alter table scooters reset (fillfactor);
create index scooters_free_by_place on scooters (latitude, longitude) where state = 'available' and connected;
`;
