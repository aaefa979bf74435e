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
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
// Work that nobody asks for by hand: each loop runs its step until there is nothing left, then waits
// for a NOTIFY or for its tick. Tests turn the loops themselves.
import { Inject, Injectable, Logger } from '@nestjs/common';
import pg from 'pg';
import { CITY_CONFIG } from './config.provider.js';
const RELISTEN_AFTER_MS = 1000;
/** After a failed step the loop rests, so that a lost database does not burn a core. */ const REST_AFTER_ERROR_MS = 500;
export class LoopService {
    constructor(config){
        this.config = config;
        this.log = new Logger(LoopService.name);
        this.loops = [];
        this.wakers = new Map();
        this.running = [];
        this.ear = null;
        this.stopped = false;
    }
    add(loop) {
        this.loops.push(loop);
    }
    onApplicationBootstrap() {
        if (this.config.loops === 'by_hand') return;
        this.running = [
            this.listen(),
            ...this.loops.map((loop)=>this.run(loop))
        ];
    }
    async beforeApplicationShutdown() {
        this.stopped = true;
        for (const wake of this.wakers.values())wake();
        await this.ear?.end().catch(()=>undefined);
        await Promise.all(this.running);
    }
    /** Runs every loop until none has work left. True when any of them did something. */ async turn() {
        let worked = false;
        for (const loop of this.loops)while(await loop.step())worked = true;
        return worked;
    }
    async run(loop) {
        while(!this.isStopped()){
            // Waiting begins before the step looks, so a wake-up while it works is not lost.
            const waiting = this.waitFor(loop);
            try {
                if (await loop.step()) waiting.cancel();
                else await waiting.over;
            } catch (error) {
                waiting.cancel();
                this.log.warn(`${loop.name}: ${String(error)}`);
                await new Promise((resolve)=>setTimeout(resolve, REST_AFTER_ERROR_MS));
            }
        }
    }
    waitFor(loop) {
        let cancel = ()=>undefined;
        const over = new Promise((resolve)=>{
            const timer = setTimeout(resolve, loop.everySeconds * 1000);
            cancel = ()=>{
                clearTimeout(timer);
                resolve();
            };
        });
        this.wakers.set(loop.name, cancel);
        return {
            over,
            cancel
        };
    }
    /** One connection of its own listens; when it breaks, ticks carry the city until it is back. */ async listen() {
        while(!this.isStopped()){
            const ear = new pg.Client({
                connectionString: this.config.databaseUrl,
                connectionTimeoutMillis: 2000,
                keepAlive: true
            });
            try {
                await this.hear(ear);
            } catch (error) {
                if (!this.isStopped()) this.log.warn(`listening: ${String(error)}`);
            }
            if (!this.isStopped()) await new Promise((resolve)=>setTimeout(resolve, RELISTEN_AFTER_MS));
        }
    }
    async hear(ear) {
        const broken = new Promise((resolve)=>{
            ear.on('error', ()=>{
                resolve();
            });
            ear.on('end', ()=>{
                resolve();
            });
        });
        ear.on('notification', ({ channel })=>{
            this.wake(channel);
        });
        await ear.connect();
        this.ear = ear;
        for (const channel of new Set(this.loops.flatMap((loop)=>loop.wokenBy ?? [])))await ear.query(`listen ${channel}`);
        await broken;
    }
    wake(channel) {
        for (const loop of this.loops)if (loop.wokenBy === channel) this.wakers.get(loop.name)?.();
    }
    isStopped() {
        return this.stopped;
    }
}
LoopService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(CITY_CONFIG)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof CityConfig === "undefined" ? Object : CityConfig
    ])
], LoopService);

//# sourceMappingURL=loop.service.js.map
