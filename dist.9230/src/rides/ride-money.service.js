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
// What a ride has to do with money and eligibility: may this rider ride, at which price, and what it
// cost in the end. One door from rides to accounts, pricing and billing.
import { Injectable } from '@nestjs/common';
import { RidersService } from '../accounts/riders.service.js';
import { cityDay, whyNotRide } from '../accounts/why-not-ride.js';
import { PaymentsService } from '../billing/payments.service.js';
import { whyNotCredit } from '../billing/why-not-credit.js';
import { Clock } from '../platform/clock.js';
import { refuseIf } from '../platform/refusal.js';
import { fareOf } from '../pricing/fare.js';
import { mayStart } from '../pricing/opening-hours.js';
import { PricingService } from '../pricing/pricing.service.js';
export class RideMoneyService {
    constructor(clock, riders, pricing, payments){
        this.clock = clock;
        this.riders = riders;
        this.pricing = pricing;
        this.payments = payments;
    }
    /** @throws Refusal with the first reason this person may not ride now: account, licence, debt, card. */ async refuseUnlessWelcome(tx, riderId) {
        const facts = await this.riders.facts(tx, riderId);
        refuseIf(whyNotRide(facts, cityDay(this.clock.now())));
        refuseIf(whyNotCredit(await this.payments.credit(tx, riderId)));
    }
    serviceOpen() {
        return mayStart(this.clock.now());
    }
    tariffNow() {
        return this.pricing.inForce(this.clock.now());
    }
    async authorise(tx, ride) {
        const { holdCents, currency } = ride.tariff;
        await this.payments.authorise(tx, {
            riderId: ride.riderId,
            rideId: ride.id,
            amountCents: holdCents,
            currency
        });
    }
    async settle(tx, ride, fare, at) {
        await this.payments.settle(tx, {
            riderId: ride.riderId,
            rideId: ride.id,
            fare,
            currency: ride.tariff.currency,
            at
        });
    }
    async release(tx, rideId) {
        await this.payments.release(tx, rideId);
    }
    /** The live meter and the final fare are this one function. */ fareOf(ride, steps, until) {
        return fareOf({
            tariff: ride.tariff,
            steps,
            until,
            distanceM: ride.distanceM
        });
    }
}
RideMoneyService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Clock === "undefined" ? Object : Clock,
        typeof RidersService === "undefined" ? Object : RidersService,
        typeof PricingService === "undefined" ? Object : PricingService,
        typeof PaymentsService === "undefined" ? Object : PaymentsService
    ])
], RideMoneyService);

//# sourceMappingURL=ride-money.service.js.map
