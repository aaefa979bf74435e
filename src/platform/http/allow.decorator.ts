// Who may come through a door: an audience, and for staff of the control room which roles.
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { Audience, StaffRole } from '../actor.js';

export const ALLOWED = 'roue-libre:allowed';

export type Allowed =
  | { readonly audience: 'anyone' }
  | { readonly audience: Audience; readonly roles?: readonly StaffRole[] };

/** `@Allow('rider')`, `@Allow('operator', ['admin'])`, `@Allow('anyone')`. A route without it is closed to all. */
export const Allow = (audience: Allowed['audience'], roles?: readonly StaffRole[]) =>
  applyDecorators(SetMetadata(ALLOWED, roles ? { audience, roles } : { audience }), ...(audience === 'anyone' ? [] : [ApiBearerAuth()]));
