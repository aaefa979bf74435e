// Who may come through a door: an audience, and for staff of the control room which roles.
import { SetMetadata } from '@nestjs/common';
export const ALLOWED = 'roue-libre:allowed';
/** `@Allow('rider')`, `@Allow('operator', ['admin'])`, `@Allow('anyone')`. A route without it is closed to all. */ export const Allow = (audience, roles)=>SetMetadata(ALLOWED, roles ? {
        audience,
        roles
    } : {
        audience
    });

//# sourceMappingURL=allow.decorator.js.map
