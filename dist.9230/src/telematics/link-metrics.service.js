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
// What the link between city and scooters counts about itself. No label names a scooter, let alone a person.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { MetricsService } from '../platform/metrics.service.js';
import { follow } from './sequence.js';
export class LinkMetricsService {
    constructor(metrics, clock){
        this.clock = clock;
        /** Only for counting, so it may begin anew with the process. */ this.newest = new Map();
        this.messages = metrics.counter('uplink_messages_total', 'Messages from scooters by kind and what became of them.', [
            'kind',
            'result'
        ]);
        this.said = metrics.counter('scooter_events_total', 'Events scooters told, each counted once.', [
            'kind'
        ]);
        this.receipts = metrics.counter('uplink_receipts_total', 'Receipts to scooters, sent after the commit.', [
            'sent'
        ]);
        this.commands = metrics.counter('commands_total', 'Commands by kind and outcome.', [
            'kind',
            'outcome'
        ]);
        this.roundTrip = metrics.histogram('command_round_trip_seconds', 'Real seconds from sending a command to its answer.', [
            'kind'
        ]);
        this.missed = metrics.counter('uplink_missed_total', 'Message numbers that were jumped over.');
        this.filled = metrics.counter('uplink_filled_total', 'Older message numbers that came after all.');
    }
    message(kind, result) {
        this.messages.inc({
            kind,
            result
        });
    }
    event(kind) {
        this.said.inc({
            kind
        });
    }
    receipt(sent) {
        this.receipts.inc({
            sent: String(sent)
        });
    }
    command(kind, outcome) {
        this.commands.inc({
            kind,
            outcome
        });
    }
    answered(kind, sentAt, receivedAt) {
        if (sentAt) this.roundTrip.observe({
            kind
        }, Math.max(0, receivedAt.getTime() - sentAt.getTime()) / 1000 / this.clock.speed);
    }
    heard(scooterId, said) {
        const { newest, kind, missed } = follow(this.newest.get(scooterId), said);
        this.newest.set(scooterId, newest);
        if (kind === 'gap') this.missed.inc(missed);
        if (kind === 'filled') this.filled.inc();
    }
}
LinkMetricsService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MetricsService === "undefined" ? Object : MetricsService,
        typeof Clock === "undefined" ? Object : Clock
    ])
], LinkMetricsService);

//# sourceMappingURL=link-metrics.service.js.map
