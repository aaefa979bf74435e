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
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Clock } from '../platform/clock.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { Prices, pricesAnswer } from './pricing.dto.js';
import { PricingService } from './pricing.service.js';
export class RiderPricesController {
    constructor(pricing, clock){
        this.pricing = pricing;
        this.clock = clock;
    }
    async show() {
        const now = this.clock.now();
        return pricesAnswer(await this.pricing.inForce(now), now);
    }
}
_ts_decorate([
    Get(),
    Answers(200, Prices, 'What a ride costs now, tax included, and when rides may start.'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", Promise)
], RiderPricesController.prototype, "show", null);
RiderPricesController = _ts_decorate([
    ApiTags('rider: prices'),
    Allow('anyone'),
    Controller('rider/prices'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof PricingService === "undefined" ? Object : PricingService,
        typeof Clock === "undefined" ? Object : Clock
    ])
], RiderPricesController);

//# sourceMappingURL=rider-prices.controller.js.map
