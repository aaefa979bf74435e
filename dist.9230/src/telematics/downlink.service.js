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
// An order to a scooter begins as a row. It is refused at once when the scooter or our own line to the
// broker is down: an order that would have to wait is an order that must not be given.
import { Injectable } from '@nestjs/common';
import { FleetService } from '../fleet/fleet.service.js';
import { Clock } from '../platform/clock.js';
import { newId } from '../platform/ids.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { BrokerClient } from './broker.client.js';
import { CommandEntity } from './command.entity.js';
import { COMMAND_LIVES_SECONDS } from './wire.js';
export class DownlinkService {
    constructor(fleet, broker, clock){
        this.fleet = fleet;
        this.broker = broker;
        this.clock = clock;
    }
    async command(tx, order) {
        const { scooterId, kind } = order;
        const scooter = await this.fleet.hold(tx, scooterId);
        refuseIf(this.broker.isConnected ? null : 'broker_down');
        refuseIf(scooter.connected ? null : 'scooter_offline', {
            scooterId
        });
        const id = newId();
        await tx.insert(CommandEntity, {
            id,
            scooterId,
            kind,
            state: 'queued',
            nonce: await this.nextNonce(tx, scooterId),
            notAfter: this.clock.inReal(COMMAND_LIVES_SECONDS),
            requestedBy: order.requestedBy,
            reason: order.reason ?? null,
            createdAt: this.clock.now()
        });
        await tx.query(`select pg_notify('commands', '')`);
        return id;
    }
    /** Never given twice: the row stays locked until the order is committed or never was. */ async nextNonce(tx, scooterId) {
        const [rows] = await tx.query(`update scooter_credentials set last_nonce = last_nonce + 1
        where scooter_id = $1 and revoked_at is null returning last_nonce as nonce`, [
            scooterId
        ]);
        return Number(orRefuse(rows[0], 'scooter_offline', {
            scooterId
        }).nonce);
    }
}
DownlinkService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FleetService === "undefined" ? Object : FleetService,
        typeof BrokerClient === "undefined" ? Object : BrokerClient,
        typeof Clock === "undefined" ? Object : Clock
    ])
], DownlinkService);

//# sourceMappingURL=downlink.service.js.map
