import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { CityClock, Clock } from './clock.js';
import type { CityConfig } from './config.js';
import { CITY_CONFIG, configProvider } from './config.provider.js';
import { AuthGuard } from './http/auth.guard.js';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.js';
import { PublicUrlService } from './http/public-url.service.js';
import { RateLimitGuard } from './http/rate-limit.guard.js';
import { RefusalFilter } from './http/refusal.filter.js';
import { LoopService } from './loop.service.js';
import { OutboxService } from './outbox.service.js';
import { SessionsService } from './sessions.service.js';

const services = [LoopService, OutboxService, PublicUrlService, SessionsService];

/** In this order: too many requests are turned away before anyone asks the database who they are. */
const everyDoor = [
  { provide: APP_GUARD, useClass: RateLimitGuard },
  { provide: APP_GUARD, useClass: AuthGuard },
  { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  { provide: APP_FILTER, useClass: RefusalFilter },
];

@Global()
@Module({})
export class PlatformModule {
  static forCity(config: CityConfig, clock: Clock = new CityClock(config.clock)): DynamicModule {
    return {
      module: PlatformModule,
      providers: [configProvider(config), { provide: Clock, useValue: clock }, ...services, ...everyDoor],
      exports: [CITY_CONFIG, Clock, ...services],
    };
  }
}
