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
// What happens to a ride: the bank's answer, the scooter's answers, and its silence. Every method is
// one reaction to one event; an event that no longer fits the state of the ride changes nothing.
import { Injectable } from '@nestjs/common';
import { FleetService } from '../fleet/fleet.service.js';
import { ZonesService } from '../zones/zones.service.js';
import { placeOf, RideEndService } from './ride-end.service.js';
import { RideMoneyService } from './ride-money.service.js';
import { RideRowsService } from './ride-rows.service.js';
import { rideStates } from './ride-state.js';
import { whyNotEnd } from './why-not-end.js';
export class RideCourseService {
    constructor(rows, fleet, zones, money, ending){
        this.rows = rows;
        this.fleet = fleet;
        this.zones = zones;
        this.money = money;
        this.ending = ending;
    }
    /** The money is blocked, so the wheel may turn: only now is the scooter told to open. */ async authorised(tx, { rideId }) {
        const ride = await this.hold(tx, rideId);
        if (ride?.state !== 'authorising') return this.money.release(tx, rideId);
        const unlocking = await this.rows.advance(tx, ride, 'authorised');
        const unheard = await this.rows.orderIfHeard(tx, unlocking, 'unlock');
        if (unheard) await this.ending.fail(tx, unlocking, unheard);
    }
    async refusedByBank(tx, { rideId, reason }) {
        const ride = await this.hold(tx, rideId);
        if (ride?.state !== 'authorising') return;
        await this.ending.fail(tx, ride, BANK_SAYS[reason]);
    }
    async answered(tx, event) {
        const ride = await this.rideOf(tx, event);
        if (!ride) return;
        switch(event.kind){
            case 'unlock':
                return this.unlocked(tx, ride, event);
            case 'pause':
                return this.step(tx, ride, 'paused', event);
            case 'resume':
                return this.step(tx, ride, 'resumed', event);
            case 'look':
                return this.looked(tx, ride, event);
            case 'lock':
                return this.ending.locked(tx, ride, event);
            case 'open_case':
            case 'open_bay':
            case 'locate':
                return;
        }
    }
    async refused(tx, event) {
        const ride = await this.rideOf(tx, event);
        if (ride?.commandId !== event.commandId) return;
        const refusal = {
            code: 'scooter_refused',
            details: {
                reason: event.reason
            }
        };
        if (ride.state === 'unlocking') return this.ending.fail(tx, ride, 'scooter_refused');
        if (ride.state === 'unsure') return event.kind === 'unlock' ? this.ending.fail(tx, ride, 'scooter_refused') : undefined;
        if (ride.state === 'checking' || ride.state === 'locking') return this.backFromEnd(tx, ride, refusal);
        if (rideStates.after(ride.state, 'refused')) await this.rows.advance(tx, ride, 'refused', {
            refusal,
            commandId: null
        });
    }
    /** No answer in time is no answer at all: not yes, not no. */ async unanswered(tx, event) {
        const ride = await this.rideOf(tx, event);
        if (ride?.commandId !== event.commandId) return;
        if (ride.state === 'unlocking') return this.fence(tx, ride);
        if (ride.state === 'checking') {
            const locking = await this.rows.advance(tx, ride, 'silent', {
                commandId: null
            });
            await this.rows.orderIfHeard(tx, locking, 'lock');
            return;
        }
        if (ride.state === 'locking' || ride.state === 'unsure') return void await this.rows.orderIfHeard(tx, ride, 'lock');
        if (rideStates.after(ride.state, 'silent')) {
            await this.rows.advance(tx, ride, 'silent', {
                commandId: null,
                refusal: {
                    code: 'scooter_silent',
                    details: {}
                }
            });
        }
    }
    /** The scooter is back on the network: what waited for it is asked anew, with a new nonce. */ async heardAgain(tx, { scooterId }) {
        const rideId = await this.rows.liveRideOfScooter(tx, scooterId);
        const ride = rideId ? await this.hold(tx, rideId) : null;
        if (ride && ride.commandId === null && (ride.state === 'locking' || ride.state === 'unsure')) {
            await this.rows.orderIfHeard(tx, ride, 'lock');
        }
    }
    async unlocked(tx, ride, event) {
        if (!rideStates.after(ride.state, 'unlocked')) return this.lockWhatStandsOpen(tx, ride);
        if (ride.state === 'unsure') {
            // The rider may have taken another scooter meanwhile; then the lock on its way closes this one.
            if (await this.rows.bindingRideExists(tx, ride.riderId)) return;
            await this.fleet.become(tx, ride.scooterId, 'take');
        }
        const at = new Date(event.at);
        const { odometerM } = await this.fleet.hold(tx, ride.scooterId);
        const place = event.fix ? {
            startLatitude: event.fix.latitude,
            startLongitude: event.fix.longitude
        } : {};
        const riding = await this.rows.advance(tx, ride, 'unlocked', {
            startedAt: at,
            startOdometerM: odometerM,
            commandId: null,
            ...place
        });
        await this.rows.noteStep(tx, riding, {
            step: 'started',
            at
        });
        await this.rows.tell(tx, 'ride.started', riding, {
            at: event.at
        });
    }
    /** A ride that is over, and a scooter that says it opened for it: it must not stand open in the street. */ async lockWhatStandsOpen(tx, ride) {
        if (ride.state === 'failed') await this.rows.orderIfHeard(tx, ride, 'lock');
    }
    async step(tx, ride, step, event) {
        if (!rideStates.after(ride.state, step)) return;
        const moved = await this.rows.advance(tx, ride, step, {
            commandId: null,
            refusal: null
        });
        await this.rows.noteStep(tx, moved, {
            step,
            at: new Date(event.at)
        });
    }
    async looked(tx, ride, event) {
        if (ride.state !== 'checking' || ride.commandId !== event.commandId) return;
        const reason = whyNotEnd({
            sensors: event.sensors,
            fix: event.fix,
            judgeZone: (fix)=>this.zones.decide(fix)
        });
        if (reason) return this.backFromEnd(tx, ride, reason);
        const locking = await this.rows.advance(tx, ride, 'checks_hold', {
            commandId: null
        });
        await this.rows.orderIfHeard(tx, locking, 'lock');
    }
    async backFromEnd(tx, ride, refusal) {
        const step = ride.pausedBeforeEnd ? 'back_to_pause' : 'back_to_riding';
        await this.rows.advance(tx, ride, step, {
            refusal,
            commandId: null,
            endAskedAt: null
        });
    }
    /**
   * Unknown is not failed: the scooter may stand open. Nobody else gets it, and a lock with a higher
   * nonce goes out, so that an unlock still on its way can never be obeyed after it.
   */ async fence(tx, ride) {
        await this.fleet.become(tx, ride.scooterId, 'lose_trust', placeOf(ride));
        const unsure = await this.rows.advance(tx, ride, 'silent', {
            commandId: null
        });
        await this.rows.orderIfHeard(tx, unsure, 'lock');
    }
    async rideOf(tx, event) {
        const own = await this.rows.rideOfCommand(tx, event.commandId);
        // A lock is physics, whoever asked for it: an operator's lock ends the ride as well.
        const rideId = own ?? (event.kind === 'lock' ? await this.rows.liveRideOfScooter(tx, event.scooterId) : null);
        return rideId ? this.hold(tx, rideId) : null;
    }
    async hold(tx, rideId) {
        const scooterId = await this.ending.scooterOf(tx, rideId);
        if (!scooterId) return null;
        await this.fleet.hold(tx, scooterId);
        return this.rows.hold(tx, rideId);
    }
}
RideCourseService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RideRowsService === "undefined" ? Object : RideRowsService,
        typeof FleetService === "undefined" ? Object : FleetService,
        typeof ZonesService === "undefined" ? Object : ZonesService,
        typeof RideMoneyService === "undefined" ? Object : RideMoneyService,
        typeof RideEndService === "undefined" ? Object : RideEndService
    ])
], RideCourseService);
const BANK_SAYS = {
    declined: 'card_declined',
    needs_confirmation: 'card_needs_confirmation',
    not_reached: 'card_not_reached'
};

//# sourceMappingURL=ride-course.service.js.map
