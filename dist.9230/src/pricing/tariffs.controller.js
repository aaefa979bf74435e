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
import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Clock } from '../platform/clock.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import { NewTariff, TariffAnswer, tariffAnswerOf, TariffList, tariffListAnswer } from './pricing.dto.js';
import { PricingService } from './pricing.service.js';
import { tariffAt } from './tariff-choice.js';
export class TariffsController {
    constructor(pricing, clock){
        this.pricing = pricing;
        this.clock = clock;
    }
    async list() {
        const tariffs = await this.pricing.list();
        const now = this.clock.now();
        return tariffListAnswer(tariffs, tariffAt(tariffs, now)?.id ?? null, now);
    }
    async announce(operator, { tariff, reason }) {
        return tariffAnswerOf(await this.pricing.announce(operator, tariff, reason));
    }
}
_ts_decorate([
    Get(),
    Answers(200, TariffList, 'Every tariff, the latest first: past, in force, announced.'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", Promise)
], TariffsController.prototype, "list", null);
_ts_decorate([
    Post(),
    Allow('operator', [
        'operator',
        'admin'
    ]),
    Answers(201, TariffAnswer, 'A tariff for later; rides already asked for keep theirs.'),
    _ts_param(0, TheOperator()),
    _ts_param(1, Body({
        schema: NewTariff
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Actor === "undefined" ? Object : Actor,
        typeof NewTariff === "undefined" ? Object : NewTariff
    ]),
    _ts_metadata("design:returntype", Promise)
], TariffsController.prototype, "announce", null);
TariffsController = _ts_decorate([
    ApiTags('operator: tariffs'),
    Allow('operator'),
    Controller('operator/tariffs'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof PricingService === "undefined" ? Object : PricingService,
        typeof Clock === "undefined" ? Object : Clock
    ])
], TariffsController);

//# sourceMappingURL=tariffs.controller.js.map
