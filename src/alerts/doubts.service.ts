// What we doubt about each scooter: places that cannot be, a clock that errs, numbers that never came. It is kept to
// be looked at and for nothing else: no ride, no bill and no crew's way is decided by it.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Events } from '../events.js';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { ScooterDoubtsEntity } from './scooter-doubts.entity.js';

@Injectable()
export class DoubtsService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Null when there is nothing to doubt. */
  of(scooterId: ScooterId): Promise<ScooterDoubtsEntity | null> {
    return this.db.manager.findOneBy(ScooterDoubtsEntity, { scooterId });
  }

  async place(tx: EntityManager, { scooterId, at, fix }: Events['scooter.place_doubted']): Promise<void> {
    await tx.query(
      `insert into scooter_doubts as d (scooter_id, suspect_places, suspect_latitude, suspect_longitude, suspect_accuracy_m, suspect_at)
       values ($1, 1, $2, $3, $4, $5)
       on conflict (scooter_id) do update set suspect_places = d.suspect_places + 1, suspect_latitude = $2, suspect_longitude = $3,
         suspect_accuracy_m = $4, suspect_at = $5`,
      [scooterId, fix.latitude, fix.longitude, fix.accuracyM, at]);
  }

  async judgeClock(tx: EntityManager, { scooterId, clock, skewSeconds }: Events['scooter.clock_judged']): Promise<void> {
    await tx.query(
      `insert into scooter_doubts (scooter_id, clock, clock_skew_s, clock_judged_at) values ($1, $2, $3, $4)
       on conflict (scooter_id) do update set clock = $2, clock_skew_s = $3, clock_judged_at = $4`,
      [scooterId, clock, skewSeconds, this.clock.now()]);
  }

  /** Opens the transaction. Below zero for numbers that came after all. */
  addMissing(counts: ReadonlyMap<string, number>): Promise<void> {
    const [ids, missing] = [[...counts.keys()], [...counts.values()]];
    return this.db.transaction(async (tx) => {
      await tx.query('insert into scooter_doubts (scooter_id) select id from unnest($1::uuid[]) as id order by id on conflict do nothing', [ids]);
      await tx.query(
        `update scooter_doubts d set missing_numbers = greatest(0, d.missing_numbers + m.count)
           from unnest($1::uuid[], $2::int[]) as m (id, count) where d.scooter_id = m.id`, [ids, missing]);
    });
  }
}
