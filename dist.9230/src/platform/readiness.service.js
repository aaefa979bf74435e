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
// The city is ready when every part that registered here says so: database, broker, fleet.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
export class ReadinessService {
    constructor(db){
        this.probes = new Map();
        this.add('database', async ()=>{
            await db.query('select 1');
            return null;
        });
    }
    add(part, probe) {
        this.probes.set(part, probe);
    }
    async ask() {
        const answers = await Promise.all([
            ...this.probes
        ].map(async ([part, probe])=>[
                part,
                await quietly(probe)
            ]));
        return {
            ready: answers.every(([, missing])=>missing === null),
            parts: Object.fromEntries(answers.map(([part, missing])=>[
                    part,
                    missing ?? 'ok'
                ]))
        };
    }
}
ReadinessService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource
    ])
], ReadinessService);
async function quietly(probe) {
    try {
        return await probe();
    } catch  {
        return 'does not answer';
    }
}

//# sourceMappingURL=readiness.service.js.map
