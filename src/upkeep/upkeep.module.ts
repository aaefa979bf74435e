import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { HealthController } from './health.controller.js';
import { MetricsService } from './metrics.service.js';
import { ReadinessService } from './readiness.service.js';
import { RequestLogInterceptor } from './request-log.interceptor.js';
import { RetentionService } from './retention.service.js';

const services = [MetricsService, ReadinessService, RetentionService];

/** Global, because every room has something to count, to be asked, or to forget. */
@Global()
@Module({
  controllers: [HealthController],
  providers: [...services, { provide: APP_INTERCEPTOR, useClass: RequestLogInterceptor }],
  exports: services,
})
export class UpkeepModule {}
