import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { FleetModule } from '../fleet/fleet.module.js';
import { LoopService } from '../platform/loop.service.js';
import { TelematicsModule } from '../telematics/telematics.module.js';
import { MetricsService } from '../upkeep/metrics.service.js';
import { RetentionService } from '../upkeep/retention.service.js';
import { AlertBookService } from './alert-book.service.js';
import { AlertsController } from './alerts.controller.js';
import { AlertsListener } from './alerts.listener.js';
import { AlertsService } from './alerts.service.js';
import { DoubtsController } from './doubts.controller.js';
import { DoubtsService } from './doubts.service.js';
import { LevelsJob } from './levels.job.js';
import { ReviewJob } from './review.job.js';
import { SightingsService } from './sightings.service.js';
import { TalliesJob } from './tallies.job.js';

@Module({
  imports: [AccountsModule, CommandsModule, FleetModule, TelematicsModule],
  controllers: [AlertsController, DoubtsController],
  providers: [AlertBookService, AlertsListener, AlertsService, DoubtsService, LevelsJob, ReviewJob, SightingsService, TalliesJob],
})
export class AlertsModule {
  constructor(retention: RetentionService, metrics: MetricsService, loops: LoopService, review: ReviewJob, db: DataSource) {
    review.register(loops);
    retention.add({ name: 'closed alerts', days: 365, sql: 'delete from alerts where closed_at < $1' });
    retention.add({
      name: 'suspect places', days: 30,
      sql: 'update scooter_doubts set suspect_latitude = null, suspect_longitude = null, suspect_accuracy_m = null, suspect_at = null where suspect_at < $1',
    });
    metrics.gauges('alerts_open', 'Alerts that are not closed, by kind and severity.', ['kind', 'severity'], () => db.query(
      `select kind, severity, count(*)::int as value from alerts where state <> 'closed' group by kind, severity`));
    metrics.gauge('numbers_missing', 'Message numbers of all scooters that never came.', async () => {
      const [row] = await db.query<{ value: number }[]>('select coalesce(sum(missing_numbers), 0)::double precision as value from scooter_doubts');
      return row?.value ?? 0;
    });
  }
}
