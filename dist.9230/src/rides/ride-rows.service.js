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
// The rows of rides: held, moved along the state table, and the commands given for them. Every other
// service of rides writes through here, so that no state changes outside the table.
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { OutboxService } from '../platform/outbox.service.js';
import { orRefuse, Refusal } from '../platform/refusal.js';
import { DownlinkService } from '../telematics/downlink.service.js';
import { BINDING_STATES, LIVE_STATES, rideStates } from './ride-state.js';
import { RideEntity } from './ride.entity.js';
export class RideRowsService {
    constructor(clock, downlink, outbox){
        this.clock = clock;
        this.downlink = downlink;
        this.outbox = outbox;
    }
    /** The ride, locked. Its scooter must be held before (ladder order: scooter, ride). */ async hold(tx, rideId) {
        return orRefuse(await tx.findOne(RideEntity, {
            where: {
                id: rideId
            },
            lock: {
                mode: 'pessimistic_write'
            }
        }), 'ride_unknown');
    }
    /** Which ride a command was given for, read without a lock; null for commands of crews and operators. */ async rideOfCommand(tx, commandId) {
        const [row] = await tx.query('select ride_id from ride_commands where command_id = $1', [
            commandId
        ]);
        return row?.ride_id ?? null;
    }
    async liveRideOfScooter(tx, scooterId) {
        const ride = await tx.findOne(RideEntity, {
            where: {
                scooterId,
                state: In([
                    ...LIVE_STATES
                ])
            },
            select: {
                id: true
            }
        });
        return ride?.id ?? null;
    }
    bindingRideExists(tx, riderId) {
        return tx.existsBy(RideEntity, {
            riderId,
            state: In([
                ...BINDING_STATES
            ])
        });
    }
    /** One step along the table. @throws Refusal step_not_allowed when the table has no such step. */ async advance(tx, ride, step, also = {}) {
        const state = rideStates.mustStep(ride.state, step);
        const next = {
            ...ride,
            ...also,
            state
        };
        await tx.update(RideEntity, {
            id: ride.id
        }, {
            ...also,
            state
        });
        return next;
    }
    /** Gives the scooter a command for this ride and waits for its answer. @throws Refusal scooter_offline, broker_down */ async order(tx, ride, kind) {
        const commandId = await this.downlink.command(tx, {
            scooterId: ride.scooterId,
            kind,
            requestedBy: `ride:${ride.id}`
        });
        await tx.query('insert into ride_commands (command_id, ride_id) values ($1, $2)', [
            commandId,
            ride.id
        ]);
        await tx.update(RideEntity, {
            id: ride.id
        }, {
            commandId
        });
        return commandId;
    }
    /** Like `order`, but a scooter out of reach is no error: whoever hears of it next tries again. */ async orderIfHeard(tx, ride, kind) {
        try {
            await this.order(tx, ride, kind);
            return null;
        } catch (error) {
            if (error instanceof Refusal && (error.code === 'scooter_offline' || error.code === 'broker_down')) {
                await tx.update(RideEntity, {
                    id: ride.id
                }, {
                    commandId: null
                });
                return error.code;
            }
            throw error;
        }
    }
    async noteStep(tx, ride, { step, at }) {
        await tx.query('insert into ride_steps (ride_id, step, at) values ($1, $2, $3)', [
            ride.id,
            step,
            at
        ]);
    }
    stepsOf(tx, rideId) {
        return tx.query('select step, at from ride_steps where ride_id = $1 order by at, id', [
            rideId
        ]);
    }
    async tell(tx, name, ride, rest) {
        const who = {
            rideId: ride.id,
            riderId: ride.riderId,
            scooterId: ride.scooterId
        };
        await this.outbox.publish(tx, name, ride.id, {
            ...who,
            ...rest
        });
    }
    now() {
        return this.clock.now();
    }
}
RideRowsService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Clock === "undefined" ? Object : Clock,
        typeof DownlinkService === "undefined" ? Object : DownlinkService,
        typeof OutboxService === "undefined" ? Object : OutboxService
    ])
], RideRowsService);

//# sourceMappingURL=ride-rows.service.js.map
