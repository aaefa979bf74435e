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
// How a ride comes to its end: locked and paid, failed and free, or given up in the rider's favour.
import { Injectable } from '@nestjs/common';
import { FleetService } from '../fleet/fleet.service.js';
import { billedUntil } from './billed-until.js';
import { RideMoneyService } from './ride-money.service.js';
import { RideRowsService } from './ride-rows.service.js';
import { rideStates } from './ride-state.js';
import { RideEntity } from './ride.entity.js';
export class RideEndService {
    constructor(rows, fleet, money){
        this.rows = rows;
        this.fleet = fleet;
        this.money = money;
    }
    async scooterOf(tx, rideId) {
        const ride = await tx.findOne(RideEntity, {
            where: {
                id: rideId
            },
            select: {
                id: true,
                scooterId: true
            }
        });
        return ride?.scooterId ?? null;
    }
    /** The lock sensor says closed: the meter stops there, or the ride that never opened is over. */ async locked(tx, ride, event) {
        if (!rideStates.after(ride.state, 'locked')) return;
        if (ride.state === 'unsure') {
            await this.fleet.become(tx, ride.scooterId, 'trust', event.fix ?? undefined);
            return this.close(tx, ride, 'locked', 'scooter_silent');
        }
        await this.finish(tx, ride, {
            step: 'locked',
            lockedAt: new Date(event.at),
            fix: event.fix
        });
    }
    /** Nothing was ridden, nothing is paid: the scooter is free again and the hold goes back. */ async fail(tx, ride, failure) {
        const place = placeOf(ride);
        await this.fleet.become(tx, ride.scooterId, ride.state === 'unsure' ? 'trust' : 'release', place);
        await this.close(tx, ride, 'refused', failure);
    }
    /**
   * The scooter has been silent for too long. The rider is let go: billed to the moment of asking, or
   * not at all when nothing says the scooter ever opened. The scooter stays unsure until it speaks.
   */ async giveUp(tx, ride) {
        if (ride.state === 'unsure') return this.close(tx, ride, 'give_up', 'scooter_silent');
        await this.finish(tx, ride, {
            step: 'give_up',
            lockedAt: this.rows.now(),
            fix: null
        });
    }
    async close(tx, ride, step, failure) {
        const failed = await this.rows.advance(tx, ride, step, {
            failure,
            commandId: null
        });
        await this.money.release(tx, ride.id);
        await this.rows.tell(tx, 'ride.failed', failed, {
            failure
        });
    }
    async finish(tx, ride, how) {
        const startedAt = ride.startedAt ?? how.lockedAt;
        const endedAt = billedUntil({
            startedAt,
            endAskedAt: ride.endAskedAt,
            lockedAt: how.lockedAt
        });
        const distanceM = await this.distanceOf(tx, ride);
        await this.rows.noteStep(tx, ride, {
            step: 'ended',
            at: endedAt
        });
        const fare = this.money.fareOf({
            ...ride,
            distanceM
        }, await this.rows.stepsOf(tx, ride.id), endedAt);
        const place = how.fix ? {
            endLatitude: how.fix.latitude,
            endLongitude: how.fix.longitude
        } : {};
        const ended = await this.rows.advance(tx, ride, how.step, {
            endedAt,
            distanceM,
            commandId: null,
            refusal: null,
            fareCents: fare.totalCents,
            fareLines: fare.lines,
            ...place
        });
        await this.fleet.become(tx, ride.scooterId, how.step === 'locked' ? 'release' : 'lose_trust', how.fix ?? undefined);
        await this.money.settle(tx, ended, fare, endedAt);
        await this.rows.tell(tx, 'ride.ended', ended, {
            at: endedAt.toISOString(),
            fareCents: fare.totalCents
        });
    }
    async distanceOf(tx, ride) {
        const { odometerM } = await this.fleet.hold(tx, ride.scooterId);
        return ride.startOdometerM === null ? null : Math.max(0, odometerM - ride.startOdometerM);
    }
}
RideEndService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RideRowsService === "undefined" ? Object : RideRowsService,
        typeof FleetService === "undefined" ? Object : FleetService,
        typeof RideMoneyService === "undefined" ? Object : RideMoneyService
    ])
], RideEndService);
/** Where the scooter stood when it was taken: the only place we know while a ride is on. */ export function placeOf(ride) {
    if (ride.startLatitude === null || ride.startLongitude === null) return undefined;
    return {
        latitude: ride.startLatitude,
        longitude: ride.startLongitude,
        accuracyM: 0,
        ageS: 0
    };
}

//# sourceMappingURL=ride-end.service.js.map
