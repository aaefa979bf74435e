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
// Which tariff is in force, and how a new one is announced.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { actorName } from '../platform/actor.js';
import { AuditService } from '../platform/audit.service.js';
import { Clock } from '../platform/clock.js';
import { newId } from '../platform/ids.js';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { tariffAt, whyNotAnnounce } from './tariff-choice.js';
import { TariffEntity } from './tariff.entity.js';
export class PricingService {
    constructor(db, clock, audit){
        this.db = db;
        this.clock = clock;
        this.audit = audit;
    }
    /** For doors that only show prices. Inside a transaction take `inForceWithin`, or two connections are held at once. */ inForce(at) {
        return this.inForceWithin(this.db.manager, at);
    }
    /** The tariff as plain data, ready to be frozen into a ride. */ async inForceWithin(tx, at) {
        const all = await tx.find(TariffEntity);
        // Only a city that was never seeded has no tariff: it opens as soon as it has one.
        return plain(orRefuse(tariffAt(all, at), 'temporarily_unavailable'));
    }
    /** All of them, the latest first: what was, what is, what comes. */ async list() {
        const rows = await this.db.manager.find(TariffEntity, {
            order: {
                inForceFrom: 'desc'
            }
        });
        return rows.map(plain);
    }
    /** The control room sets a price for later. */ announce(actor, draft, reason) {
        return this.db.transaction(async (tx)=>{
            const tariff = {
                ...draft,
                id: newId(),
                inForceFrom: new Date(draft.inForceFrom).toISOString()
            };
            refuseIf(whyNotAnnounce(tariff.inForceFrom, this.clock.now()), {
                now: this.clock.now().toISOString()
            });
            const isNew = await this.publish(tx, tariff, actorName(actor));
            refuseIf(isNew ? null : 'tariff_instant_taken', {
                inForceFrom: tariff.inForceFrom
            });
            await this.audit.note(tx, actor, {
                action: 'tariff.announce',
                subjectKind: 'tariff',
                subjectId: tariff.id,
                reason,
                details: {
                    ...draft
                }
            });
            return tariff;
        });
    }
    /** Stores a tariff; also for seeds, which may run twice and set the first one in the past. False when one begins at that instant already. */ async publish(tx, tariff, by) {
        const row = {
            ...tariff,
            createdBy: by,
            createdAt: this.clock.now()
        };
        const stored = await tx.createQueryBuilder().insert().into(TariffEntity).values(row).orIgnore().returning('id').execute();
        return stored.raw.length > 0;
    }
}
PricingService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource,
        typeof Clock === "undefined" ? Object : Clock,
        typeof AuditService === "undefined" ? Object : AuditService
    ])
], PricingService);
function plain(row) {
    const { id, name, currency, rideMinuteCents, pauseMinuteCents, unlockCents, minimumCents } = row;
    const { dayCapCents, holdCents, graceSeconds, graceMeters, taxPercent, inForceFrom } = row;
    return {
        id,
        name,
        currency,
        rideMinuteCents,
        pauseMinuteCents,
        unlockCents,
        minimumCents,
        dayCapCents,
        holdCents,
        graceSeconds,
        graceMeters,
        taxPercent,
        inForceFrom
    };
}

//# sourceMappingURL=pricing.service.js.map
