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
// Who looked at whom, and who ordered what, with the reason given. Rows are only ever added: the
// database refuses to change or delete them.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { actorName } from './actor.js';
import { Clock } from './clock.js';
import { newId } from './ids.js';
export class AuditService {
    constructor(db, clock){
        this.db = db;
        this.clock = clock;
    }
    async note(tx, actor, entry) {
        await tx.query(`insert into audit_entries (id, at, actor, action, subject_kind, subject_id, reason, details)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
            newId(),
            this.clock.now(),
            actorName(actor),
            entry.action,
            entry.subjectKind,
            entry.subjectId,
            entry.reason,
            entry.details ?? {}
        ]);
    }
    /** Newest first; `before` is the id of the last row already seen. */ page(before, limit) {
        return this.db.query(`select id, at, actor, action, subject_kind as "subjectKind", subject_id as "subjectId", reason, details
         from audit_entries where $1::uuid is null or id < $1 order by id desc limit $2`, [
            before,
            limit
        ]);
    }
}
AuditService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource,
        typeof Clock === "undefined" ? Object : Clock
    ])
], AuditService);

//# sourceMappingURL=audit.service.js.map
