// One guard for every door. It fails closed: a route that does not say whom it is for lets nobody in.
import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../actor.js';
import { invariant } from '../assert.js';
import { Refusal } from '../refusal.js';
import { SessionsService } from '../sessions.service.js';
import { ALLOWED, type Allowed } from './allow.decorator.js';
import { wishOf } from './once-per-key.decorator.js';

/** `hasClaimed`: the key of this request was claimed in the same breath in which the session was read. */
export type CityRequest = FastifyRequest & { actor?: Actor; hasClaimed?: boolean };

@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const allowed = this.reflector.getAllAndOverride<Allowed | undefined>(ALLOWED, [context.getHandler(), context.getClass()]);
    if (!allowed) throw new Refusal('not_for_you');
    if (allowed.audience === 'anyone') return true;
    const request = context.switchToHttp().getRequest<CityRequest>();
    const token = /^Bearer ([\w-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1];
    // Doors for some roles only are asked in two steps: who may not come in claims nothing.
    const wish = token && !allowed.roles ? wishOf(this.reflector, context) : null;
    const { actor, hasClaimed } = token ? await this.sessions.whoHolds(token, wish && { ...wish, audience: allowed.audience }) : NOBODY;
    if (!actor) throw new Refusal('signed_out');
    if (actor.audience !== allowed.audience) throw new Refusal('not_for_you');
    if (allowed.roles && (actor.audience !== 'operator' || !allowed.roles.includes(actor.role))) throw new Refusal('not_for_you');
    request.actor = actor;
    request.hasClaimed = hasClaimed;
    return true;
  }
}

const NOBODY = { actor: null, hasClaimed: false };

const actorOf = (context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<CityRequest>();
  invariant(actor !== undefined, 'a door that names its visitor is guarded');
  return actor;
};

/** The rider who asks; only behind `@Allow('rider')`. */
export const TheRider = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const actor = actorOf(context);
  invariant(actor.audience === 'rider', 'this door is for riders');
  return actor;
});

/** The member of a crew who asks; only behind `@Allow('crew')`. */
export const TheCrew = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const actor = actorOf(context);
  invariant(actor.audience === 'crew', 'this door is for crews');
  return actor;
});

/** The person in the control room; only behind `@Allow('operator')`. */
export const TheOperator = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const actor = actorOf(context);
  invariant(actor.audience === 'operator', 'this door is for operators');
  return actor;
});
