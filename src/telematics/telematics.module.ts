import { Module } from '@nestjs/common';
import { LinkMetricsService } from './link-metrics.service.js';
import { LinkService } from './link.service.js';

@Module({ providers: [LinkMetricsService, LinkService], exports: [LinkMetricsService, LinkService] })
export class TelematicsModule {}
