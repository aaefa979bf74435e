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
// Who is signed in. A session is a random token; the database keeps only its SHA-256, so a stolen
// copy of the table opens nothing. Revoking acts at once: there is no cache between.
import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Clock } from './clock.js';
/** Real seconds: people stay signed in by their own clock, not by the simulated city's. */ const LIVES_SECONDS = {
    rider: 30 * 24 * 3600,
    crew: 14 * 3600,
    operator: 12 * 3600
};
const hashOf = (token)=>createHash('sha256').update(token).digest('hex');
export class SessionsService {
    constructor(db, clock){
        this.db = db;
        this.clock = clock;
    }
    /** @returns the token, which is shown once and never stored. */ async open(tx, actor) {
        const token = randomBytes(32).toString('base64url');
        const holder = actor.audience === 'rider' ? actor.riderId : actor.staffId;
        await tx.query('insert into sessions (token_hash, audience, holder_id, actor, opened_at, expires_at) values ($1, $2, $3, $4, $5, $6)', [
            hashOf(token),
            actor.audience,
            holder,
            actor,
            this.clock.now(),
            this.clock.inReal(LIVES_SECONDS[actor.audience])
        ]);
        return token;
    }
    async whoHolds(token) {
        const [row] = await this.db.query('select actor from sessions where token_hash = $1 and expires_at > $2 and closed_at is null', [
            hashOf(token),
            this.clock.now()
        ]);
        return row?.actor ?? null;
    }
    /** Ends every session of a person: after a suspension, a lost phone, a changed role. */ async closeAll(tx, holderId) {
        await tx.query('update sessions set closed_at = $2 where holder_id = $1 and closed_at is null', [
            holderId,
            this.clock.now()
        ]);
    }
}
SessionsService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource,
        typeof Clock === "undefined" ? Object : Clock
    ])
], SessionsService);

//# sourceMappingURL=sessions.service.js.map
