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
// Numbers for Prometheus. Modules register what they count; labels never hold a person or a place.
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
export class MetricsService {
    constructor(){
        this.registry = new Registry();
        collectDefaultMetrics({
            register: this.registry,
            prefix: 'roue_libre_'
        });
    }
    counter(name, help, labelNames = []) {
        return new Counter({
            name: `roue_libre_${name}`,
            help,
            labelNames,
            registers: [
                this.registry
            ]
        });
    }
    gauge(name, help, read) {
        new Gauge({
            name: `roue_libre_${name}`,
            help,
            registers: [
                this.registry
            ],
            async collect () {
                this.set(await read());
            }
        });
    }
    histogram(name, help, labelNames = []) {
        const buckets = [
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10
        ];
        return new Histogram({
            name: `roue_libre_${name}`,
            help,
            labelNames,
            buckets,
            registers: [
                this.registry
            ]
        });
    }
}
MetricsService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [])
], MetricsService);

//# sourceMappingURL=metrics.service.js.map
