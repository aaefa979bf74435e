// The Stripe objects the stand-in keeps, with the fields of Stripe's own API (2026-10-28), and the way
// it says no. Field names are Stripe's.
import { randomBytes } from 'node:crypto';
/** What Stripe answers when it refuses; `saved` tells whether the idempotency layer remembers it. */ export class StripeNo extends Error {
    constructor(status, error, /** Parameters that fail validation are not remembered: execution never began. */ saved = true){
        super(String(error['message'])), this.status = status, this.error = error, this.saved = saved;
    }
}
export const invalid = (message, code = null, param = null, status = 400)=>new StripeNo(status, {
        type: 'invalid_request_error',
        message,
        ...code && {
            code
        },
        ...param && {
            param
        }
    }, code !== null && status !== 404);
export const newStripeId = (prefix)=>`${prefix}_${randomBytes(12).toString('hex')}`;
/** What leaves the house: everything but the fields the stand-in keeps for itself. */ export function published(object) {
    return Object.fromEntries(Object.entries(object).filter(([name])=>!name.startsWith('_')));
}

//# sourceMappingURL=stand-in-objects.js.map
