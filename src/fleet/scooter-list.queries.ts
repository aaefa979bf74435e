// Pages and counts of the fleet for the control room.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ScooterState } from './scooter.js';
import { ScooterEntity } from './scooter.entity.js';

export interface StateCount {
  readonly state: ScooterState;
  readonly count: number;
  readonly connected: number;
}

@Injectable()
export class ScooterListQueries {
  constructor(private readonly db: DataSource) {}

  /** By id; `cursor` is the last id already seen. One row more than `limit` says that there is a next page. */
  page(state: ScooterState | null, cursor: string | null, limit: number): Promise<ScooterEntity[]> {
    const query = this.db.manager
      .createQueryBuilder(ScooterEntity, 's')
      .orderBy('s.id')
      .limit(limit + 1);
    if (state !== null) query.andWhere('s.state = :state', { state });
    if (cursor !== null) query.andWhere('s.id > :cursor', { cursor });
    return query.getMany();
  }

  countByState(): Promise<StateCount[]> {
    return this.db.query(
      `select state, count(*)::integer as count, (count(*) filter (where connected))::integer as connected
         from scooters group by state order by state`,
    );
  }
}
