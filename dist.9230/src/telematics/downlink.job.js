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
// Sends what was ordered, each command once, and notices when no answer came.
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { OutboxService } from '../platform/outbox.service.js';
import { BrokerClient } from './broker.client.js';
import { CommandEntity } from './command.entity.js';
import { LinkMetricsService } from './link-metrics.service.js';
import { ScooterCredentialEntity } from './scooter-credential.entity.js';
import { signCommand, topics } from './wire.js';
const AT_ONCE = 50;
/** Real seconds an answer may be under way after the scooter's own deadline. */ const GRACE_SECONDS = 2;
export class DownlinkJob {
    constructor(db, clock, broker, outbox, metrics){
        this.db = db;
        this.clock = clock;
        this.broker = broker;
        this.outbox = outbox;
        this.metrics = metrics;
    }
    /** Kept apart from the constructor, which has all the arguments it may have. */ join(loops) {
        loops.add({
            name: 'commands.send',
            everySeconds: 1,
            wokenBy: 'commands',
            step: ()=>this.send()
        });
        loops.add({
            name: 'commands.expire',
            everySeconds: 1,
            step: ()=>this.expire()
        });
    }
    /**
   * The row says "sent" before the message leaves, so that a crash between the two loses a command, which
   * we find out, rather than sends one twice. It is never sent again: the rider asks anew.
   */ async send() {
        const claimed = await this.db.transaction((tx)=>this.claim(tx));
        const left = await Promise.all(claimed.map((one)=>this.publish(one)));
        const stayed = claimed.filter((_, index)=>left[index] === false).map(({ command })=>command);
        if (stayed.length > 0) await this.db.transaction((tx)=>this.expireThese(tx, stayed));
        return claimed.length > 0;
    }
    async claim(tx) {
        const now = this.clock.now();
        const commands = await tx.createQueryBuilder(CommandEntity, 'command').where(`command.state = 'queued' and command.notAfter > :now`, {
            now
        }).orderBy('command.createdAt').addOrderBy('command.nonce').limit(AT_ONCE).setLock('pessimistic_write').setOnLocked('skip_locked').getMany();
        if (commands.length === 0) return [];
        const credentials = await tx.findBy(ScooterCredentialEntity, {
            scooterId: In(commands.map(({ scooterId })=>scooterId))
        });
        const keys = new Map(credentials.map(({ scooterId, commandKey })=>[
                scooterId,
                commandKey
            ]));
        await tx.update(CommandEntity, {
            id: In(commands.map(({ id })=>id))
        }, {
            state: 'sent',
            sentAt: now
        });
        return commands.flatMap((command)=>{
            const keyHex = keys.get(command.scooterId);
            return keyHex === undefined ? [] : [
                {
                    command,
                    keyHex
                }
            ];
        });
    }
    publish({ command, keyHex }) {
        const { id, scooterId, kind, nonce, notAfter } = command;
        const signed = signCommand(keyHex, {
            commandId: id,
            scooterId,
            kind,
            nonce,
            notAfter: notAfter.getTime()
        });
        this.metrics.command(kind, 'sent');
        return this.broker.publish(topics.commandsTo(scooterId), signed);
    }
    /** Nobody answered. What happened out there is unknown, and stays so until the scooter speaks. */ expire() {
        return this.db.transaction(async (tx)=>{
            const silent = await tx.createQueryBuilder(CommandEntity, 'command').where(`command.state in ('queued', 'sent') and command.notAfter < :due`, {
                due: this.clock.inReal(-GRACE_SECONDS)
            }).orderBy('command.notAfter').limit(AT_ONCE).setLock('pessimistic_write').setOnLocked('skip_locked').getMany();
            await this.expireThese(tx, silent);
            return silent.length > 0;
        });
    }
    async expireThese(tx, commands) {
        for (const { id, scooterId, kind } of commands){
            const { affected } = await tx.update(CommandEntity, {
                id,
                state: In([
                    'queued',
                    'sent'
                ])
            }, {
                state: 'expired'
            });
            if (!affected) continue;
            await this.outbox.publish(tx, 'command.expired', scooterId, {
                commandId: id,
                scooterId,
                kind
            });
            this.metrics.command(kind, 'expired');
        }
    }
}
DownlinkJob = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource,
        typeof Clock === "undefined" ? Object : Clock,
        typeof BrokerClient === "undefined" ? Object : BrokerClient,
        typeof OutboxService === "undefined" ? Object : OutboxService,
        typeof LinkMetricsService === "undefined" ? Object : LinkMetricsService
    ])
], DownlinkJob);

//# sourceMappingURL=downlink.job.js.map
