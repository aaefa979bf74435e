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
// One guard for every door. It fails closed: a route that does not say whom it is for lets nobody in.
import { createParamDecorator, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { invariant } from '../assert.js';
import { Refusal } from '../refusal.js';
import { SessionsService } from '../sessions.service.js';
import { ALLOWED } from './allow.decorator.js';
export class AuthGuard {
    constructor(reflector, sessions){
        this.reflector = reflector;
        this.sessions = sessions;
    }
    async canActivate(context) {
        const allowed = this.reflector.getAllAndOverride(ALLOWED, [
            context.getHandler(),
            context.getClass()
        ]);
        if (!allowed) throw new Refusal('not_for_you');
        if (allowed.audience === 'anyone') return true;
        const request = context.switchToHttp().getRequest();
        const token = /^Bearer ([\w-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1];
        const actor = token ? await this.sessions.whoHolds(token) : null;
        if (!actor) throw new Refusal('signed_out');
        if (actor.audience !== allowed.audience) throw new Refusal('not_for_you');
        if (allowed.roles && (actor.audience !== 'operator' || !allowed.roles.includes(actor.role))) throw new Refusal('not_for_you');
        request.actor = actor;
        return true;
    }
}
AuthGuard = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Reflector === "undefined" ? Object : Reflector,
        typeof SessionsService === "undefined" ? Object : SessionsService
    ])
], AuthGuard);
const actorOf = (context)=>{
    const { actor } = context.switchToHttp().getRequest();
    invariant(actor !== undefined, 'a door that names its visitor is guarded');
    return actor;
};
/** The rider who asks; only behind `@Allow('rider')`. */ export const TheRider = createParamDecorator((_data, context)=>{
    const actor = actorOf(context);
    invariant(actor.audience === 'rider', 'this door is for riders');
    return actor;
});
/** The member of a crew who asks; only behind `@Allow('crew')`. */ export const TheCrew = createParamDecorator((_data, context)=>{
    const actor = actorOf(context);
    invariant(actor.audience === 'crew', 'this door is for crews');
    return actor;
});
/** The person in the control room; only behind `@Allow('operator')`. */ export const TheOperator = createParamDecorator((_data, context)=>{
    const actor = actorOf(context);
    invariant(actor.audience === 'operator', 'this door is for operators');
    return actor;
});

//# sourceMappingURL=auth.guard.js.map
