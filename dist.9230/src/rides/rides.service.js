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
// What a rider wishes: take a scooter, pause, go on, end. A wish is checked, written, and answered at
// once; what the scooter then does comes back through ride-course.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { newId } from '../platform/ids.js';
import { orRefuse, Refusal, refuseIf } from '../platform/refusal.js';
import { ZonesService } from '../zones/zones.service.js';
import { ReservationEntity } from './reservation.entity.js';
import { RideMoneyService } from './ride-money.service.js';
import { RideRowsService } from './ride-rows.service.js';
import { RideEntity } from './ride.entity.js';
import { whyNotUnlock } from './why-not-unlock.js';
export class RidesService {
    constructor(db, rows, fleet, zones, money){
        this.db = db;
        this.rows = rows;
        this.fleet = fleet;
        this.zones = zones;
        this.money = money;
    }
    /** @throws Refusal; see why-not-ride, why-not-credit, why-not-unlock. Nothing is charged by asking. */ request(riderId, wish) {
        return this.db.transaction(async (tx)=>{
            const scooter = await this.fleet.hold(tx, wish.scooterId);
            const held = await tx.findOneBy(ReservationEntity, {
                riderId,
                state: 'held'
            });
            const tariff = await this.money.tariffNow();
            const reservation = this.holdOn(held, scooter);
            await this.money.refuseUnlessWelcome(tx, riderId);
            refuseIf(whyNotUnlock({
                scooter,
                heldByRider: reservation !== null,
                riderHoldsAnother: held !== null && reservation === null,
                riderHasLiveRide: await this.rows.bindingRideExists(tx, riderId),
                serviceOpen: this.money.serviceOpen() || reservation !== null,
                acceptedHoldCents: wish.acceptedHoldCents,
                holdCents: tariff.holdCents
            }), {
                scooterId: wish.scooterId,
                holdCents: tariff.holdCents
            });
            if (reservation) await tx.update(ReservationEntity, {
                id: reservation.id
            }, {
                state: 'used',
                endedAt: this.rows.now()
            });
            await this.fleet.become(tx, scooter.id, 'take');
            return this.begin(tx, riderId, scooter, tariff);
        });
    }
    pause(riderId, rideId) {
        return this.wish(riderId, rideId, (tx, ride)=>this.askScooter(tx, ride, 'pause'));
    }
    resume(riderId, rideId) {
        return this.wish(riderId, rideId, (tx, ride)=>this.askScooter(tx, ride, 'resume'));
    }
    /** The scooter is asked how it stands; when it cannot be heard, the wish counts and the lock follows. */ end(riderId, rideId) {
        return this.wish(riderId, rideId, async (tx, ride)=>{
            const asked = {
                endAskedAt: this.rows.now(),
                endTries: ride.endTries + 1,
                pausedBeforeEnd: ride.state === 'paused',
                refusal: null
            };
            const checking = await this.rows.advance(tx, ride, 'ask_end', asked);
            const unheard = await this.rows.orderIfHeard(tx, checking, 'look');
            if (unheard) await this.rows.advance(tx, checking, 'silent');
        });
    }
    async ofRider(riderId, rideId) {
        return orRefuse(await this.db.manager.findOneBy(RideEntity, {
            id: rideId,
            riderId
        }), 'ride_unknown');
    }
    holdOn(held, scooter) {
        return held?.scooterId === scooter.id && held.expiresAt > this.rows.now() ? held : null;
    }
    async begin(tx, riderId, scooter, tariff) {
        const id = newId();
        await tx.insert(RideEntity, {
            id,
            riderId,
            scooterId: scooter.id,
            state: 'authorising',
            tariff,
            zoneVersion: this.zones.version,
            requestedAt: this.rows.now(),
            endTries: 0,
            pausedBeforeEnd: false,
            startLatitude: scooter.latitude,
            startLongitude: scooter.longitude
        });
        await this.money.authorise(tx, {
            id,
            riderId,
            tariff
        });
        return id;
    }
    async askScooter(tx, ride, step) {
        const asked = await this.rows.advance(tx, ride, step, {
            refusal: null
        });
        await this.rows.order(tx, asked, step);
    }
    wish(riderId, rideId, act) {
        return this.db.transaction(async (tx)=>{
            const known = await tx.findOneBy(RideEntity, {
                id: rideId,
                riderId
            });
            if (!known) throw new Refusal('ride_unknown');
            await this.fleet.hold(tx, known.scooterId);
            const ride = await this.rows.hold(tx, rideId);
            await act(tx, ride);
        });
    }
}
RidesService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource,
        typeof RideRowsService === "undefined" ? Object : RideRowsService,
        typeof FleetService === "undefined" ? Object : FleetService,
        typeof ZonesService === "undefined" ? Object : ZonesService,
        typeof RideMoneyService === "undefined" ? Object : RideMoneyService
    ])
], RidesService);

//# sourceMappingURL=rides.service.js.map
