function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
import { Global, Module } from '@nestjs/common';
import { AuditService } from './audit.service.js';
import { CityClock, Clock } from './clock.js';
import { CITY_CONFIG, configProvider } from './config.provider.js';
import { HealthController } from './http/health.controller.js';
import { LoopService } from './loop.service.js';
import { MetricsService } from './metrics.service.js';
import { OutboxService } from './outbox.service.js';
import { ReadinessService } from './readiness.service.js';
import { SessionsService } from './sessions.service.js';
const services = [
    LoopService,
    OutboxService,
    AuditService,
    MetricsService,
    ReadinessService,
    SessionsService
];
export class PlatformModule {
    static forCity(config, clock = new CityClock(config.clock)) {
        return {
            module: PlatformModule,
            controllers: [
                HealthController
            ],
            providers: [
                configProvider(config),
                {
                    provide: Clock,
                    useValue: clock
                },
                ...services
            ],
            exports: [
                CITY_CONFIG,
                Clock,
                ...services
            ]
        };
    }
}
PlatformModule = _ts_decorate([
    Global(),
    Module({})
], PlatformModule);

//# sourceMappingURL=platform.module.js.map
