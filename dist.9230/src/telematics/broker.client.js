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
// The line to the broker: connects, subscribes, publishes, comes back after a break. It decides nothing.
// Two connections, so that commands and lock events never stand behind a pile of telemetry.
import { Inject, Injectable, Logger } from '@nestjs/common';
import mqtt from 'mqtt';
import { randomInt } from 'node:crypto';
import { CITY_CONFIG } from '../platform/config.provider.js';
import { ReadinessService } from '../platform/readiness.service.js';
import { topics } from './wire.js';
/** Real milliseconds between two tries; random, so that replicas do not knock all at once. */ const RETRY_MS = {
    least: 250,
    most: 1500
};
const KEEPALIVE_SECONDS = 15;
const CONNECT_TIMEOUT_MS = 5000;
const urgentTopics = {
    [topics.everyEvent]: {
        qos: 1
    },
    [topics.everyPresence]: {
        qos: 1
    }
};
const telemetryTopics = {
    [topics.everyTelemetry]: {
        qos: 0
    }
};
export class BrokerClient {
    constructor(config, readiness){
        this.config = config;
        this.log = new Logger(BrokerClient.name);
        this.links = new Map();
        this.hearer = null;
        this.whenBack = null;
        readiness.add('broker', ()=>Promise.resolve(this.isListening ? null : 'not connected'));
    }
    /** Whether a message sent now goes out now. */ get isConnected() {
        return this.links.get('urgent')?.client.connected ?? false;
    }
    get isListening() {
        return this.links.size === 2 && [
            ...this.links.values()
        ].every(({ client, subscribed })=>client.connected && subscribed);
    }
    /** One hearer for all that comes up; `whenBack` is called each time we listen again. */ hear(hearer, whenBack) {
        this.hearer = hearer;
        this.whenBack = whenBack;
    }
    /** In the background: the city starts without its broker and says so at /health/ready. */ onApplicationBootstrap() {
        this.open('urgent', urgentTopics);
        this.open('telemetry', telemetryTopics);
    }
    async onModuleDestroy() {
        await Promise.all([
            ...this.links.values()
        ].map(({ client })=>client.endAsync(true)));
    }
    /**
   * QoS 0, never retained, and only when the line is up this very moment: what cannot leave now must
   * never leave later (an unlock that arrives late opens a scooter for nobody). False: it did not leave.
   */ publish(topic, message) {
        const client = this.links.get('urgent')?.client;
        if (!client?.connected) return Promise.resolve(false);
        return new Promise((resolve)=>{
            client.publish(topic, JSON.stringify(message), {
                qos: 0,
                retain: false
            }, (error)=>{
                resolve(!error);
            });
        });
    }
    /**
   * A clean session, although the broker then forgets what it could not deliver while we were away: the
   * broker's memory proves nothing anyway (a PUBACK does not survive a killed Mosquitto, and a full queue
   * drops in silence). A scooter keeps each event until our receipt, which we send after the commit, and
   * says the rest anew when we say hello.
   */ open(name, subscriptions) {
        const { username, password } = new URL(this.config.mqttUrl);
        const client = mqtt.connect(this.config.mqttUrl, {
            protocolVersion: 4,
            clean: true,
            clientId: `service-${name}-${randomInt(2 ** 40).toString(36)}`,
            ...username && {
                username: decodeURIComponent(username)
            },
            ...password && {
                password: decodeURIComponent(password)
            },
            keepalive: KEEPALIVE_SECONDS,
            connectTimeout: CONNECT_TIMEOUT_MS,
            reconnectPeriod: RETRY_MS.least,
            reconnectOnConnackError: true,
            resubscribe: false,
            queueQoSZero: false
        });
        const link = {
            client,
            subscribed: false
        };
        this.links.set(name, link);
        client.handleMessage = ({ topic, payload }, done)=>{
            const heard = this.hearer?.(topic, Buffer.from(payload)) ?? Promise.resolve();
            heard.then(()=>{
                done();
            }, ()=>{
                done();
            });
        };
        client.on('connect', ()=>{
            // Nagle's algorithm and delayed acknowledgements together cost 44 ms each way.
            if ('setNoDelay' in client.stream && typeof client.stream.setNoDelay === 'function') client.stream.setNoDelay(true);
            client.subscribe(subscriptions, (error, granted)=>{
                link.subscribed = !error && (granted ?? []).every(({ qos })=>qos !== 128);
                if (!link.subscribed) this.log.error(`${name}: the broker does not let us listen`);
                if (this.isListening) this.sayWeAreBack();
            });
        });
        client.on('close', ()=>{
            if (link.subscribed) this.log.warn(`${name}: the line to the broker is down`);
            link.subscribed = false;
            client.options.reconnectPeriod = randomInt(RETRY_MS.least, RETRY_MS.most);
        });
        // Each failed try ends here and then in `close`; the probe tells it, a log line per try would drown the rest.
        client.on('error', (error)=>{
            this.log.debug(`${name}: ${error.message}`);
        });
    }
    sayWeAreBack() {
        this.log.log('listening to the scooters');
        this.whenBack?.();
    }
}
BrokerClient = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(CITY_CONFIG)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof CityConfig === "undefined" ? Object : CityConfig,
        typeof ReadinessService === "undefined" ? Object : ReadinessService
    ])
], BrokerClient);

//# sourceMappingURL=broker.client.js.map
