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
// One answer per Idempotency-Key and person: a phone that asks again after a lost answer gets the
// first one. The key is claimed in the database before the work, so two replicas agree.
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { catchError, from, mergeMap, of } from 'rxjs';
import { DataSource } from 'typeorm';
import { actorName } from '../actor.js';
import { Clock } from '../clock.js';
import { Refusal } from '../refusal.js';
/** A claim older than this belongs to a process that died; real seconds. */ const CLAIM_LIVES_SECONDS = 60;
export class IdempotencyInterceptor {
    constructor(db, clock){
        this.db = db;
        this.clock = clock;
    }
    async intercept(context, next) {
        const request = context.switchToHttp().getRequest();
        const reply = context.switchToHttp().getResponse();
        const key = request.headers['idempotency-key'];
        if (request.method !== 'POST' || !request.actor || key === undefined) return next.handle();
        if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new Refusal('malformed', {
            header: 'Idempotency-Key'
        });
        const who = actorName(request.actor);
        const kept = await this.claim(who, key, requestHash(request));
        if (kept) {
            void reply.status(kept.status).header('idempotent-replayed', 'true');
            return of(kept.body);
        }
        return next.handle().pipe(mergeMap((body)=>from(this.keep(who, key, reply.statusCode, body))), catchError((error)=>from(this.forget(who, key, error))));
    }
    /** Null: the work is ours to do. Otherwise the answer given before. */ async claim(who, key, hash) {
        const claimed = await this.db.query(`insert into idempotency_keys as k (actor, key, request_hash, claimed_at) values ($1, $2, $3, $4)
       on conflict (actor, key) do update set claimed_at = excluded.claimed_at
         where k.status is null and k.claimed_at < $5 and k.request_hash = excluded.request_hash
       returning 1`, [
            who,
            key,
            hash,
            this.clock.now(),
            this.clock.inReal(-CLAIM_LIVES_SECONDS)
        ]);
        if (claimed.length > 0) return null;
        const [kept] = await this.db.query('select request_hash, status, body from idempotency_keys where actor = $1 and key = $2', [
            who,
            key
        ]);
        if (kept && kept.request_hash !== hash) throw new Refusal('idempotency_key_reused');
        if (kept?.status == null) throw new Refusal('idempotency_key_busy');
        return {
            status: kept.status,
            body: kept.body
        };
    }
    async keep(who, key, status, body) {
        await this.db.query('update idempotency_keys set status = $3, body = $4 where actor = $1 and key = $2', [
            who,
            key,
            status,
            JSON.stringify(body ?? null)
        ]);
        return body;
    }
    /** A refusal changed nothing, so the same key may try again. */ async forget(who, key, error) {
        await this.db.query('delete from idempotency_keys where actor = $1 and key = $2 and status is null', [
            who,
            key
        ]);
        throw error;
    }
}
IdempotencyInterceptor = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource,
        typeof Clock === "undefined" ? Object : Clock
    ])
], IdempotencyInterceptor);
const requestHash = (request)=>createHash('sha256').update(`${request.url}\n${JSON.stringify(request.body ?? null)}`).digest('hex');

//# sourceMappingURL=idempotency.interceptor.js.map
