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
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
// Is the process alive, is the city ready, what does it count.
import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { MetricsService } from '../metrics.service.js';
import { ReadinessService } from '../readiness.service.js';
import { Allow } from './allow.decorator.js';
export class HealthController {
    constructor(readiness, metrics){
        this.readiness = readiness;
        this.metrics = metrics;
    }
    live() {
        return {
            alive: true
        };
    }
    /** 200 when every part answers, 503 with the same body when one does not. */ async ready(reply) {
        const answer = await this.readiness.ask();
        void reply.status(answer.ready ? 200 : 503);
        return answer;
    }
    scrape() {
        return this.metrics.registry.metrics();
    }
}
_ts_decorate([
    Get('health/live'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", Object)
], HealthController.prototype, "live", null);
_ts_decorate([
    Get('health/ready'),
    _ts_param(0, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], HealthController.prototype, "ready", null);
_ts_decorate([
    Get('metrics'),
    Header('content-type', 'text/plain; version=0.0.4'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", typeof Promise === "undefined" ? Object : Promise)
], HealthController.prototype, "scrape", null);
HealthController = _ts_decorate([
    ApiExcludeController(),
    Allow('anyone'),
    Controller(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ReadinessService === "undefined" ? Object : ReadinessService,
        typeof MetricsService === "undefined" ? Object : MetricsService
    ])
], HealthController);

//# sourceMappingURL=health.controller.js.map
