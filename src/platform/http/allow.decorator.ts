// Who may come through a door: an audience, and for staff of the control room which roles.
import { SetMetadata } from '@nestjs/common';
import type { Audience, StaffRole } from '../actor.js';

export const ALLOWED = 'roue-libre:allowed';

export type Allowed =
  | { readonly audience: 'anyone' }
  | { readonly audience: Audience; readonly roles?: readonly StaffRole[] };

/** `@Allow('rider')`, `@Allow('operator', ['admin'])`, `@Allow('anyone')`. A route without it is closed to all. */
export const Allow = (audience: Allowed['audience'], roles?: readonly StaffRole[]) =>
  SetMetadata(ALLOWED, roles ? { audience, roles } : { audience });
